// openid-client introspects an access token, revokes it, and introspects it again.
//
// Shows: both endpoints are found by OpenID Connect discovery; the library's calls for RFC 7662 and RFC 7009 are
// accepted, and their responses pass its checks.
//
// In: ISSUER CLIENT_ID CLIENT_SECRET AUTH_METHOD TOKEN. Out: the introspection responses before and after.

import * as client from 'openid-client'

const { ISSUER, CLIENT_ID, CLIENT_SECRET, AUTH_METHOD, TOKEN } = process.env

const authentication = {
  client_secret_basic: client.ClientSecretBasic,
  client_secret_post: client.ClientSecretPost,
}[AUTH_METHOD](CLIENT_SECRET)

const config = await client.discovery(new URL(ISSUER), CLIENT_ID, {}, authentication, {
  execute: [client.allowInsecureRequests], // loopback has no TLS
})

const before = await client.tokenIntrospection(config, TOKEN)
await client.tokenRevocation(config, TOKEN, { token_type_hint: 'access_token' })
const after = await client.tokenIntrospection(config, TOKEN)
console.log(JSON.stringify({ before, after }))
