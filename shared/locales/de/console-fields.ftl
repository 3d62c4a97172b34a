# Fields of an API client: labels and hints.

label-client-name = Name
hint-client-name = Unter diesem Namen finden Sie ihn in Listen und E-Mails. Er lässt sich ändern.
label-description = Beschreibung
hint-description = Welches Programm es ist, und wer es betreibt.
label-client-uri = Website
hint-client-uri = Wo die Anwendung zu finden ist, etwa https://shop.example.
label-contacts = Kontakte
hint-contacts = Adressen, die vor dem Ablauf eine E-Mail bekommen, neben den Mitgliedern, die Clients verwalten. Eine je Zeile, höchstens 10.
label-expires-on = Secret endet am
label-redirect-uris = Weiterleitungs-URLs
hint-redirect-uris = Wohin Personen nach der Anmeldung zurückkehren. Eine je Zeile. Verglichen wird ohne die Abfrage; * steht für einen Abschnitt des Pfads oder den ersten Teil des Hostnamens.
label-allowed-ips = Erlaubte Adressen
label-access-token-lifetime = Zugriffstoken gelten
label-refresh-token-lifetime = Anmeldungen gelten
label-jwks-uri = URL der öffentlichen Schlüssel
label-jwks = Öffentliche Schlüssel
label-client-id = Client-ID
label-grant-types = Was er anfordern darf
label-permissions = Was darf er aufrufen?
label-federated-identities = Workload
