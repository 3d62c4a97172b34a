# The APIs that an account may use.

nav-apis = APIs
apis-lead = Was API-Clients dieses Kontos aufrufen dürfen, wenn Sie es ihnen erlauben.
apis-none = Dieses Konto darf noch keine API benutzen. Der Betreiber dieser Seite schaltet APIs frei.
api-stage = Stufe
api-service = Dienst und Stufe
api-audience = Audience
api-id = Kennung
api-scopes = Rechte
api-clients = API-Clients
api-algorithm = Tokens sind signiert mit
api-documentation = Dokumentation
api-holders = { $n ->
    [0] keine
    [one] 1 Client
   *[other] { $n } Clients
}
api-holders-at-least = { $n ->
    [one] mindestens 1 Client
   *[other] mindestens { $n } Clients
}
api-what-clients-may = Was Clients erlaubt werden kann
api-metadata = Was die API über sich selbst sagt
api-metadata-lead = Eine API, die mit diesem Dokument antwortet, sagt Programmen wie MCP-Clients, woher Tokens für sie kommen (RFC 9728). Es gehört unter
api-metadata-none = Ihre Audience ist keine https-URL, deshalb gibt es keinen Ort für ein Dokument über sie (RFC 9728).
api-verify = Tokens für sie kommen von { $issuer } und werden mit den öffentlichen Schlüsseln von dort geprüft.
