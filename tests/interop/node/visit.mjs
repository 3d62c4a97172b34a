// Somebody follows the link of an application and does what the pages ask for, until they are back there or a page
// leaves nothing to do. THEN=back: after that they press the browser's button to go back.
//
// In: AUTHORIZATION_URL [THEN], and what person.mjs takes. Out: { url, pages, asked }: where
// they got, the headings of the pages seen, whether they were asked for their consent.

import { Person, open } from './person.mjs'

const { AUTHORIZATION_URL, THEN } = process.env

const context = await open()
const person = new Person(await context.newPage())
await person.follow(AUTHORIZATION_URL)
const { url } = person.seen
if (THEN === 'back') await person.leave(() => person.page.goBack())
await context.browser().close()
console.log(JSON.stringify({ ...person.seen, url }))
