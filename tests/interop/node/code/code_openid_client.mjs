// openid-client starts the code flow, redeems the code, and refreshes.
//
// Shows: OpenID Connect discovery suffices for the code flow; the redirect passes the library's own checks of `state`
// and of the issuer (RFC 9207); PKCE; public and confidential clients.
//
// In: STEP ISSUER CLIENT_ID [CLIENT_SECRET], and for the step `begin` REDIRECT_URI [SCOPE], for `finish` CALLBACK
// STATE VERIFIER, for `refresh` and `revoke` REFRESH_TOKEN. Out: { url, state, verifier } to begin with, then the
// token response.

import * as client from 'openid-client'

const { STEP, ISSUER, CLIENT_ID, CLIENT_SECRET, REDIRECT_URI, SCOPE } = process.env
const { CALLBACK, STATE, VERIFIER, REFRESH_TOKEN } = process.env

const authentication = CLIENT_SECRET ? client.ClientSecretBasic(CLIENT_SECRET) : client.None()
const config = await client.discovery(new URL(ISSUER), CLIENT_ID, {}, authentication, {
  execute: [client.allowInsecureRequests], // loopback has no TLS
})

const steps = {
  async begin() {
    const [state, verifier] = [client.randomState(), client.randomPKCECodeVerifier()]
    const url = client.buildAuthorizationUrl(config, {
      redirect_uri: REDIRECT_URI,
      state,
      code_challenge: await client.calculatePKCECodeChallenge(verifier),
      code_challenge_method: 'S256',
      ...(SCOPE && { scope: SCOPE }),
    })
    return { url, state, verifier }
  },
  finish: () =>
    client.authorizationCodeGrant(config, new URL(CALLBACK), {
      expectedState: STATE,
      pkceCodeVerifier: VERIFIER,
    }),
  refresh: () => client.refreshTokenGrant(config, REFRESH_TOKEN),
  async revoke() {
    await client.tokenRevocation(config, REFRESH_TOKEN)
    return {}
  },
}
console.log(JSON.stringify(await steps[STEP]()))
