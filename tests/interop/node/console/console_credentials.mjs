// The credentials of new clients in Chromium, with script: they are copied without being shown, and neither Back nor a reload
// brings a secret back.
//
// In: CHROMIUM (its path) ISSUER PICTURES (a folder) CONSOLE (the link into the console). Out: { pages }: how many pages were
// checked.

import { checked, close, person } from './journey.mjs'

const { ISSUER, CONSOLE } = process.env
const permissions = ['clipboard-read', 'clipboard-write']
const { page, press, follow, at } = await person(undefined, { javaScriptEnabled: true, permissions })
const must = (holds, what) => {
  if (!holds) throw new Error(what)
}
const row = (name) => page.locator('.facts > div', { has: page.locator('dt', { hasText: name }) })
const closed = async (details) => !(await details.evaluate((it) => it.open))

/** Presses the button of a row: the text is in the clipboard, and the page says so for two seconds. */
async function copies(name, text) {
  const button = row(name).getByRole('button', { name: 'Copy', exact: true })
  await button.click()
  await row(name).getByRole('status').getByText('Copied', { exact: true }).waitFor()
  const copied = await page.evaluate(() => navigator.clipboard.readText())
  must(copied === text, `${name}: ${copied} was copied, not ${text}`)
  await button.waitFor()
}

await page.goto(new URL(CONSOLE, ISSUER).href)
await follow('API clients')
await follow('New API client')
await page.getByRole('link', { name: /^A program with a secret/ }).click()
await page.getByLabel('Name client_name').fill('Warehouse')
await press('Create API client')
await at('Save these credentials now', 'credentials')
const id = await row('client_id').locator('code.id').innerText()
const secret = await row('client_secret').locator('details code').textContent()
must(/^lk_/.test(id) && /^lks_/.test(secret), `${id} has a secret`)
const details = row('client_secret').locator('details')
must(await closed(details), 'the secret is not shown')
await copies('client_id', id)
await copies('client_secret', secret)
await copies('Token URL', `${ISSUER}/oauth/token`)
must(await closed(details), 'nor is it afterwards')
await page.getByLabel('I have saved the secret').check()
await press('Done')
await page.getByRole('heading', { name: 'Warehouse', level: 1 }).waitFor()

/** What the page holds once it is there: after an error of the browser, its own page comes a moment later. */
async function content(tries = 50) {
  return page.content().catch(async (error) => {
    if (tries === 0) throw error
    await page.waitForTimeout(100)
    return content(tries - 1)
  })
}

// Chromium asks before it sends a form again, and a program gets an error for that.
await page.goBack().catch(() => {})
must(!(await content()).includes(secret), 'Back does not bring it back')
await page.reload()
await at('The secret was shown already', 'shown-already')
must(!(await content()).includes(secret), 'nor does a reload')
must((await row('client_id').locator('code.id').innerText()) === id, 'it is the same client')
await follow('Make a new secret')
await at('Add a second secret', 'new-secret')

// A client that has none.
await follow('API clients')
await follow('New API client')
await page.getByRole('link', { name: /^A workload without a secret/ }).click()
await page.getByRole('link', { name: /^GitHub Actions/ }).click()
await page.getByLabel('Name client_name').fill('Deploy')
await page.getByLabel('Owner', { exact: true }).fill('acme')
await page.getByLabel('Repository', { exact: true }).fill('shop')
await page.getByLabel('Name of the branch', { exact: false }).fill('main')
await press('Create API client')
await at('What the platform’s token must have', 'platform')
await copies('sub', 'repo:acme/shop:ref:refs/heads/main')
await follow('Go to the client')
await follow('Credentials')
await at('repo:acme/shop:ref:refs/heads/main', 'platform-credentials')
await follow('Change keys and platforms')
await at('repo:acme/shop:ref:refs/heads/main', 'platform-keys')
await page.getByRole('link', { name: /^Remove/ }).click()
await at('Remove this?', 'platform-remove')
await close()
console.log(JSON.stringify({ pages: checked() }))
