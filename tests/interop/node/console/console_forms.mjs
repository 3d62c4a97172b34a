// What the script of the console adds, and what there is without it, in Chromium: "All" and "None" of permissions keep the place
// and the focus, or come back to their service; "Add my address" adds it once.
//
// In: CHROMIUM (its path) ISSUER PICTURES (a folder) CONSOLE (the link into the console). Out: { pages }: how many pages were
// checked.

import { checked, close, person } from './journey.mjs'

const { ISSUER, CONSOLE } = process.env
const must = (holds, what) => {
  if (!holds) throw new Error(what)
}

/** Presses "All" and "None" of the last API on the page, by keyboard. */
async function tick({ page }, script, at) {
  const posts = []
  page.on('request', (request) => request.method() === 'POST' && posts.push(request.url()))
  for (const [name, ticked] of [['tick_none', false], ['tick_all', true], ['tick_none', false], ['tick_all', true]]) {
    const what = `${at}, ${script ? 'with' : 'without'} script: ${name}`
    const button = page.locator(`.ticks [name=${name}]`).last()
    await button.focus()
    const [api, before] = [await button.getAttribute('value'), await page.evaluate(() => scrollY)]
    must(before > 0, `${what} is further down`)
    // Without script the boxes may be as wanted on the page that is left, too.
    await Promise.all([script || page.waitForEvent('load'), page.keyboard.press('Enter')])
    await page.waitForFunction(([api, ticked]) => {
      const boxes = [...document.querySelectorAll('[name=scope]')].filter((box) => box.value.split(' ')[0] === api)
      return boxes.length > 1 && boxes.every((box) => box.checked === ticked)
    }, [api, ticked]).catch(() => must(false, `${what} ticks ${ticked}`))
    if (script) {
      must(posts.length === 0, `${what} sends nothing`)
      must(await button.evaluate((it) => it === document.activeElement), `${what} keeps the focus`)
      must((await page.evaluate(() => scrollY)) === before, `${what} keeps the place`)
    } else {
      const service = await page.evaluate(() => {
        const heading = document.activeElement
        const { top } = heading.getBoundingClientRect()
        return [heading.id, location.hash.slice(1), top >= 0 && top < innerHeight, heading.parentElement.contains(
          [...document.querySelectorAll('.ticks [name=tick_all]')].at(-1))]
      })
      must(service[0].startsWith('service-') && service[0] === service[1] && service[2] && service[3], `${what} comes back to its service: ${service}`)
    }
  }
  must(script || posts.length === 4, `${at}: each is a form without script`)
}

for (const script of [true, false]) {
  const someone = await person(undefined, { javaScriptEnabled: script })
  const { page, follow, at, link } = someone
  page.setViewportSize({ width: 1280, height: 420 })
  await page.goto(new URL(CONSOLE, ISSUER).href)
  await follow('API clients')
  await follow('Order sync')
  await follow('Permissions')
  await tick(someone, script, 'permissions')
  await at('Review the change', `permissions-${script}`)
  await follow('API clients')
  await follow('New API client')
  await page.getByRole('link', { name: /^A program with a secret/ }).click()
  await page.getByLabel('Name client_name').fill('Half filled in')
  await tick(someone, script, 'new client')
  must((await page.getByLabel('Name client_name').inputValue()) === 'Half filled in', 'what was typed is kept')
  await page.locator('details', { has: page.locator('[name=allowed_ips]') }).locator('summary').first().click()
  const add = page.getByRole('button', { name: 'Add my address' })
  must((await add.isVisible()) === script, 'the button is there with script only')
  if (script) {
    const field = page.getByLabel('Allowed addresses')
    await field.fill('198.51.100.1')
    await add.click()
    await add.click()
    must((await field.inputValue()) === '198.51.100.1\n127.0.0.1', `the address is added once: ${await field.inputValue()}`)
  }
  await at('More settings', `new-${script}`)
  must(await link('Cancel').isVisible(), 'there is a way back')
}

// Only the parts of the form that belong to what is chosen are there, with and without script.
for (const script of [true, false]) {
  const { page, follow, at } = await person(undefined, { javaScriptEnabled: script })
  const shown = async (expected, what) => {
    for (const part of ['key', 'platform', 'secret']) {
      const is = await page.locator(`fieldset.if-${part}`).first().isVisible()
      must(is === (part === expected), `${what}: ${part} is ${is ? 'there' : 'not there'}`)
    }
  }
  await page.goto(new URL(CONSOLE, ISSUER).href)
  await follow('API clients')
  await follow('Order sync')
  await follow('Duplicate')
  await shown('secret', 'duplicate')
  must(!(await page.getByLabel('Redirect URLs').isVisible()), 'a duplicate without redirect URLs does not ask for them')
  await page.getByLabel('Tokens for people who sign in').check()
  must(await page.getByLabel('Redirect URLs').isVisible(), 'they are asked for with the grant')
  for (const [label, part] of [['With a key of its own', 'key'], ['With a token of the platform', 'platform'], ['With nothing', undefined], ['With a secret', 'secret']]) {
    await page.getByLabel(label).check()
    await shown(part, label)
  }
  await page.getByLabel('With nothing').check()
  await page.locator('[name=label]').evaluate((it) => { it.value = 'Blue' })
  await page.getByRole('button', { name: 'Create API client' }).click()
  await at('choose that, or leave it out', `ignored-${script}`)
  must(await page.locator('[name=label]').isVisible(), 'what is wrong is shown')
  await follow('API clients')
  await follow('New API client')
  await page.getByRole('link', { name: /^A workload without a secret/ }).click()
  await page.getByRole('link', { name: /^GitHub/ }).click()
  await at('A workload without a secret: GitHub', `github-${script}`)
  for (const [one, other] of [['owner', 'repository'], ['owner_id', 'repository_id']]) {
    for (const what of ['label[for=field-', '[id=field-']) {
      const top = async (field) => (await page.locator(`${what}${field}]`).boundingBox()).y
      must(Math.abs((await top(one)) - (await top(other))) < 1, `${what}${one}] is beside ${other}`)
    }
  }
}
await close()
console.log(JSON.stringify({ pages: checked() }))
