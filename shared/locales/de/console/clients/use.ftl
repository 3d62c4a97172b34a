# The console: credentials that are shown, and how a client is used.

## Einen Client benutzen
tab-use = Verwenden
use-title = Verwenden
use-lead = Was ein Programm braucht, um als dieser Client Access-Tokens zu bekommen.
use-audience = Für
authorization-url = Anmelde-URL
use-program-title = Ein Programm, das Tokens holt
use-program-environment = Es liest <code>{ $variable }</code> aus der Umgebung, damit nichts Geheimes in seinem Code oder auf der Befehlszeile steht.
use-program-keeps = Es behält ein Token bis eine Minute vor dem Ende und versucht es erneut, wenn es darum gebeten wird.
use-languages = Sprachen
use-library-title = Personen anmelden
use-library = Über diesen Client melden sich Personen an. Das kann jede OAuth-2.0-Bibliothek: Geben Sie ihr Aussteller, Client-ID und eine der Weiterleitungs-URLs; alles Weitere findet sie beim Aussteller, und sie verwendet PKCE (S256).
use-verify-title = Wie eine API die Tokens prüft
use-verify-lead = Eine API, die ein Token bekommt, prüft die Signatur mit den veröffentlichten Schlüsseln, dazu Aussteller, Empfänger und Ende. Diese Programme tun das.
use-example-title = Was in einem Token steht

## Zugangsdaten, die einmal gezeigt werden
client-ready-title = Ihr API-Client ist bereit
client-ready-lead = Er hat kein Secret. Das braucht sein Programm.
shown-secret-again-later = Das Secret kann später noch einmal gezeigt werden, wenn man das Recht dazu hat. Speichern Sie es trotzdem jetzt.
credentials-not-saved = Das Secret wird nur dieses eine Mal gezeigt. Speichern Sie es, bevor Sie weitergehen: Geht es verloren, brauchen Sie ein neues.
credentials-saved = Ich habe das Secret gespeichert
credentials-done = Fertig
to-the-client = Zum Client
test-title = Jetzt testen
test-hint = Wir probieren das Secret, wie es Ihr Programm täte, von Ihrer Adresse aus, und sagen, was in einem Token stünde. Es wird kein Token ausgestellt.
test-button = Jetzt testen
test-works = Das Secret funktioniert.
test-sign-in-only = Über diesen Client melden sich Personen an; für sich selbst bekommt er keine Tokens.
test-claims = Was in einem Token stünde
test-denied = Das Secret stimmt, aber es gäbe kein Token: { $detail } ({ $error }).
test-expired = Das Secret ist abgelaufen.
test-paused = Das Secret ist angehalten. Setzen Sie es auf der Seite der Zugangsdaten fort.
test-disabled = Das Secret stimmt, aber der Client ist deaktiviert.
test-account-disabled = Das Secret stimmt, aber das Konto ist deaktiviert.
test-address = Das Secret stimmt, aber Ihre Adresse gehört nicht zu den erlaubten.
test-method = Der Client meldet sich nicht mit einem Secret an.
test-wrong-secret = Das ist nicht mehr das Secret dieses Clients.
download-title = Herunterladen
download-hint = Eine Datei, in der das Secret steht. Bewahren Sie sie dort auf, wo nur Ihr Programm sie lesen kann, und nicht in der Versionsverwaltung.
programs-hint = Jedes liest das Secret aus der Umgebung und enthält keines.
programs-hint-key = Jedes liest den privaten Schlüssel aus der Umgebung (PRIVATE_KEY) und enthält keinen. Ein Secret gibt es nicht.
programs-hint-workload = Jedes liest das Token der Plattform aus der Umgebung (WORKLOAD_TOKEN, oder die Datei, die WORKLOAD_TOKEN_FILE nennt). Ein Secret gibt es nicht.
first-audience = Dateien und Programme nennen die erste seiner APIs. Für eine andere setzen Sie ihre Adresse an die Stelle der ersten.

## What needs attention
remedy-permissions = Rechte ändern
remedy-credentials = Secret oder Schlüssel hinzufügen
remedy-redirects = Weiterleitungs-URLs eingrenzen
remedy-addresses = Adressen ändern
remedy-contacts = Kontakt hinzufügen
