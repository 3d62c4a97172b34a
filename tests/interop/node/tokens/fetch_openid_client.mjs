// openid-client gets a client_credentials token for one resource (RFC 8707).
//
// Shows: OpenID Connect discovery as the library does it, with its own check of the issuer; its HTTP Basic
// form-encodes id and secret strictly by RFC 6749 section 2.3.1 (`_` becomes `%5F`).
//
// In: ISSUER CLIENT_ID CLIENT_SECRET RESOURCE AUTH_METHOD [SCOPE]. Out: the token response.

import * as client from 'openid-client'

const { ISSUER, CLIENT_ID, CLIENT_SECRET, RESOURCE, AUTH_METHOD, SCOPE } = process.env

const authentication = {
  client_secret_basic: client.ClientSecretBasic,
  client_secret_post: client.ClientSecretPost,
}[AUTH_METHOD](CLIENT_SECRET)

const config = await client.discovery(new URL(ISSUER), CLIENT_ID, {}, authentication, {
  execute: [client.allowInsecureRequests], // loopback has no TLS
})

const token = await client.clientCredentialsGrant(config, {
  resource: RESOURCE,
  ...(SCOPE && { scope: SCOPE }),
})
console.log(JSON.stringify(token))
