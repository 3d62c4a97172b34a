// openapi-typescript makes types of the management API, and with them openapi-fetch creates an API client.
//
// Shows: the served document suffices; the types accept the call and refuse a member of another type.
//
// In: ISSUER TOKEN ACCOUNT. Out: the client that was created.

import createClient from 'openapi-fetch'
import openapiTypes, { astToString } from 'openapi-typescript'
import ts from 'typescript'

const { ISSUER, TOKEN, ACCOUNT } = process.env

const here = import.meta.dirname
const call = (clientName) => `
  import createClient from 'openapi-fetch'
  import type { paths } from './latchkey'
  const latchkey = createClient<paths>({ baseUrl: '' })
  const created = await latchkey.POST('/v1/accounts/{account_id}/clients', {
    params: { path: { account_id: '' } },
    body: { client_name: ${clientName}, permissions: [{ resource: '', scopes: [''] }] },
  })
  export const secret: string | undefined = created.data?.client_secret
`
const files = {
  [`${here}/latchkey.ts`]: astToString(await openapiTypes(new URL(`${ISSUER}/openapi.json`))),
  [`${here}/right.ts`]: call(`''`),
  [`${here}/wrong.ts`]: call('7'),
}

// The compiler reads these files from memory, and all others from the disk.
const options = { strict: true, noEmit: true, skipLibCheck: true, target: 'es2022', lib: ['es2022'], moduleResolution: 'bundler' }
const { options: parsed } = ts.convertCompilerOptionsFromJson({ ...options, module: 'es2022', types: [] }, here)
const host = ts.createCompilerHost(parsed)
const disk = { fileExists: host.fileExists, readFile: host.readFile, getSourceFile: host.getSourceFile }
host.fileExists = (name) => name in files || disk.fileExists(name)
host.readFile = (name) => files[name] ?? disk.readFile(name)
host.getSourceFile = (name, ...more) =>
  name in files ? ts.createSourceFile(name, files[name], ...more) : disk.getSourceFile(name, ...more)
const program = ts.createProgram([`${here}/right.ts`, `${here}/wrong.ts`], parsed, host)
const faults = ts.getPreEmitDiagnostics(program)
const unexpected = faults.filter(({ file }) => !file?.fileName.endsWith('/wrong.ts'))
if (unexpected.length) throw new Error(ts.formatDiagnostics(unexpected, host))
if (!faults.length) throw new Error('a number is accepted as the name')

const latchkey = createClient({ baseUrl: ISSUER, headers: { authorization: `Bearer ${TOKEN}` } })
const { data, error } = await latchkey.POST('/v1/accounts/{account_id}/clients', {
  params: { path: { account_id: ACCOUNT } },
  body: {
    client_name: 'Made by openapi-fetch',
    permissions: [{ resource: 'backoffice_api', scopes: ['orders:read'] }],
  },
})
if (error) throw new Error(JSON.stringify(error))
console.log(JSON.stringify(data))
