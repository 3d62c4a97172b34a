// openid-client signs its own assertions: for a token, to introspect it, and to revoke it.
//
// Shows: private_key_jwt (RFC 7523, RFC 10070) as the library does it; each request has an assertion of
// its own.
//
// In: ISSUER CLIENT_ID PRIVATE_KEY (PKCS #8) ALG RESOURCE. Out: the introspection responses before and after.

import { importPKCS8 } from 'jose'
import * as client from 'openid-client'

const { ISSUER, CLIENT_ID, PRIVATE_KEY, ALG, RESOURCE } = process.env

const key = await importPKCS8(PRIVATE_KEY, ALG)
const config = await client.discovery(new URL(ISSUER), CLIENT_ID, {}, client.PrivateKeyJwt(key), {
  execute: [client.allowInsecureRequests], // loopback has no TLS
})

const { access_token: token } = await client.clientCredentialsGrant(config, { resource: RESOURCE })
const before = await client.tokenIntrospection(config, token)
await client.tokenRevocation(config, token, { token_type_hint: 'access_token' })
const after = await client.tokenIntrospection(config, token)
console.log(JSON.stringify({ before, after }))
