// The picture that the README opens with: the list of clients in Chromium, as WebP, which is smaller than PNG.
//
// In: CHROMIUM (its path) ISSUER PICTURES (a folder) CONSOLE (the link into the console). Out: { lines }: what can be read in the
// picture, but for ids.

import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { chromium } from 'playwright-core'

const { CHROMIUM, ISSUER, PICTURES, CONSOLE } = process.env
const [width, height] = [1280, 760]
const QUALITY = 0.9
/** Rows of the table in it. */
const ROWS = 6

const launch = () => chromium.launch({ executablePath: CHROMIUM, args: ['--disable-gpu', '--no-first-run', '--disable-sync'] })
const browser = await launch().catch(launch)
const page = await (await browser.newContext({ viewport: { width, height }, colorScheme: 'light' })).newPage()
await page.goto(new URL(CONSOLE, ISSUER).href)
await page.goto(`${page.url()}/clients`)
const texts = async (selector) =>
  (await page.locator(selector).evaluateAll((all) => all.filter((one) => one.checkVisibility()).map((one) => one.innerText.trim().split('\n')[0]))).join(' | ')
const lines = [await texts('header strong, header a'), await texts('h1, a.button, form label'), await texts('thead th')]
for (let row = 1; row <= ROWS; row += 1) lines.push(await texts(`tbody tr:nth-child(${row}) td`))
const png = (await page.screenshot()).toString('base64')
const canvas = await browser.newPage()
const webp = await canvas.evaluate(async ([png, quality]) => {
  const bytes = Uint8Array.from(atob(png), (char) => char.charCodeAt(0))
  const image = await createImageBitmap(new Blob([bytes], { type: 'image/png' }))
  const canvas = Object.assign(document.createElement('canvas'), { width: image.width, height: image.height })
  canvas.getContext('2d').drawImage(image, 0, 0)
  return canvas.toDataURL('image/webp', quality).split(',')[1]
}, [png, QUALITY])
writeFileSync(join(PICTURES, 'console.webp'), Buffer.from(webp, 'base64'))
await browser.close()
console.log(JSON.stringify({ lines }))
