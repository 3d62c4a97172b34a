// aws-jwt-verify, the verifier of Lambda authorizers, verifies an access token offline.
//
// Shows: its generic JwtVerifier, made for any RS256 or ES256 issuer, accepts Latchkey's tokens and key set as they
// are.
//
// In: ISSUER TOKEN AUDIENCE. Out: the claims.

import { JwtVerifier } from 'aws-jwt-verify'
import { assertStringArrayContainsString, assertStringEquals } from 'aws-jwt-verify/assert'
import { SimpleJwksCache } from 'aws-jwt-verify/jwk'

const { ISSUER, TOKEN, AUDIENCE } = process.env

const metadata = await fetch(`${ISSUER}/.well-known/openid-configuration`).then((r) => r.json())
if (metadata.issuer !== ISSUER) throw new Error(`these are not the metadata of ${ISSUER}`)

// The library fetches keys over https only; on loopback there is no TLS, so node's fetch does it.
const fetcher = { fetch: (uri) => fetch(uri).then((response) => response.arrayBuffer()) }

// What the library leaves to its user: the type, a shorter list of algorithms, and that `exp` is there.
const customJwtCheck = ({ header, payload }) => {
  assertStringEquals('JWT type', header.typ, 'at+jwt')
  assertStringArrayContainsString('JWT algorithm', header.alg, ['RS256', 'ES256'])
  if (payload.exp === undefined) throw new Error('the token has no exp')
}

const verifier = JwtVerifier.create(
  { issuer: ISSUER, audience: AUDIENCE, jwksUri: metadata.jwks_uri, customJwtCheck, graceSeconds: 30 },
  { jwksCache: new SimpleJwksCache({ fetcher }) },
)
console.log(JSON.stringify(await verifier.verify(TOKEN)))
