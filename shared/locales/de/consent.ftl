# Die Seite der Zustimmung.

consent-title = { $client } erlauben?
consent-heading = <bdi>{ $client }</bdi> möchte für Sie handeln
consent-you = Sie sind
consent-account = Konto
consent-offered-by = Anbieter
consent-website = Website
consent-could = In <bdi>{ $resource }</bdi> könnte die Anwendung
consent-could-nothing = In <bdi>{ $resource }</bdi> könnte die Anwendung in Ihrem Namen handeln, ohne ein bestimmtes Recht.
consent-public = Diese App kann nicht beweisen, wer sie ist. Erlauben Sie es nur, wenn Sie sie gerade selbst geöffnet haben.
consent-allow = Erlauben
consent-deny = Nicht erlauben
consent-back = In beiden Fällen geht es zurück zu <strong class="address">{ $host }</strong>.
consent-remembered = Was Sie erlauben, wird gespeichert. Ihre Administratoren können es zurücknehmen.
consent-remembered-by = Was Sie erlauben, wird gespeichert. Die Administratoren von <bdi>{ $account }</bdi> können es zurücknehmen.
consent-switch-user = Nicht Sie? Als jemand anderes anmelden
