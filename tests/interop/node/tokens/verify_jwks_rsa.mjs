// jwks-rsa finds the key of a token, and jsonwebtoken verifies the token.
//
// In: ISSUER TOKEN AUDIENCE. Out: the claims.

import { promisify } from 'node:util'
import jwksRsa from 'jwks-rsa'
import jwt from 'jsonwebtoken'

const { ISSUER, TOKEN, AUDIENCE } = process.env

const keys = jwksRsa({ jwksUri: `${ISSUER}/.well-known/jwks.json` })
const key = async (header, found) => {
  try {
    found(null, (await keys.getSigningKey(header.kid)).getPublicKey())
  } catch (error) {
    found(error)
  }
}
const claims = await promisify(jwt.verify)(TOKEN, key, {
  algorithms: ['RS256', 'ES256'],
  issuer: ISSUER,
  audience: AUDIENCE,
  clockTolerance: 30, // seconds by which clocks may differ
})
console.log(JSON.stringify(claims))
