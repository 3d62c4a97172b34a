// The client helpers of the MCP TypeScript SDK run the code flow for a resource.
//
// Shows: discovery with the SDK's own header and checks; `resource` with the slash that `URL` gives an empty path; PKCE; a
// public client.
//
// In: STEP ISSUER CLIENT_ID RESOURCE, and for the step `begin` REDIRECT_URI [SCOPE], for `finish` CALLBACK STATE VERIFIER
// REDIRECT_URI, for `refresh` REFRESH_TOKEN. Out: { url, state, verifier } to begin with, then the token response.

import {
  discoverAuthorizationServerMetadata,
  exchangeAuthorization,
  refreshAuthorization,
  startAuthorization,
} from '@modelcontextprotocol/sdk/client/auth.js'

const { STEP, ISSUER, CLIENT_ID, RESOURCE, REDIRECT_URI, SCOPE } = process.env
const { CALLBACK, STATE, VERIFIER, REFRESH_TOKEN } = process.env

const metadata = await discoverAuthorizationServerMetadata(ISSUER)
const resource = new URL(RESOURCE)
const common = { metadata, clientInformation: { client_id: CLIENT_ID }, resource }

const steps = {
  async begin() {
    const state = crypto.randomUUID()
    const more = { redirectUrl: REDIRECT_URI, state, scope: SCOPE }
    const { authorizationUrl, codeVerifier } = await startAuthorization(ISSUER, { ...common, ...more })
    return { url: authorizationUrl, state, verifier: codeVerifier }
  },
  finish() {
    const { searchParams } = new URL(CALLBACK)
    if (searchParams.get('state') !== STATE) throw new Error('another state')
    const code = searchParams.get('code')
    const more = { authorizationCode: code, codeVerifier: VERIFIER, redirectUri: REDIRECT_URI }
    return exchangeAuthorization(ISSUER, { ...common, ...more })
  },
  refresh: () => refreshAuthorization(ISSUER, { ...common, refreshToken: REFRESH_TOKEN }),
}
console.log(JSON.stringify(await steps[STEP]()))
