// oidc-provider as the OpenID Connect provider where end users sign in, with its own login and consent pages.
//
// Shows: Latchkey as a relying party of a provider written by others. One account with a verified e-mail address; one
// confidential client; PKCE required; every authorization response names its issuer (RFC 9207).
//
// In: CLIENT_ID CLIENT_SECRET REDIRECT_URI LOGIN (the login name; any password is accepted) EMAIL. Out: one line when
// ready, { issuer }. Exits when its standard input ends.

import { generateKeyPairSync, randomBytes } from 'node:crypto'
import { once } from 'node:events'
import { createServer } from 'node:http'

// The library warns that its pages are for development; standard output is for one line.
console.info = console.warn = console.error

const { CLIENT_ID, CLIENT_SECRET, REDIRECT_URI, LOGIN, EMAIL } = process.env
const { Provider } = await import('oidc-provider')

// The issuer has the port in it, so the port comes first.
const server = createServer()
await once(server.listen(0, '127.0.0.1'), 'listening')
const issuer = `http://127.0.0.1:${server.address().port}`

const { privateKey } = generateKeyPairSync('rsa', { modulusLength: 2048 })
const provider = new Provider(issuer, {
  clients: [{ client_id: CLIENT_ID, client_secret: CLIENT_SECRET, redirect_uris: [REDIRECT_URI] }],
  claims: { openid: ['sub'], email: ['email', 'email_verified'], profile: ['name'] },
  cookies: { keys: [randomBytes(32).toString('base64url')] },
  jwks: { keys: [{ ...privateKey.export({ format: 'jwk' }), alg: 'RS256', use: 'sig' }] },
  pkce: { required: () => true },
  findAccount: (_, id) =>
    id === LOGIN
      ? { accountId: id, claims: () => ({ sub: id, email: EMAIL, email_verified: true, name: 'Ann' }) }
      : undefined,
})
server.on('request', provider.callback())

process.stdin.on('end', () => process.exit()).resume()
console.log(JSON.stringify({ issuer }))
