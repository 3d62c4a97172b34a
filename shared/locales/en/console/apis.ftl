# The APIs that an account may use.

nav-apis = APIs
apis-lead = What API clients of this account can be allowed to call.
apis-none = There are no APIs that this account may use. The operator of this site opens them to it.
api-stage = Stage
api-service = Service and stage
api-audience = Audience
api-id = Id
api-scopes = Rights
api-clients = API clients
api-algorithm = Tokens are signed with
api-documentation = Documentation
api-holders = { $n ->
    [0] none
    [one] 1 client
   *[other] { $n } clients
}
api-holders-at-least = { $n ->
    [one] at least 1 client
   *[other] at least { $n } clients
}
api-what-clients-may = What clients may be allowed
api-metadata = What the API says about itself
api-metadata-lead = An API that answers with this document tells programs, such as MCP clients, where tokens for it come from (RFC 9728). It belongs at
api-metadata-none = Its audience is no https URL, so there is no place for a document about it (RFC 9728).
api-verify = Tokens for it come from { $issuer }, and are verified with the public keys there.
