// An end user follows the link of an application and does what the pages ask for, until the redirect back or a page
// that asks for nothing. THEN=back: then the user presses the browser's back button. MAIL_LINK: then they follow the link of a
// reminder, stop these e-mails, and have them sent again.
//
// In: AUTHORIZATION_URL [THEN] [MAIL_LINK], and the variables of person.mjs. Out: { url, pages, asked }: the final URL, the
// headings of the pages seen, whether the consent page was among them.

import { Person, open } from './person.mjs'

const { AUTHORIZATION_URL, THEN, MAIL_LINK } = process.env

const context = await open()
const person = new Person(await context.newPage())
await person.follow(AUTHORIZATION_URL)
const { url } = person.seen
if (THEN === 'back') await person.leave(() => person.page.goBack())
if (MAIL_LINK) await person.stopMails(MAIL_LINK)
await context.browser().close()
console.log(JSON.stringify({ ...person.seen, url }))
