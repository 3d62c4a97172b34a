// express-oauth2-jwt-bearer protects an API: it finds the keys and checks each request by itself.
//
// In: ISSUER TOKEN AUDIENCE. Out: the claims, as the API sees them.

import express from 'express'
import { auth } from 'express-oauth2-jwt-bearer'

const { ISSUER, TOKEN, AUDIENCE } = process.env

const api = express()
api.get('/orders', auth({ issuerBaseURL: ISSUER, audience: AUDIENCE, clockTolerance: 30 }), (request, response) =>
  response.json(request.auth.payload),
)
const server = api.listen(0, '127.0.0.1', async () => {
  const url = `http://127.0.0.1:${server.address().port}/orders`
  const response = await fetch(url, { headers: { authorization: `Bearer ${TOKEN}` } })
  if (!response.ok) throw new Error(response.headers.get('www-authenticate'))
  console.log(await response.text())
  server.close()
})
