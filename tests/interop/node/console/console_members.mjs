// An administrator invites Ben as a developer, makes him a viewer, and removes him, in Chromium with script off. What Ben may do
// follows with his next click.
//
// In: CHROMIUM (its path) ISSUER PICTURES (a folder) ADMINISTRATOR (their address) INVITED (Ben's) ACCOUNT. Out: { pages }: how many
// pages were checked.

import { checked, close, mailsTo, person, signIn } from './journey.mjs'

const { ISSUER, ADMINISTRATOR, INVITED, ACCOUNT } = process.env
const account = `${ISSUER}/console/accounts/${ACCOUNT}`
const must = (holds, what) => {
  if (!holds) throw new Error(what)
}
const role = ({ page }, name) => page.getByRole('radio', { name: new RegExp(`^${name}`) })

const ann = await person()
await ann.page.goto(account)
await signIn(ann, ADMINISTRATOR)
await ann.follow('Members')
await ann.at('People who sign in to this account.', 'members')
await ann.follow('Add a member')
await ann.at('Send an invitation by e-mail', 'new-member')
await ann.field('Name name').fill(' ')
await ann.field('Address email').fill(INVITED)
await role(ann, 'Developer').check()
await ann.field('Send an invitation by e-mail').check()
await ann.press('Add a member')
await ann.at('Some fields need another look', 'new-member-errors')
must(await role(ann, 'Developer').isChecked(), 'the role is kept')
await ann.field('Name name').fill('Ben')
await ann.press('Add a member')
await ann.at('The invitation was sent.', 'invited')

// Ben comes by the link of the mail, and may do what developers may.
const [invitation] = await mailsTo(INVITED)
const link = new RegExp(`${ISSUER}/\\S*`).exec(invitation)?.[0]
must(link, `the invitation has no link: ${invitation}`)
const ben = await person()
await ben.page.goto(link)
await signIn(ben, INVITED)
await ben.follow('API clients')
await ben.follow('New API client')
await ben.at('What is it?', 'developer')
must((await ben.link('Members').count()) === 0, 'a developer is led to no members')
await ben.page.goto(`${account}/members`)
await ben.at('It needs the right members:manage', 'developer-refused')
await ben.follow('Go to the console')

// A viewer from the next click on.
await ann.follow('Members')
await ann.follow('Ben')
await ann.at('Developer', 'member')
await ann.follow('Change')
await ann.at('Change Ben', 'change-member')
await role(ann, 'Viewer').check()
await ann.press('Save')
await ann.at('Viewer', 'changed-member')
await ben.page.goto(`${account}/clients`)
await ben.page.getByRole('heading', { name: 'API clients', exact: true }).waitFor()
must((await ben.link('New API client').count()) === 0, 'a viewer is offered no new client')
await ben.page.goto(`${account}/clients/new`)
await ben.at('It needs the right clients:manage', 'viewer-refused')

// Another address waits for its mailbox, and is given up.
await ann.follow('Give another address')
await ann.at('The new mailbox gets an e-mail with a link', 'address')
await ann.field('New address').fill(`new.${INVITED}`)
await ann.press('Send the link')
await ann.at('The link was sent to the new address.', 'address-sent')
const [confirmation] = await mailsTo(`new.${INVITED}`)
const landing = await person()
await landing.page.goto(new RegExp(`${ISSUER}/\\S*`).exec(confirmation)[0])
await landing.at('Confirm your address', 'confirm-address')

// Removed, he gets no further.
await ann.follow('Remove')
await ann.at('end at once', 'remove-member')
await ann.press('Remove')
await ann.at('People who sign in to this account.', 'removed')
must((await ann.link('Ben').count()) === 0, 'he is gone')
await ben.page.goto(`${account}/clients`)
await ben.at('This address is no member of any account.', 'no-account')
await landing.press('This is my address')
await landing.at('This link does not work any more', 'confirm-too-late')
await ann.follow('My settings')
await ann.at('Where you are signed in', 'me')
await close()
console.log(JSON.stringify({ pages: checked() }))
