// The pages of creation, credentials, permissions and rotation in each of their states, in Chromium with script off: each passes
// the rules of axe-core in every window.
//
// In: CHROMIUM (its path) ISSUER PICTURES (a folder) PEOPLE (JSON: { email, account, creates, states: [[path, words, picture]] }
// of each). Out: { pages }: how many pages were checked.

import { generateKeyPairSync } from 'node:crypto'
import { checked, close, person, signIn } from './journey.mjs'

const { ISSUER } = process.env
const publicKey = () =>
  generateKeyPairSync('ec', { namedCurve: 'P-256', publicKeyEncoding: { type: 'spki', format: 'pem' } }).publicKey

/** The kinds of client: the query of the form, what is filled in, and what the page of the credentials says. */
const kinds = [
  ['secret', 'secret', {}, 'Save these credentials now'],
  ['secret-again', 'secret', { check: ['The secret can be shown again'] }, 'Save these credentials now'],
  ['secret-disabled', 'secret', { check: ['Later: it is set up now'] }, 'Save these credentials now'],
  ['secret-silent', 'secret', { uncheck: ['Send reminders before it ends'] }, 'Save these credentials now'],
  ['key', 'key', { fill: { public_key_pem: publicKey() } }, 'Your API client is ready'],
  ['server', 'app', { check: ['Yes: the server keeps a secret'], fill: { redirect_uris: 'https://shop.example/cb' } }, 'Save these credentials now'],
  ['public', 'app', { check: ['No: it runs in the browser'], fill: { redirect_uris: 'https://shop.example/cb' } }, 'Your API client is ready'],
  ['blank', 'blank', { check: ['Tokens for itself', 'With a secret that we make'] }, 'Save these credentials now'],
]
const platforms = ['aws', 'github', 'kubernetes', 'google', 'entra', 'other']

async function create({ page, press, at }, account, [name, template, { check = [], uncheck = [], fill = {} }, words]) {
  await page.goto(new URL(`/console/accounts/${account}/clients/new?template=${template}`, ISSUER).href)
  // Of the kinds with the same form, it is checked once.
  const isFirst = kinds.find((kind) => kind[1] === template)[0] === name
  if (isFirst) await at('More settings', `new-${name}`)
  // The browser's own check of required fields is left out, so that the server's is seen.
  const form = () => page.locator('form', { has: page.locator('[name=client_name]') })
  await page.getByLabel('Name client_name').fill(' ')
  const more = page.locator('details', { has: page.locator('[name=allowed_ips]') })
  if (!(await more.evaluate((it) => it.open))) await more.locator('summary').first().click()
  await page.getByLabel('Allowed addresses').fill('300.1.1.1')
  for (const label of check.filter((label) => !label.startsWith('The secret') && !label.startsWith('Later'))) await page.getByLabel(label, { exact: false }).check()
  for (const [field, value] of Object.entries(fill)) await form().locator(`[name=${field}]`).fill(value)
  await press('Create API client')
  if (isFirst) await at('Some fields need another look', `new-${name}-errors`)
  await page.getByLabel('Name client_name').fill(`Kind ${name}`)
  await page.getByLabel('Allowed addresses').fill('')
  for (const label of check) await page.getByLabel(label, { exact: false }).check()
  for (const label of uncheck) await page.getByLabel(label, { exact: false }).first().uncheck()
  for (const [field, value] of Object.entries(fill)) await form().locator(`[name=${field}]`).fill(value)
  await press('Create API client')
  await at(words, `made-${name}`)
}

for (const { email, account, creates, states } of JSON.parse(process.env.PEOPLE)) {
  const someone = await person()
  await someone.page.goto(new URL(`/console/accounts/${account}`, ISSUER).href)
  await signIn(someone, email)
  for (const [path, words, picture] of states) {
    await someone.page.goto(new URL(path, ISSUER).href)
    await someone.at(words, picture)
  }
  if (!creates) continue
  for (const kind of kinds) await create(someone, account, kind)
  for (const platform of platforms) {
    await someone.page.goto(new URL(`/console/accounts/${account}/clients/new?template=workload&platform=${platform}`, ISSUER).href)
    await someone.at('Its identity at the platform', `new-${platform}`)
  }
}
await close()
console.log(JSON.stringify({ pages: checked() }))
