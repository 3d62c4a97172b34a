// What the script adds to pages of the console, in Chromium: local times as text beside those in UTC, in a time zone that has
// others, and buttons that copy, each with a name of its own. With them too, each page passes the rules of axe-core and fits its
// window, and the columns of the list of clients stay about as wide.
//
// In: CHROMIUM (its path) ISSUER PICTURES (a folder) CONSOLE (the link into the console). Out: { times, buttons }: how many were
// checked.

import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { chromium } from 'playwright-core'

const { CHROMIUM, ISSUER, PICTURES, CONSOLE } = process.env
const axe = readFileSync(new URL('node_modules/axe-core/axe.min.js', import.meta.url), 'utf8')
const ZONE = 'Europe/Berlin'
const launch = () => chromium.launch({ executablePath: CHROMIUM, args: ['--disable-gpu', '--no-first-run', '--disable-sync'] })
const browser = await launch().catch(launch)

/** A page in a time zone, signed in, and its account's path. */
async function signedIn(timezoneId) {
  const context = await browser.newContext({ timezoneId, permissions: ['clipboard-read', 'clipboard-write'] })
  const page = await context.newPage()
  await page.goto(new URL(CONSOLE, ISSUER).href)
  return { page, account: new URL(page.url()).pathname }
}

/** The times of the page: the machine's, what is seen of each, and what the script has added. */
const timesOf = (page) =>
  page.locator('main time').evaluateAll((times) =>
    times.map((time) => ({ at: time.dateTime, text: time.innerText, local: time.querySelector('small')?.innerText })))

const widthOfEnds = (page) => page.locator('thead th').nth(4).evaluate((head) => head.getBoundingClientRect().width)

/** The name of the zone at an instant: it has summer time. */
const zoneAt = (at) =>
  new Intl.DateTimeFormat('en', { timeZone: ZONE, timeZoneName: 'short' })
    .formatToParts(new Date(at)).find(({ type }) => type === 'timeZoneName').value

let times = 0
const { page, account } = await signedIn(ZONE)
for (const path of [account, `${account}/clients`, `${account}/expiries`, `${account}/audit`, '/console/me']) {
  await page.goto(new URL(path, ISSUER).href)
  const name = path.split('/').pop()
  for (const { at, text, local } of await timesOf(page)) {
    const [day, clock] = new Date(at).toLocaleString('sv', { timeZone: ZONE, dateStyle: 'short', timeStyle: 'short' }).split(' ')
    const isShown = text.includes(day) && local?.endsWith(`${clock} ${zoneAt(at)}`)
    if (!isShown) throw new Error(`${path}: ${at} is ${day} ${clock} there, not ${local} of ${text}`)
    times += 1
  }
  await page.evaluate(axe)
  for (const width of [1280, 390, 320]) {
    await page.setViewportSize({ width, height: 800 })
    await page.screenshot({ path: join(PICTURES, `${name}-${width}.png`), fullPage: true })
    const [wide, window] = await page.evaluate(() => [document.documentElement.scrollWidth, innerWidth])
    if (wide > window) throw new Error(`${path} is ${wide} pixels wide, in a window of ${window}`)
    const { violations } = await page.evaluate(() => globalThis.axe.run())
    if (violations.length) throw new Error(`${path}: ${violations.map(({ help, nodes }) => `${help}: ${nodes.map((it) => it.html)}`)}`)
  }
  await page.setViewportSize({ width: 1280, height: 800 })
}

await page.goto(new URL(`${account}/clients`, ISSUER).href)
const rows = await page.locator('tbody tr').evaluateAll((rows) =>
  rows.map((row) => ({ client: row.querySelector('bdi').innerText, id: row.querySelector('code').innerText })))
for (const { client, id } of rows) {
  const button = page.locator('tr', { hasText: id }).getByRole('button', { name: `Copy the client id of ${client}`, exact: true })
  await button.click()
  const copied = await page.evaluate(() => navigator.clipboard.readText())
  if (copied !== id) throw new Error(`${client}: ${copied} is copied, not ${id}`)
  await page.locator('tr', { hasText: id }).getByText('Copied', { exact: true }).waitFor()
  await button.waitFor()
}

const utc = await signedIn('UTC')
await utc.page.goto(new URL(`${account}/clients`, ISSUER).href)
const added = (await timesOf(utc.page)).filter(({ local }) => local)
if (added.length) throw new Error(`local times in UTC: ${JSON.stringify(added)}`)
const [wide, usual] = [await widthOfEnds(page), await widthOfEnds(utc.page)]
if (wide > usual + 32) throw new Error(`the column of ends is ${wide} pixels wide, not ${usual}`)
await browser.close()
console.log(JSON.stringify({ times, buttons: rows.length }))
