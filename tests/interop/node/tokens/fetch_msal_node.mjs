// MSAL, Microsoft's library, gets a client_credentials token from a server that is not Microsoft's.
//
// Its `protocolMode` must be OIDC. It only speaks https, so the network client here stands for the proxy that ends TLS.
//
// In: ISSUER CLIENT_ID CLIENT_SECRET SCOPE. Out: { access_token }.

import { ConfidentialClientApplication, ProtocolMode } from '@azure/msal-node'

const { ISSUER, CLIENT_ID, CLIENT_SECRET, SCOPE } = process.env

const withTls = (text) => text.replaceAll('http://', 'https://')
const send = async (method, url, { headers, body } = {}) => {
  const response = await fetch(url.replace('https://', 'http://'), { method, headers, body })
  return {
    status: response.status,
    headers: Object.fromEntries(response.headers),
    body: JSON.parse(withTls(await response.text())),
  }
}

const application = new ConfidentialClientApplication({
  auth: {
    clientId: CLIENT_ID,
    clientSecret: CLIENT_SECRET,
    authority: withTls(ISSUER),
    knownAuthorities: [new URL(ISSUER).host],
  },
  system: {
    protocolMode: ProtocolMode.OIDC,
    networkClient: {
      sendGetRequestAsync: (url, options) => send('GET', url, options),
      sendPostRequestAsync: (url, options) => send('POST', url, options),
    },
  },
})
const { accessToken } = await application.acquireTokenByClientCredential({ scopes: SCOPE.split(' ') })
console.log(JSON.stringify({ access_token: accessToken }))
