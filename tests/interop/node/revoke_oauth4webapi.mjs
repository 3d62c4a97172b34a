// oauth4webapi introspects an access token, revokes it, and introspects it again.
//
// Shows: both endpoints are found by RFC 8414 discovery; status, content type and body of both responses pass its
// checks.
//
// In: ISSUER CLIENT_ID CLIENT_SECRET AUTH_METHOD TOKEN. Out: the introspection responses before and after.

import * as oauth from 'oauth4webapi'

const { ISSUER, CLIENT_ID, CLIENT_SECRET, AUTH_METHOD, TOKEN } = process.env

const options = { [oauth.allowInsecureRequests]: true } // loopback has no TLS
const authentication = {
  client_secret_basic: oauth.ClientSecretBasic,
  client_secret_post: oauth.ClientSecretPost,
}[AUTH_METHOD](CLIENT_SECRET)

const issuer = new URL(ISSUER)
const server = await oauth
  .discoveryRequest(issuer, { algorithm: 'oauth2', ...options })
  .then((response) => oauth.processDiscoveryResponse(issuer, response))

const client = { client_id: CLIENT_ID }
const introspect = () =>
  oauth
    .introspectionRequest(server, client, authentication, TOKEN, options)
    .then((response) => oauth.processIntrospectionResponse(server, client, response))

const before = await introspect()
await oauth
  .revocationRequest(server, client, authentication, TOKEN, options)
  .then((response) => oauth.processRevocationResponse(response))
const after = await introspect()
console.log(JSON.stringify({ before, after }))
