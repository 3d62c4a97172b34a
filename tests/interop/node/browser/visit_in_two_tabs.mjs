// An end user follows two links, each in a tab of its own, with one step in each in turn.
//
// In: AUTHORIZATION_URL, ANOTHER_URL, and the variables of person.mjs. Out: two of the outputs of visit.mjs.

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
