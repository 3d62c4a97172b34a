// An administrator at the console, in Chromium with script off: creates a client and gets a token with its secret, mends a
// form, rotates the secret while a program goes on, changes permissions, duplicates, disables, enables and deletes.
//
// In: CHROMIUM (its path) ISSUER PICTURES (a folder) CONSOLE (the link into the console) PROFILE (an empty folder for the
// browser's profile). Out: { pages, secrets }: how many pages were checked, and the secrets that were shown.

import { generateKeyPairSync, randomUUID, sign } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { checked, close, person } from './journey.mjs'

const { ISSUER, CONSOLE, PROFILE } = process.env
const { context, page, button, link, press, follow, at } = await person(PROFILE)
const secrets = []

/** The secret of the page, and its client. */
async function credentials() {
  await page.getByText('Show', { exact: true }).click()
  const secret = await page.getByText(/^lks_/).innerText()
  const id = await page.getByText(/^lk_/).first().innerText()
  secrets.push(secret)
  return { id, secret }
}

async function token(headers, more) {
  const body = new URLSearchParams({ grant_type: 'client_credentials', ...more })
  return (await fetch(`${ISSUER}/oauth/token`, { method: 'POST', headers, body })).ok
}

/** Whether the program that holds these credentials gets a token. */
const works = ({ id, secret }) =>
  token({ authorization: `Basic ${Buffer.from(`${id}:${secret}`).toString('base64')}` })

/** Whether the program that holds this key does. */
async function signs(id, key) {
  const now = Math.floor(Date.now() / 1000)
  const claims = { iss: id, sub: id, aud: ISSUER, iat: now, exp: now + 60, jti: randomUUID() }
  const parts = [{ alg: 'ES256' }, claims].map((part) => Buffer.from(JSON.stringify(part)).toString('base64url'))
  const signature = sign('sha256', Buffer.from(parts.join('.')), { key, dsaEncoding: 'ieee-p1363' })
  return token({}, {
    client_id: id,
    client_assertion: `${parts.join('.')}.${signature.toString('base64url')}`,
    client_assertion_type: 'urn:ietf:params:oauth:client-assertion-type:jwt-bearer',
  })
}
const keyPair = () => generateKeyPairSync('ec', { namedCurve: 'P-256', publicKeyEncoding: { type: 'spki', format: 'pem' } })
const must = (holds, what) => {
  if (!holds) throw new Error(what)
}
const leave = async () => {
  await page.getByLabel('I have saved the secret').check()
  await press('Done')
}

// By keyboard: the first stop is the link to the content, and it leads there.
await page.goto(new URL(CONSOLE, ISSUER).href)
await page.keyboard.press('Tab')
must(await link('Skip to the content').evaluate((it) => it === document.activeElement), 'the first stop is the skip link')
await page.keyboard.press('Enter')
must(await page.evaluate(() => document.activeElement.id === 'content'), 'it leads to the content')

// A client, from nothing to its first token. What is wrong is said, and nothing is lost.
await follow('API clients')
await follow('New API client')
await at('What is it? You can change most of it later.', 'kinds')
await page.getByRole('link', { name: /^A program with a secret/ }).click()
await page.getByLabel('Name client_name').fill('Warehouse')
await page.getByLabel('Read orders', { exact: false }).first().check()
await page.getByText('More settings', { exact: false }).click()
await page.getByLabel('Allowed addresses').fill('300.1.1.1')
await press('Create API client')
await at('Some fields need another look', 'errors')
must(await page.locator('#problems').evaluate((it) => it === document.activeElement), 'the summary has the focus')
await page.getByRole('alert').getByRole('link', { name: 'Allowed addresses' }).click()
must(await page.getByLabel('Allowed addresses').evaluate((it) => it === document.activeElement), 'the summary leads to the field')
must((await page.getByLabel('Name client_name').inputValue()) === 'Warehouse', 'the name is kept')
await page.getByLabel('Allowed addresses').fill('')
await press('Create API client')
await at('Save these credentials now', 'credentials')
const first = await credentials()
await at('Save these credentials now', 'credentials-open')
await press('Test now')
await at('The secret works.', 'tested')
const [download] = await Promise.all([page.waitForEvent('download'), button('JSON').click()])
must(readFileSync(await download.path(), 'utf8').includes(first.secret), 'the file has the secret')
await press('Done')
await at('Save it before you go on', 'not-saved')
await leave()
await at('Warehouse', 'client')
must(await works(first), 'the secret works at once')

// A rotation, while the program goes on with either secret.
await follow('Replace the secret')
await at('Add a second secret', 'rotate-add')
await press('Add a second secret')
await at('Save these credentials now', 'rotate-credentials')
const second = await credentials()
await leave()
must((await works(first)) && (await works(second)), 'both secrets work')
await page.reload()
await at('Some of your programs still use the old secret', 'rotate-watch')
await press('Pause it first')
await at('is paused', 'rotate-paused')
must(!(await works(first)) && (await works(second)), 'the old one is paused')
await press('Resume')
must(await works(first), 'pausing can be taken back')
await follow('Revoke it now')
await at('This cannot be undone', 'revoke')
await page.getByLabel(/Type its last four characters/).fill(first.secret.slice(-4))
await press(`Revoke …${first.secret.slice(-4)}`)
must(!(await works(first)) && (await works(second)), 'only the new one works')

// What it may call, with a review.
await follow('Permissions')
await page.getByLabel('Refund payments', { exact: false }).first().check()
await press('Review the change')
await at('Refund payments', 'permissions-review')
await press('Save')
await at('The permissions are saved.', 'permissions-saved')

// Details, a copy, and the end.
await follow('Warehouse')
await follow('Edit details')
await page.getByLabel('Name client_name').fill('Warehouse & sons')
await press('Save')
await at('Warehouse & sons', 'edited')
await follow('Duplicate')
await at('are not copied', 'duplicate')
await press('Create API client')
await at('Save these credentials now', 'duplicate-credentials')
await credentials()
await leave()
await follow('Disable')
await at('Disable Copy of Warehouse & sons?', 'disable')
await press('Disable')
await at('Disabled. It gets no more tokens.', 'disabled')
await follow('Enable')
await press('Enable')
await follow('Delete')
await page.getByLabel(/Type the name/).fill('Copy of Warehouse & sons')
await press('Delete for ever')
await at('Deleted.', 'deleted')
// A program with a key of its own: a file, then replaced by another one.
await follow('New API client')
await page.getByRole('link', { name: /^A program with its own key/ }).click()
await at('Its key', 'new-key')
const [firstKey, uploaded] = [keyPair(), keyPair()]
await page.getByLabel('Name client_name').fill('Signer')
await page.getByLabel('Read orders', { exact: false }).first().check()
await page.getByLabel('File', { exact: true }).setInputFiles({ name: 'client.pem', mimeType: 'application/x-pem-file', buffer: Buffer.from(firstKey.publicKey) })
await press('Create API client')
await at('Your API client is ready', 'key-ready')
const signer = await page.getByText(/^lk_/).first().innerText()
must(await signs(signer, firstKey.privateKey), 'the key works at once')
await follow('Go to the client')
await follow('Credentials')
await follow('Change keys and platforms')
await at('Replace its keys', 'keys')
await page.getByRole('link', { name: /^File or text of a key/ }).click()
await at('The new keys replace these at once', 'upload')
await page.getByLabel('File', { exact: true }).setInputFiles({ name: 'client.pem', mimeType: 'application/x-pem-file', buffer: Buffer.from(uploaded.publicKey) })
await press('Replace keys')
await at('The keys are saved.', 'keys-saved')
must(await signs(signer, uploaded.privateKey), 'the new key works at once')
must(!(await signs(signer, firstKey.privateKey)), 'the old one does not')
await context.close()
await close()
console.log(JSON.stringify({ pages: checked(), secrets }))
