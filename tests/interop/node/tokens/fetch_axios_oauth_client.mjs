// axios-oauth-client gets a client_credentials token with its defaults.
//
// Shows: id and secret in the body, where the client is registered for HTTP Basic.
//
// In: ISSUER CLIENT_ID CLIENT_SECRET. Out: the token response.

import axios from 'axios'
import { clientCredentials } from 'axios-oauth-client'

const { ISSUER, CLIENT_ID, CLIENT_SECRET } = process.env

const getToken = clientCredentials(axios.create(), `${ISSUER}/oauth/token`, CLIENT_ID, CLIENT_SECRET)
console.log(JSON.stringify(await getToken()))
