# Fields of an API client: labels and hints.

label-client-name = Name
hint-client-name = Unter diesem Namen finden Sie ihn in Listen und E-Mails. Er lässt sich ändern.
label-description = Beschreibung
hint-description = Welches Programm es ist, und wer es betreibt.
label-client-uri = Website
hint-client-uri = Wo die Anwendung zu finden ist, etwa https://shop.example.
label-contacts = Kontakte
hint-contacts = Adressen, die vor dem Ablauf eine E-Mail bekommen, neben den Mitgliedern, die Clients verwalten. Eine je Zeile, höchstens 10.
hint-contacts-now = { $n ->
    [0] Adressen, die vor dem Ablauf eine E-Mail bekommen, neben den Mitgliedern, die Clients verwalten: Von ihnen bekommt zurzeit niemand eine. Eine je Zeile, höchstens 10.
    [one] Adressen, die vor dem Ablauf eine E-Mail bekommen, neben den Mitgliedern, die Clients verwalten: zurzeit 1 Person. Eine je Zeile, höchstens 10.
   *[other] Adressen, die vor dem Ablauf eine E-Mail bekommen, neben den Mitgliedern, die Clients verwalten: zurzeit { $n } Personen. Eine je Zeile, höchstens 10.
}
label-expires-on = Secret endet am
label-redirect-uris = Weiterleitungs-URLs
hint-redirect-uris = Wohin Personen nach der Anmeldung zurückkehren. Eine je Zeile. Verglichen wird ohne die Abfrage; * steht für einen Abschnitt des Pfads oder den ersten Teil des Hostnamens.
label-allowed-ips = Erlaubte Adressen
label-access-token-lifetime = Access-Tokens gelten
label-refresh-token-lifetime = Anmeldungen gelten
label-jwks-uri = URL der öffentlichen Schlüssel
label-jwks = Öffentliche Schlüssel
label-client-id = Client-ID
label-grant-types = Was er anfordern darf
label-permissions = Was darf er aufrufen?
label-federated-identities = Workload
label-public-key-pem = Öffentlicher Schlüssel
hint-public-key-pem = PEM, ein Zertifikat, ein OpenSSH-Schlüssel oder ein JWK-Set. Nie der private Schlüssel.
hint-jwks-uri = Eine https-URL, die mit einem JWK-Set antwortet.
hint-allowed-ips = Eine Adresse oder ein CIDR-Block je Zeile. Leer heißt: von überall.
hint-own-address = Ihre Adresse ist { $address }.
hint-refresh-token-lifetime = Wie lange Personen angemeldet bleiben.
hint-client-id = Nur beim Umzug von einem anderen System: die ID, die er dort hat. Sie beginnt mit der ID Ihres Kontos. Leer für eine neue. Das Secret lässt sich nicht mitbringen: Es wird ein neues erzeugt.
