// client-oauth2 gets a client_credentials token with its defaults.
//
// In: ISSUER CLIENT_ID CLIENT_SECRET. Out: the token response.

import ClientOAuth2 from 'client-oauth2'

const { ISSUER, CLIENT_ID, CLIENT_SECRET } = process.env

const client = new ClientOAuth2({
  clientId: CLIENT_ID,
  clientSecret: CLIENT_SECRET,
  accessTokenUri: `${ISSUER}/oauth/token`,
})
const { data } = await client.credentials.getToken()
console.log(JSON.stringify(data))
