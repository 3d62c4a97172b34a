// @badgateway/oauth2-client gets a client_credentials token with its defaults.
//
// Shows: RFC 8414 discovery from the server's address alone.
//
// In: ISSUER CLIENT_ID CLIENT_SECRET. Out: { access_token }.

import { OAuth2Client } from '@badgateway/oauth2-client'

const { ISSUER, CLIENT_ID, CLIENT_SECRET } = process.env

const client = new OAuth2Client({ server: ISSUER, clientId: CLIENT_ID, clientSecret: CLIENT_SECRET })
const { accessToken } = await client.clientCredentials()
console.log(JSON.stringify({ access_token: accessToken }))
