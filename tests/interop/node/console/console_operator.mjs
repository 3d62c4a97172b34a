// The operator at the console, in Chromium with script off: adds an API with its scopes, an account with its first administrator,
// entitles the account, acts in it, finds it by name, and disables it.
//
// In: CHROMIUM (its path) ISSUER PICTURES (a folder) CONSOLE (the link into the console). Out: { pages }: how many were checked.

import { checked, close, person } from './journey.mjs'

const { ISSUER, CONSOLE } = process.env
const { page, field, press, follow, at } = await person()

// An API, whose first form has a mistake, and its scopes.
await page.goto(ISSUER + CONSOLE)
await follow('Operator')
await at('Find an account', 'accounts')
await follow('APIs')
await follow('New API')
await at('What the API compares with aud', 'new-api')
await field('Name resource_name').fill('Invoices')
await field('Id resource_id').fill('in voices')
await field('Audience audience').fill('https://{account_id}.invoices.example')
await field('Service service').fill('invoices')
await press('Review')
await at('Some fields need another look', 'new-api-problem')
await field('Id resource_id').fill('invoices')
await press('Review')
await at('Audience, id, service and stage never change.', 'review-api')
await press('Create the API')
await at('It has no scopes', 'api')
await follow('Add a scope')
await at('What stands in tokens', 'new-scope')
await field('Scope name').fill('invoices:read')
await field('In words description').fill('Read invoices')
await press('Save')
await follow('Import scopes')
await at('OpenAPI document', 'import')
const scopes = { 'invoices:read': 'See invoices', 'invoices:write': 'Write invoices' }
const flows = { clientCredentials: { tokenUrl: `${ISSUER}/oauth/token`, scopes } }
await field('OpenAPI document').fill(JSON.stringify({ components: { securitySchemes: { oauth: { type: 'oauth2', flows } } } }))
await press('Show what it changes')
await at('Now: Read invoices', 'import-review')
await press('Import')
await at('Write invoices', 'api-with-scopes')

// An account with its first administrator, entitled to one scope.
await follow('Accounts')
await follow('New account')
await at('Its first administrator', 'new-account')
await field('Name account_name').fill('Globex Corporation')
await field('Account ID account_id').fill('globex')
await field('E-mail address email').fill('hank@globex.example')
await press('Create the account')
await at('1 of 200 members', 'account')
await follow('Change entitlements')
await at('What this account may allow', 'entitlements')
const api = page.getByRole('group', { name: /^Invoices/ })
await api.getByLabel('Exactly this').check()
await api.getByLabel('See invoices', { exact: false }).check()
await press('Review the change')
await at('It acts within a minute.', 'entitlements-review')
await press('Save the entitlements')
await at('1 API', 'account-entitled')
await follow('Change limits')
await at('An empty field means', 'limits')
await field('API clients clients').fill('3')
await press('Save')
await follow('Change claims')
await at('They stand in every access token', 'claims')
await page.getByRole('group', { name: 'Claim 1' }).getByLabel('Name').fill('merchant_id')
await page.getByRole('group', { name: 'Claim 1' }).getByLabel('Value').fill('4711')
await press('Save')
await at('0 of 3 clients', 'account-limited')

// The operator acts in it, and sees what its members see.
await follow('Enter this account')
await at('as operator', 'entered')
await follow('APIs')
await follow('Invoices')
await at('https://globex.invoices.example', 'api-of-account')

// It is found by the beginning of a word of its name, and disabled.
await follow('Operator')
await field('Find an account').fill('corpo')
await press('Find')
await follow('Globex Corporation')
await follow('Disable the account')
await at('Within a minute none of its clients', 'disable')
await field(/^Type the name/).fill('Globex')
await press('Disable the account')
await at('That is not it. Nothing was changed.', 'disable-problem')
await field(/^Type the name/).fill('Globex Corporation')
await press('Disable the account')
await at('Disabled since', 'disabled')
await close()
console.log(JSON.stringify({ pages: checked() }))
