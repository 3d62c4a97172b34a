// A page of another origin runs the code flow in Chromium, with one of two libraries and its defaults. This program serves
// the page, and is the user at the browser.
//
// Shows: discovery, the token endpoint and revocation can be used from a page (CORS); the `openid` scope of an OpenID Connect
// library is ignored, and it expects no ID token; a redirect URI with an empty path.
//
// In: LIBRARY (`oidc-client-ts` or `arctic`) CLIENT_ID, and the variables of person.mjs but REDIRECT_URI. Out: what the page
// got: { granted, refreshed, revoked }, or { error }.

import { createReadStream } from 'node:fs'
import { createServer } from 'node:http'
import { Person, open } from './person.mjs'

const { LIBRARY, CLIENT_ID, ISSUER } = process.env

const modules = '/node_modules'
const imports = {
  'oidc-client-ts': `${modules}/oidc-client-ts/dist/esm/oidc-client-ts.js`,
  'jwt-decode': `${modules}/jwt-decode/build/esm/index.js`,
  arctic: `${modules}/arctic/dist/index.js`,
  '@oslojs/crypto/sha2': `${modules}/@oslojs/crypto/dist/sha2/index.js`,
}
for (const name of ['asn1', 'binary', 'encoding', 'jwt']) {
  imports[`@oslojs/${name}`] = `${modules}/@oslojs/${name}/dist/index.js`
}

const scripts = {
  'oidc-client-ts': `
    import { UserManager } from 'oidc-client-ts'
    export async function run(issuer, clientId) {
      const manager = new UserManager({ authority: issuer, client_id: clientId, redirect_uri: location.origin })
      if (!new URLSearchParams(location.search).has('code')) return manager.signinRedirect()
      const user = await manager.signinRedirectCallback()
      const refreshed = await manager.signinSilent()
      await manager.revokeTokens(['refresh_token'])
      return { granted: user.scope, refreshed: refreshed.scope, revoked: true }
    }`,
  arctic: `
    import { CodeChallengeMethod, OAuth2Client, generateCodeVerifier, generateState } from 'arctic'
    export async function run(issuer, clientId) {
      const client = new OAuth2Client(clientId, null, location.origin)
      const answer = new URLSearchParams(location.search)
      if (!answer.has('code')) {
        const [state, verifier] = [generateState(), generateCodeVerifier()]
        Object.assign(sessionStorage, { state, verifier })
        const endpoint = issuer + '/oauth/authorize'
        location = client.createAuthorizationURLWithPKCE(endpoint, state, CodeChallengeMethod.S256, verifier, [])
        return
      }
      if (answer.get('state') !== sessionStorage.state) throw new Error('another state')
      const endpoint = issuer + '/oauth/token'
      const tokens = await client.validateAuthorizationCode(endpoint, answer.get('code'), sessionStorage.verifier)
      const refreshed = await client.refreshAccessToken(endpoint, tokens.refreshToken(), [])
      await client.revokeToken(issuer + '/oauth/revoke', refreshed.refreshToken())
      return { granted: tokens.scopes().join(' '), refreshed: refreshed.scopes().join(' '), revoked: true }
    }`,
}

const page = `<!doctype html><html lang=en><title>Order board</title><h1>Back at the order board</h1>
<script type=importmap>${JSON.stringify({ imports })}</script>
<script type=module>
  import { run } from '/script.js'
  const result = await run(${JSON.stringify(ISSUER)}, ${JSON.stringify(CLIENT_ID)}).catch((error) => ({ error: String(error) }))
  if (result) document.title = JSON.stringify(result)
</script>`

const server = createServer((request, response) => {
  const { pathname } = new URL(request.url, 'http://page')
  const script = (body) => response.setHeader('content-type', 'text/javascript').end(body)
  if (pathname === '/script.js') return script(scripts[LIBRARY])
  if (pathname.startsWith('/node_modules/')) {
    response.setHeader('content-type', 'text/javascript')
    return createReadStream(new URL(`.${pathname}`, import.meta.url)).pipe(response)
  }
  response.setHeader('content-type', 'text/html').end(page)
})
await new Promise((ready) => server.listen(0, '127.0.0.1', ready))
const origin = `http://127.0.0.1:${server.address().port}`

const context = await open({ javaScriptEnabled: true })
const tab = await context.newPage()
const person = new Person(tab, origin)
await tab.goto(origin)
await tab.waitForURL((url) => url.origin === ISSUER)
await person.goOn()
await tab.waitForFunction(() => document.title.startsWith('{'))
console.log(await tab.title())
await context.browser().close()
server.close()
