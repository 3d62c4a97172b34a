// jose verifies an access token offline, from the keys alone.
//
// Shows: the key set works with the library's own remote key set (one key per `kid` and `alg`, no
// ambiguity while keys rotate), and the token is an RFC 9068 one with the claims that RFC requires.
//
// In: ISSUER TOKEN AUDIENCE. Out: the claims.

import { createRemoteJWKSet, jwtVerify } from 'jose'

const { ISSUER, TOKEN, AUDIENCE } = process.env

const metadata = await fetch(`${ISSUER}/.well-known/openid-configuration`).then((r) => r.json())
if (metadata.issuer !== ISSUER) throw new Error(`these are not the metadata of ${ISSUER}`)

const { payload } = await jwtVerify(TOKEN, createRemoteJWKSet(new URL(metadata.jwks_uri)), {
  issuer: ISSUER,
  audience: AUDIENCE,
  clockTolerance: 30, // seconds by which clocks may differ
  typ: 'at+jwt',
  algorithms: ['RS256', 'ES256'],
  requiredClaims: ['exp', 'sub', 'client_id', 'iat', 'jti'],
})
console.log(JSON.stringify(payload))
