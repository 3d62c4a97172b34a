// oauth4webapi starts the code flow, redeems the code, and refreshes.
//
// Shows: RFC 8414 discovery suffices for the code flow; the redirect passes the library's strict checks: no parameter
// twice, `state`, and the issuer where the metadata announce it (RFC 9207); so do both token responses.
//
// In: STEP ISSUER CLIENT_ID [CLIENT_SECRET], and for the step `begin` REDIRECT_URI [SCOPE], for `finish` CALLBACK
// STATE VERIFIER REDIRECT_URI, for `refresh` and `revoke` REFRESH_TOKEN. Out: { url, state, verifier } to begin
// with, then the token response.

import * as oauth from 'oauth4webapi'

const { STEP, ISSUER, CLIENT_ID, CLIENT_SECRET, REDIRECT_URI, SCOPE } = process.env
const { CALLBACK, STATE, VERIFIER, REFRESH_TOKEN } = process.env

const options = { [oauth.allowInsecureRequests]: true } // loopback has no TLS
const client = { client_id: CLIENT_ID }
const authentication = CLIENT_SECRET ? oauth.ClientSecretBasic(CLIENT_SECRET) : oauth.None()

const issuer = new URL(ISSUER)
const server = await oauth
  .discoveryRequest(issuer, { algorithm: 'oauth2', ...options })
  .then((response) => oauth.processDiscoveryResponse(issuer, response))

const steps = {
  async begin() {
    const [state, verifier] = [oauth.generateRandomState(), oauth.generateRandomCodeVerifier()]
    const url = new URL(server.authorization_endpoint)
    url.searchParams.set('client_id', CLIENT_ID)
    url.searchParams.set('redirect_uri', REDIRECT_URI)
    url.searchParams.set('response_type', 'code')
    url.searchParams.set('state', state)
    url.searchParams.set('code_challenge', await oauth.calculatePKCECodeChallenge(verifier))
    url.searchParams.set('code_challenge_method', 'S256')
    if (SCOPE) url.searchParams.set('scope', SCOPE)
    return { url, state, verifier }
  },
  async finish() {
    const answer = oauth.validateAuthResponse(server, client, new URL(CALLBACK), STATE)
    return oauth
      .authorizationCodeGrantRequest(server, client, authentication, answer, REDIRECT_URI, VERIFIER, options)
      .then((response) => oauth.processAuthorizationCodeResponse(server, client, response))
  },
  refresh: () =>
    oauth
      .refreshTokenGrantRequest(server, client, authentication, REFRESH_TOKEN, options)
      .then((response) => oauth.processRefreshTokenResponse(server, client, response)),
  async revoke() {
    await oauth
      .revocationRequest(server, client, authentication, REFRESH_TOKEN, options)
      .then((response) => oauth.processRevocationResponse(response))
    return {}
  },
}
console.log(JSON.stringify(await steps[STEP]()))
