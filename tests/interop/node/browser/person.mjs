// An end user at a browser: Chromium, which shows the pages, and what the user does on each.
//
// The user finds everything by what the page says, as a screen reader reads it: labels, roles and names, never a
// class or an id. So a field without a label or a second first-level heading fails here.
//
// In: CHROMIUM (its path) ISSUER PICTURES (a folder) REDIRECT_URI (where the flow ends) EMAIL DECISION (`allow` or
// `refuse`), and optionally VIEW (`phone`, `desktop`, `narrow`) COLOURS (`light`, `dark`) HAND (`mouse`, `keyboard`,
// `double` clicks) WRONG_CODES (their number before the right one) LOGIN (the user's at the upstream provider) AXE
// (if set, the rules of axe-core are checked too; they need JavaScript, which is off otherwise).

import { readFileSync, readdirSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'
import { chromium } from 'playwright-core'

const { CHROMIUM, ISSUER, PICTURES, REDIRECT_URI, EMAIL, DECISION, LOGIN, AXE } = process.env
const { VIEW = 'desktop', COLOURS = 'light', HAND = 'mouse', WRONG_CODES = '0' } = process.env

const axe = new URL('node_modules/axe-core/axe.min.js', import.meta.url)
const views = {
  phone: { width: 390, height: 844 },
  desktop: { width: 1280, height: 800 },
  narrow: { width: 320, height: 640 }, // what 200 % of 640 and 400 % of 1280 leave (WCAG 2.2, 1.4.10)
}

/** A new browser context. */
export async function open({ javaScriptEnabled = Boolean(AXE) } = {}) {
  const args = ['--disable-gpu', '--disable-quic', '--no-first-run', '--disable-background-networking']
  args.push('--disable-component-update', '--disable-sync')
  const launch = () => chromium.launch({ executablePath: CHROMIUM, args })
  // Chromium sometimes crashes while it starts, about once in a hundred times. It is launched again once.
  const browser = await launch().catch(launch)
  return browser.newContext({
    colorScheme: COLOURS,
    javaScriptEnabled,
    viewport: views[VIEW],
  })
}

/** One tab of the browser, and the pages seen there. */
export class Person {
  pages = []
  asked = false
  wasUpstream = false
  wrongCodes = Number(WRONG_CODES)

  constructor(page, redirectUri = REDIRECT_URI) {
    this.page = page
    this.redirectUri = redirectUri
  }

  /** Follows a link and takes steps until there is none left. */
  async follow(url) {
    await this.leave(() => this.page.goto(url))
    await this.goOn()
  }

  /** Takes steps until there is none left. */
  async goOn() {
    for (let steps = 0; await this.step(); steps++) {
      if (steps === 20) throw new Error(`going round in circles: ${this.pages.join(', ')}`)
    }
  }

  /** Does the one thing that the page asks for. False if it asks for nothing, or the flow has ended. */
  async step() {
    const { page } = this
    if (page.url().startsWith(this.redirectUri)) return false
    const button = (name, more) => page.getByRole('button', { name, ...more })
    const field = (name, more) => page.getByRole('textbox', { name, ...more })
    const decision = DECISION === 'refuse' ? 'Do not allow' : 'Allow'
    const asks = [
      [field(/any login/i), (there) => this.signInUpstream(there)],
      [button('Continue', { exact: true }), (there) => this.leave(() => this.press(there))],
      [button(decision, { exact: true }), (there) => this.leave(() => this.decide(there))],
      [field('Code', { exact: true }), (there) => this.fillIn(there, this.nextCode())],
      [button('Send a new code'), (there) => this.leave(() => this.awaitMail(() => this.press(there)))],
      [button(/^continue with/i), (there) => this.leave(() => this.goUpstream(there)), Boolean(LOGIN) && !this.wasUpstream],
      [field('E-mail address'), (there) => this.awaitMail(() => this.fillIn(there, EMAIL))],
      [page.getByRole('link', { name: /^go back to/i }), (there) => this.leave(() => there.click())],
      [button(/^cancel/i), (there) => this.leave(() => this.press(there)), DECISION === 'refuse'],
    ]
    for (const [there, act, wanted = true] of asks) {
      if (!wanted || !(await there.count())) continue
      await act(there)
      return true
    }
    return false
  }

  /** Types into a field, and submits its form. */
  async fillIn(field, text) {
    const send = this.page.locator('form').filter({ has: field }).getByRole('button').first()
    if (HAND === 'keyboard') {
      await this.reach(field)
      await this.page.keyboard.type(text)
      await this.leave(() => this.page.keyboard.press('Enter'))
    } else {
      await field.fill(text)
      await this.leave(() => send.click())
    }
  }

  async press(button) {
    if (HAND !== 'keyboard') return button.click()
    await this.reach(button)
    await this.page.keyboard.press('Enter')
  }

  /** Submits the consent page; `double` clicks its button twice. */
  decide(button) {
    this.asked = true
    return HAND === 'double' ? button.dblclick() : this.press(button)
  }

  /** Moves the focus there by the Tab key. */
  async reach(there) {
    for (let tabs = 0; !(await there.evaluate((it) => it === it.ownerDocument.activeElement)); tabs++) {
      if (tabs === 30) throw new Error(`no Tab leads to ${there}`)
      await this.page.keyboard.press('Tab')
    }
  }

  /** Continues at the upstream provider, once: after that its session signs the user in. */
  goUpstream(button) {
    this.wasUpstream = true
    return this.press(button)
  }

  /** Submits oidc-provider's own login page; it accepts any password. */
  async signInUpstream(login) {
    await login.fill(LOGIN)
    await this.page.getByPlaceholder(/password/i).fill('any')
    await this.leave(() => this.page.getByRole('button', { name: /sign-in/i }).click())
  }

  /** Does something that sends an email, and reads the code in it. */
  async awaitMail(act) {
    const before = (await mails()).length
    await act()
    for (let tries = 0; ; tries++) {
      const all = await mails()
      if (all.length > before) {
        this.code = all[0].text.match(/\b\d{8}\b/)[0]
        return
      }
      if (tries === 100) throw new Error(`no mail to ${EMAIL}`)
      await pause(100)
    }
  }

  nextCode() {
    if (this.wrongCodes-- <= 0) return this.code
    return String((Number(this.code) + 1 + this.wrongCodes) % 1e6).padStart(6, '0')
  }

  /** Stops the e-mails that this link is about, and has them sent again. */
  async stopMails(link) {
    await this.leave(() => this.page.goto(link))
    for (const name of ['Stop these e-mails', 'Send them again']) {
      await this.leave(() => this.press(this.page.getByRole('button', { name, exact: true })))
    }
  }

  /** The current URL, the headings of the pages seen, and whether the consent page was among them. */
  get seen() {
    return { url: this.page.url(), pages: this.pages, asked: this.asked }
  }

  /** Does something that leads to another page, and checks that page. */
  async leave(act) {
    const arrived = this.page.waitForEvent('framenavigated')
    await act()
    await arrived
    await this.look()
  }

  /** Reads the heading, and takes a screenshot. Fails on a page that is wider than the window. */
  async look() {
    const { page } = this
    await page.waitForLoadState()
    const heading = (await page.getByRole('heading', { level: 1 }).innerText()).trim()
    this.pages.push(heading)
    const number = String(readdirSync(PICTURES).length + 1).padStart(2, '0')
    const name = `${number}-${heading.toLowerCase().replaceAll(/[^a-z0-9]+/g, '-').slice(0, 40)}.png`
    await page.screenshot({ path: join(PICTURES, name), fullPage: true })
    if (!page.url().startsWith(ISSUER)) return
    const [wide, window] = await page.evaluate(() => [document.documentElement.scrollWidth, innerWidth])
    if (wide > window) throw new Error(`“${heading}” is ${wide} pixels wide, in a window of ${window}`)
    if (AXE) await this.heed(heading)
  }

  /** Checks the rules of axe-core. */
  async heed(heading) {
    await this.page.evaluate(readFileSync(axe, 'utf8'))
    const { violations } = await this.page.evaluate(() => globalThis.axe.run())
    if (violations.length) {
      const found = violations.map(({ impact, help, nodes }) => `${impact}: ${help}: ${nodes.map((it) => it.html)}`)
      throw new Error(`“${heading}”: ${found.join('; ')}`)
    }
  }
}

/** Every email to the user, newest first. */
async function mails() {
  const answer = await fetch(`${ISSUER}/_local/mailbox`, { headers: { accept: 'application/json' } })
  const { items } = await answer.json()
  return items.filter(({ to }) => to.includes(EMAIL))
}
