// simple-oauth2 gets a client_credentials token with its defaults.
//
// Shows: its default path of the token endpoint is Latchkey's; HTTP Basic with id and secret form-encoded.
//
// In: ISSUER CLIENT_ID CLIENT_SECRET. Out: the token response.

import { ClientCredentials } from 'simple-oauth2'

const { ISSUER, CLIENT_ID, CLIENT_SECRET } = process.env

const client = new ClientCredentials({
  client: { id: CLIENT_ID, secret: CLIENT_SECRET },
  auth: { tokenHost: ISSUER },
})
const { token } = await client.getToken({})
console.log(JSON.stringify(token))
