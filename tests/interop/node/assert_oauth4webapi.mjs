// oauth4webapi signs its own assertions: for a token, to introspect it, and to revoke it.
//
// Shows: private_key_jwt (RFC 7523, RFC 10070) as the library does it; each request has an assertion of
// its own.
//
// In: ISSUER CLIENT_ID PRIVATE_KEY (PKCS #8) ALG RESOURCE. Out: the introspection responses before and after.

import { importPKCS8 } from 'jose'
import * as oauth from 'oauth4webapi'

const { ISSUER, CLIENT_ID, PRIVATE_KEY, ALG, RESOURCE } = process.env

const options = { [oauth.allowInsecureRequests]: true } // loopback has no TLS
const authentication = oauth.PrivateKeyJwt(await importPKCS8(PRIVATE_KEY, ALG))

const issuer = new URL(ISSUER)
const server = await oauth
  .discoveryRequest(issuer, { algorithm: 'oauth2', ...options })
  .then((response) => oauth.processDiscoveryResponse(issuer, response))

const client = { client_id: CLIENT_ID }
const { access_token: token } = await oauth
  .clientCredentialsGrantRequest(server, client, authentication, { resource: RESOURCE }, options)
  .then((response) => oauth.processClientCredentialsResponse(server, client, response))
const introspect = () =>
  oauth
    .introspectionRequest(server, client, authentication, token, options)
    .then((response) => oauth.processIntrospectionResponse(server, client, response))

const before = await introspect()
await oauth
  .revocationRequest(server, client, authentication, token, options)
  .then((response) => oauth.processRevocationResponse(response))
const after = await introspect()
console.log(JSON.stringify({ before, after }))
