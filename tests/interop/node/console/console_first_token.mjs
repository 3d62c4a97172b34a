// From nothing to a customer's first token, with no terminal, in Chromium with script off: the operator adds an API, a template and
// an account, and invites Ann. Ann accepts from the mail, picks the template, types a URL, saves the secret, and tries it.
//
// In: CHROMIUM (its path) ISSUER PICTURES (a folder) CONSOLE (the operator's link into the console). Out: { pages, secret }: how many
// pages were checked, and the secret.

import { checked, close, mailsTo, person, signIn } from './journey.mjs'

const { ISSUER, CONSOLE } = process.env
const EMAIL = `ann.${Date.now()}@shop.example`

const operator = await person()
await operator.page.goto(ISSUER + CONSOLE)

// An API with a scope.
await operator.follow('Operator')
await operator.follow('APIs')
await operator.follow('New API')
await operator.field('Name resource_name').fill('Payments')
await operator.field('Id resource_id').fill('payments')
await operator.field('Audience audience').fill('https://payments.example')
await operator.field('Service service').fill('payments')
await operator.press('Review')
await operator.press('Create the API')
await operator.follow('Add a scope')
await operator.field('Scope name').fill('payments:create')
await operator.field('In words description').fill('Take payments')
await operator.press('Save')

// A template that asks for a website only.
await operator.follow('Templates')
await operator.at('There are no templates yet', 'templates')
await operator.follow('New template')
await operator.at('What customers see', 'new-template')
await operator.field('Title title').fill('Checkout client')
await operator.field('Summary summary').fill('For a shop that takes payments.')
await operator.field('ID template_id').fill('checkout')
await operator.page.getByRole('group', { name: /^Asks for/ }).getByLabel('Name client_name').uncheck()
await operator.page.getByRole('group', { name: /^Asks for/ }).getByLabel('Website client_uri').check()
await operator.field('Name of the client name_pattern').fill('Checkout client – {client_uri_host}')
await operator.field('Take payments').check()
await operator.page.getByRole('spinbutton', { name: /^Access tokens live/ }).fill('240')
await operator.press('Save template')
await operator.at('Created.', 'template')

// An account with Ann as its first administrator, who is invited.
await operator.follow('Accounts')
await operator.follow('New account')
await operator.field('Name account_name').fill('Shop')
await operator.field('Account ID account_id').fill('shop')
await operator.field('E-mail address email').fill(EMAIL)
await operator.press('Create the account')
await operator.follow('Change entitlements')
await operator.page.getByRole('group', { name: /^Payments/ }).getByLabel('All that is not restricted', { exact: false }).check()
await operator.press('Review the change')
await operator.press('Save the entitlements')
await operator.at('1 API', 'account')

// Ann follows the link of the invitation, and signs in with a code.
const [invitation] = await mailsTo(EMAIL)
const link = new RegExp(`${ISSUER}/\\S*`).exec(invitation)?.[0]
if (!link) throw new Error(`the invitation has no link: ${invitation}`)
const ann = await person()
await ann.page.goto(link)
await signIn(ann, EMAIL)

// A client of the template: a website is all that she types.
await ann.follow('API clients')
await ann.follow('New API client')
await ann.at('For a shop that takes payments.', 'kinds')
await ann.page.getByRole('link', { name: /^Checkout client/ }).click()
await ann.at('What it gets in any case', 'checkout')
await ann.field('Website client_uri').fill('https://shop.example')
await ann.press('Create API client')
await ann.at('Save these credentials now', 'credentials')
await ann.page.getByText('Show', { exact: true }).click()
const secret = await ann.page.getByText(/^lks_/).innerText()

// She tries it: a token would live four hours.
await ann.press('Test now')
await ann.at('payments:create', 'tested')
await ann.field('I have saved the secret').check()
await ann.press('Done')
await ann.at('Checkout client – shop.example', 'client')
await close()
console.log(JSON.stringify({ pages: checked(), secret }))
