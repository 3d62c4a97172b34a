// openid-client 5 runs the code flow and refreshes, with its defaults.
//
// In: STEP ISSUER CLIENT_ID CLIENT_SECRET, and for the step `begin` REDIRECT_URI SCOPE, for `finish` CALLBACK STATE VERIFIER
// REDIRECT_URI, for `refresh` and `revoke` REFRESH_TOKEN. Out: { url, state, verifier } to begin with, then the token response.

import { Issuer, generators } from 'openid-client-5'

const { STEP, ISSUER, CLIENT_ID, CLIENT_SECRET, REDIRECT_URI, SCOPE } = process.env
const { CALLBACK, STATE, VERIFIER, REFRESH_TOKEN } = process.env

const issuer = await Issuer.discover(ISSUER)
const client = new issuer.Client({
  client_id: CLIENT_ID,
  client_secret: CLIENT_SECRET,
  redirect_uris: [REDIRECT_URI],
  response_types: ['code'],
})

const steps = {
  begin() {
    const [state, verifier] = [generators.state(), generators.codeVerifier()]
    const code_challenge = generators.codeChallenge(verifier)
    const url = client.authorizationUrl({ scope: SCOPE, state, code_challenge, code_challenge_method: 'S256' })
    return { url, state, verifier }
  },
  finish: () =>
    client.oauthCallback(REDIRECT_URI, client.callbackParams(CALLBACK), { state: STATE, code_verifier: VERIFIER }),
  refresh: () => client.refresh(REFRESH_TOKEN),
  async revoke() {
    await client.revoke(REFRESH_TOKEN)
    return {}
  },
}
console.log(JSON.stringify(await steps[STEP]()))
