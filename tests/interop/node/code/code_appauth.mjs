// AppAuth-JS runs the code flow as a public client and refreshes, with its defaults.
//
// Its handlers open a browser window; this one only makes the URL. Version 1.4 needs a bundler, which Node has not.
//
// In: STEP ISSUER CLIENT_ID, and for the step `begin` REDIRECT_URI SCOPE, for `finish` CALLBACK VERIFIER REDIRECT_URI,
// for `refresh` and `revoke` REFRESH_TOKEN REDIRECT_URI. Out: { url, state, verifier } to begin with, then the token response.

import appauth from '@openid/appauth'
import node from '@openid/appauth/built/node_support/index.js'

const { STEP, ISSUER, CLIENT_ID, REDIRECT_URI, SCOPE, CALLBACK, STATE, VERIFIER, REFRESH_TOKEN } = process.env

const requestor = new node.NodeRequestor()
const service = await appauth.AuthorizationServiceConfiguration.fetchFromIssuer(ISSUER, requestor)
const tokens = new appauth.BaseTokenRequestHandler(requestor)
const client = { client_id: CLIENT_ID, redirect_uri: REDIRECT_URI }

const perform = async (members) => {
  const response = await tokens.performTokenRequest(service, new appauth.TokenRequest({ ...client, ...members }))
  return response.toJson()
}

const steps = {
  async begin() {
    const request = new appauth.AuthorizationRequest({ ...client, scope: SCOPE }, new node.NodeCrypto())
    await request.setupCodeVerifier()
    const url = new node.NodeBasedHandler().buildRequestUrl(service, request)
    return { url, state: request.state, verifier: request.internal.code_verifier }
  },
  finish() {
    const answer = new URL(CALLBACK).searchParams
    if (answer.get('state') !== STATE) throw new Error('the state is another one')
    const extras = { code_verifier: VERIFIER }
    return perform({ grant_type: appauth.GRANT_TYPE_AUTHORIZATION_CODE, code: answer.get('code'), extras })
  },
  refresh: () => perform({ grant_type: appauth.GRANT_TYPE_REFRESH_TOKEN, refresh_token: REFRESH_TOKEN }),
  async revoke() {
    await tokens.performRevokeTokenRequest(
      service,
      new appauth.RevokeTokenRequest({ token: REFRESH_TOKEN, client_id: CLIENT_ID }),
    )
    return {}
  },
}
console.log(JSON.stringify(await steps[STEP]()))
