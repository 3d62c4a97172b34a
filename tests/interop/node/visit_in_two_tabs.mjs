// Somebody follows two links at once, each in a tab of its own, and does one step here and one there.
//
// In: AUTHORIZATION_URL, ANOTHER_URL, and what person.mjs takes. Out: two of what visit.mjs says.

import { Person, open } from './person.mjs'

const { AUTHORIZATION_URL, ANOTHER_URL } = process.env

const context = await open()
const tabs = []
for (const url of [AUTHORIZATION_URL, ANOTHER_URL]) {
  const tab = new Person(await context.newPage())
  await tab.leave(() => tab.page.goto(url))
  tabs.push(tab)
}
for (let busy = true; busy; ) {
  busy = false
  for (const tab of tabs) busy = (await tab.step()) || busy
}
const said = tabs.map(({ seen }) => seen)
await context.browser().close()
console.log(JSON.stringify(said))
