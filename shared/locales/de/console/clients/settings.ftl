# Die Konsole: die Einstellungen eines Clients.

tab-settings = Einstellungen
settings-title = Einstellungen
settings-save = Speichern
settings-changed = Es wurde nichts gespeichert. Was Sie eingegeben haben, steht noch im Formular: Speichern Sie es noch einmal, um zu ersetzen, was jetzt da ist.
settings-lifetimes = Gültigkeit von Tokens
settings-lifetimes-note = Für Tokens von jetzt an. Schon ausgestellte behalten ihr Ende.
hint-in-days = { $n ->
    [one] In Tagen, höchstens 1.
   *[other] In Tagen, höchstens { $n }.
}
hint-in-hours = { $n ->
    [one] In Stunden, höchstens 1.
   *[other] In Stunden, höchstens { $n }.
}
hint-in-minutes = { $n ->
    [one] In Minuten, höchstens 1.
   *[other] In Minuten, höchstens { $n }.
}
hint-in-seconds = { $n ->
    [one] In Sekunden, höchstens 1.
   *[other] In Sekunden, höchstens { $n }.
}
settings-own-refused = Sie sind unter { $address }, was diese Liste abweist. Läuft Ihr Programm dort, fügen Sie die Adresse hinzu.
settings-refused-title = In den letzten sieben Tagen abgewiesen
settings-refused-hint = Adressen, die ein Token anforderten und nicht in der Liste standen: je Stunde die erste.
settings-wildcard = Mit einem Platzhalter
settings-wildcard-matching = Lässt zum Beispiel zu
settings-wildcard-other = Lässt nicht zu
settings-grants-hint = Tokens für Personen brauchen Weiterleitungs-URLs: Setzen Sie diese zuerst.
settings-secrets = Secrets
settings-secrets-note = Für das nächste Secret. Vorhandene bleiben, wie sie sind.
settings-display = Anzeige eines Secrets
settings-display-once = Es wird einmal angezeigt, wenn es angelegt wird
done-settings-saved = Die Einstellungen sind gespeichert.
