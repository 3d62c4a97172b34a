// oauth4webapi gets a client_credentials token for one resource (RFC 8707).
//
// Shows: RFC 8414 discovery as the library does it; status, content type and every member of both responses pass its
// checks; its HTTP Basic form-encodes id and secret (RFC 6749 section 2.3.1).
//
// In: ISSUER CLIENT_ID CLIENT_SECRET RESOURCE AUTH_METHOD [SCOPE]. Out: the token response.

import * as oauth from 'oauth4webapi'

const { ISSUER, CLIENT_ID, CLIENT_SECRET, RESOURCE, AUTH_METHOD, SCOPE } = process.env

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
const parameters = { resource: RESOURCE, ...(SCOPE && { scope: SCOPE }) }
const token = await oauth
  .clientCredentialsGrantRequest(server, client, authentication, parameters, options)
  .then((response) => oauth.processClientCredentialsResponse(server, client, response))
console.log(JSON.stringify(token))
