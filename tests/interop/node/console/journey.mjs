// What the journeys at the console share: a browser with script off unless it is asked for, in which everything is found by what the page says (labels,
// roles and names), and the check of each page on the way: the rules of axe-core, no sideways scroll at 320, 390 and 1280 pixels,
// in light, dark and forced colours.

import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { chromium } from 'playwright-core'

const { CHROMIUM, ISSUER, PICTURES } = process.env
const axe = readFileSync(new URL('node_modules/axe-core/axe.min.js', import.meta.url), 'utf8')
const args = ['--disable-gpu', '--no-first-run', '--disable-sync', '--disable-background-networking']
const views = [[1280, {}], [390, { colorScheme: 'dark' }], [320, { forcedColors: 'active' }]]

const launch = () => chromium.launch({ executablePath: CHROMIUM, args })
// Chromium sometimes crashes while it starts, about once in a hundred times. It is launched again once.
const browser = await launch().catch(launch)
// axe-core needs script: it looks at a copy of the page.
const copy = await browser.newPage()
let pages = 0

/** How many pages were checked. */
export const checked = () => pages

/** Closes the browser. */
export const close = () => browser.close()

/** A person with a browser of their own; with its profile in a folder, if there is one. Its script is off, unless more is said. */
export async function person(profile, more = {}) {
  const options = { javaScriptEnabled: false, acceptDownloads: true, ...more }
  const context = profile
    ? await chromium.launchPersistentContext(profile, { executablePath: CHROMIUM, args, ...options })
    : await browser.newContext(options)
  const page = context.pages()[0] ?? (await context.newPage())
  page.setDefaultTimeout(15_000)
  const button = (name) => page.getByRole('button', { name, exact: true })
  const link = (name) => page.getByRole('link', { name, exact: true })
  return {
    context,
    page,
    button,
    link,
    field: (name) => page.getByLabel(name),
    press: async (name) => {
      await button(name).click()
      await page.waitForLoadState()
    },
    follow: async (name) => {
      await link(name).first().click()
      await page.waitForLoadState()
    },
    at: (words, picture) => check(page, words, picture),
  }
}

/** The texts of the mails to an address, the newest first. */
export async function mailsTo(address) {
  const answer = await fetch(`${ISSUER}/_local/mailbox`, { headers: { accept: 'application/json' } })
  const { items } = await answer.json()
  return items.filter(({ to }) => to.includes(address)).map((mail) => mail.text)
}

/** Signs in on the page on which a person is, with the code that is mailed to them. */
export async function signIn({ field, press }, address) {
  await field('E-mail address').fill(address)
  await press('Send me a code')
  const [mail] = await mailsTo(address)
  const code = /\b\d{4} ?\d{4}\b/.exec(mail)?.[0]
  if (!code) throw new Error(`there is no code: ${mail}`)
  await field('Code').fill(code)
  await press('Sign in')
}

/** What the page must say; then it is checked in every view. */
async function check(page, words, picture) {
  await page.getByText(words).first().waitFor().catch(async () => {
    throw new Error(`${picture} does not say ${words}: ${await page.locator('main').innerText()}`)
  })
  await copy.setContent(await page.content())
  await copy.evaluate(axe)
  for (const [width, media] of views) {
    await copy.setViewportSize({ width, height: 800 })
    await copy.emulateMedia({ colorScheme: 'light', forcedColors: 'none', ...media })
    const [wide, window] = await copy.evaluate(() => [document.documentElement.scrollWidth, innerWidth])
    if (wide > window) throw new Error(`${picture} is ${wide} pixels wide, in a window of ${window}`)
    const { violations } = await copy.evaluate(() => globalThis.axe.run())
    if (violations.length) {
      const found = violations.map(({ help, nodes }) => `${help}: ${nodes.map((it) => it.html)}`)
      throw new Error(`${picture}, ${width}: ${found.join('; ')}`)
    }
    if (width > 320) await copy.screenshot({ path: join(PICTURES, `${picture}-${width}.png`), fullPage: true })
  }
  pages += 1
}
