// An administrator looks at every page of the console that a link leads to, in Chromium: on a phone, in a narrow and in a wide
// window, in light, dark and forced colours. Fails on a page that is wider than its window, that breaks a rule of axe-core,
// that is larger than 60 KB, or that asks another host for something.
//
// In: CHROMIUM (its path) ISSUER PICTURES (a folder) CONSOLE (the link into the console) WANTED (a regular expression of the paths
// to look at). Out: { pages }: the paths seen.

import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { chromium } from 'playwright-core'

const { CHROMIUM, ISSUER, PICTURES, CONSOLE } = process.env
const wanted = new RegExp(process.env.WANTED)
const axe = readFileSync(new URL('node_modules/axe-core/axe.min.js', import.meta.url), 'utf8')
const MAX_PAGES = 150
const MAX_BYTES = 60_000
// Pages of the same kind that are looked at. Clients differ much; the pages below them less.
const ofAKind = (kind) => (/(clients|platforms)\/\*$/.test(kind) ? 2 : 1)

const views = [
  { name: 'desktop-light', width: 1280, colorScheme: 'light', pictured: true, ruled: true },
  { name: 'desktop-dark', width: 1280, colorScheme: 'dark', pictured: true },
  { name: 'phone-light', width: 390, colorScheme: 'light', pictured: true },
  { name: 'phone-dark', width: 390, colorScheme: 'dark', ruled: true },
  { name: 'narrow-forced', width: 320, colorScheme: 'light', forcedColors: 'active', ruled: true },
]

/** The path without what differs between pages of a kind. */
const kindOf = ({ pathname, search }) =>
  pathname
    .replace(/\/(accounts|apis)\/(?!new$)[^/]+/g, '/$1/*')
    .replace(/\/clients\/lk_[^/]+/, '/clients/*')
    .replace(/\/(secrets|remove|platforms)\/[^/]+/, '/$1/*') +
  (search ? `?${new URLSearchParams(search).get('template') ?? ''}` : '')

const launch = () => chromium.launch({ executablePath: CHROMIUM, args: ['--disable-gpu', '--no-first-run', '--disable-sync'] })
const browser = await launch().catch(launch)
const context = await browser.newContext()
const page = await context.newPage()
page.on('request', (request) => {
  const url = request.url()
  if (!url.startsWith(ISSUER) && !url.startsWith('data:')) throw new Error(`${page.url()} asks for ${url}`)
})

/** Checks the page in one view. */
async function check({ name, width, pictured, ruled, ...media }, path) {
  await page.setViewportSize({ width, height: 800 })
  await page.emulateMedia({ forcedColors: 'none', ...media })
  const [wide, window] = await page.evaluate(() => [document.documentElement.scrollWidth, innerWidth])
  if (wide > window) throw new Error(`${path} is ${wide} pixels wide, in a window of ${window}`)
  const { violations } = ruled ? await page.evaluate(() => globalThis.axe.run()) : { violations: [] }
  if (violations.length) {
    const found = violations.map(({ impact, help, nodes }) => `${impact}: ${help}: ${nodes.map((it) => it.html)}`)
    throw new Error(`${path}, ${name}: ${found.join('; ')}`)
  }
  const file = path.replace(ISSUER, '').replaceAll(/[^A-Za-z0-9]+/g, '-').slice(1, 100)
  if (pictured) await page.screenshot({ path: join(PICTURES, `${file}-${name}.png`), fullPage: true })
}

const seen = new Map()
const waiting = [CONSOLE]
const pages = []
while (waiting.length) {
  if (pages.length === MAX_PAGES) throw new Error(`there are more than ${MAX_PAGES} kinds of pages`)
  const url = new URL(waiting.shift(), ISSUER)
  const kind = kindOf(url)
  if ((seen.get(kind) ?? 0) >= ofAKind(kind)) continue
  seen.set(kind, (seen.get(kind) ?? 0) + 1)
  // A page that is loaded in forced colours keeps their ground in pictures of other views.
  await page.emulateMedia({ forcedColors: 'none', colorScheme: 'light' })
  const response = await page.goto(url.href)
  if (response.status() !== 200) throw new Error(`${url}: ${response.status()}`)
  const size = (await response.body()).length
  if (size > MAX_BYTES) throw new Error(`${url} has ${size} bytes`)
  await page.evaluate(axe)
  for (const view of views) await check(view, page.url())
  pages.push(page.url().replace(ISSUER, ''))
  const review = page.locator('button.main[name="step"][value="review"]')
  const all = page.locator('button[name="tick_all"]')
  if ((await review.count()) && (await all.count())) {
    await page.emulateMedia({ forcedColors: 'none', colorScheme: 'light' })
    await all.first().click()
    await review.click()
    await page.evaluate(axe)
    for (const view of views) await check(view, `${url.href}/review`)
    await page.goto(url.href)
  }
  const links = await page.evaluate(() => [...document.querySelectorAll('a[href]:not([download])')].map((link) => link.href))
  for (const link of links) {
    const { origin, pathname, hash } = new URL(link)
    if (origin === ISSUER && wanted.test(pathname) && !hash) waiting.push(link)
  }
}
await browser.close()
console.log(JSON.stringify({ pages }))
