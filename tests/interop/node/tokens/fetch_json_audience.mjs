// The token request of several vendors' clients: a JSON body, and `audience` for the resource.
//
// Shows: a program written against such a vendor moves over by changing its URL. No library,
// because these clients are just this: node's own fetch. With client_secret_post the credentials
// are members of the JSON, as those clients also send them.
//
// In: ISSUER CLIENT_ID CLIENT_SECRET RESOURCE AUTH_METHOD [SCOPE]. Out: the token response.

const { ISSUER, CLIENT_ID, CLIENT_SECRET, RESOURCE, AUTH_METHOD, SCOPE } = process.env

const metadata = await fetch(`${ISSUER}/.well-known/oauth-authorization-server`).then((r) => r.json())
if (metadata.issuer !== ISSUER) throw new Error(`these are not the metadata of ${ISSUER}`)

const basic = `Basic ${Buffer.from(`${CLIENT_ID}:${CLIENT_SECRET}`).toString('base64')}`
const [headers, members] = {
  client_secret_basic: [{ authorization: basic }, {}],
  client_secret_post: [{}, { client_id: CLIENT_ID, client_secret: CLIENT_SECRET }],
}[AUTH_METHOD]

const response = await fetch(metadata.token_endpoint, {
  method: 'POST',
  headers: { 'content-type': 'application/json', ...headers },
  body: JSON.stringify({
    grant_type: 'client_credentials',
    audience: RESOURCE,
    scope: SCOPE || undefined, // left out when unset
    ...members,
  }),
})
if (!response.ok) throw new Error(`${response.status} ${await response.text()}`)
console.log(JSON.stringify(await response.json()))
