# Erinnerungen: Betreff.

reminder-secret-expires = Secret von „{ $client }“ läuft { $when } ab ({ $date })
reminder-certificate-expires = Zertifikat von „{ $client }“ läuft { $when } ab ({ $date })
reminder-expire-soon = { $what } von { $account } laufen bald ab, das erste { $when }
reminder-secret-expired = Secret von „{ $client }“ ist abgelaufen{ $rest }
reminder-certificate-expired = Zertifikat von „{ $client }“ ist abgelaufen{ $rest }
reminder-expired = { $what } von { $account } sind abgelaufen{ $rest }
reminder-secrets = { $n ->
    [one] 1 Secret
   *[other] { $n } Secrets
}
reminder-certificates = { $n ->
    [one] 1 Zertifikat
   *[other] { $n } Zertifikate
}
reminder-both = { $secrets } und { $certificates }
reminder-tried-one = {" "}und wird noch verwendet
reminder-tried-all = {" "}und werden noch verwendet
reminder-without-one = {" "}und hat keinen Ersatz
reminder-without-all = {" "}und haben keinen Ersatz
reminder-more = { $n ->
    [one] , 1 weiteres läuft bald ab
   *[other] , { $n } weitere laufen bald ab
}

# Erinnerungen: was endet.

reminder-expiry = Ablauf
reminder-expires = Läuft { $when } ab: { $instant }
reminder-ended = Abgelaufen { $when }: { $instant }
reminder-never-used = nie verwendet
reminder-last-used = zuletzt verwendet am { $date }
reminder-not-used-yet = noch nicht verwendet
reminder-paused = pausiert, sodass kein Programm es verwenden kann
reminder-newer = Neueres
reminder-newer-secret = Neueres Secret { $newer }
reminder-newer-row = Neueres: { $newer }
reminder-certificate-ended = Der Client hat nichts anderes, womit er Tokens erhält.
reminder-secret-ended = Das Programm, das es verwendet, funktioniert jetzt nicht.
reminder-certificate-ended-row = jetzt keine Tokens
reminder-secret-ended-row = funktioniert jetzt nicht
reminder-replace-secret = Secret ersetzen
reminder-replace-older = Älteres Secret ersetzen
reminder-replace-certificate = Zertifikat ersetzen
reminder-client-and-secret = Client und Secret
reminder-client-and-certificate = Client und Zertifikat
reminder-client-and-credential = Client und Zugangsdaten
reminder-and-more = <strong>Und { $n } weitere.</strong> Dies sind die dringendsten; der reine Textteil dieser E-Mail führt alle auf.

# Erinnerungen: was zu tun ist.

reminder-each-secret = Was zu tun ist, für jedes Secret
reminder-each-secret-without = Was zu tun ist, für jedes Secret ohne ein neueres
reminder-each-older = Was zu tun ist, für jedes Secret, zu dem es ein neueres gibt
reminder-each-certificate = Was zu tun ist, für jedes Zertifikat
reminder-open-member = Öffnen Sie den Link und melden Sie sich an, wenn Sie dazu aufgefordert werden.
reminder-open-contact =
    Öffnen Sie den Link, oder leiten Sie diese E-Mail an eine Person weiter, die
    die API-Clients des Kontos { $account } verwaltet: Zum Öffnen muss man sich
    als eine von ihnen anmelden.
reminder-create =
    Erstellen Sie dort ein neues Secret. Das alte gilt bis zu seinem Ablauf, es
    fällt also nichts aus.
reminder-give = Geben Sie dem Programm das neue Secret.
reminder-end =
    Sobald die Seite zeigt, dass das Programm es verwendet, beenden Sie dort das
    alte.
reminder-secret-consequence =
    Ein Programm, dessen Secret abgelaufen ist, erhält keine Tokens mehr, bis es
    ein neues Secret hat.
reminder-give-newer =
    Geben Sie das neuere Secret, das oben genannt ist, jedem Programm, das noch
    das ältere verwendet. Ein drittes ist nicht nötig.
reminder-end-older =
    Sobald die Seite zeigt, dass das ältere nicht mehr verwendet wird, beenden
    Sie es dort.
reminder-get-certificate =
    Beschaffen Sie ein neues Zertifikat, für den Schlüssel des Programms oder für
    einen neuen.
reminder-upload =
    Hinterlegen Sie das neue Zertifikat für den Client. Es tritt sofort an die Stelle des
    alten.
reminder-give-key =
    Wenn der Schlüssel neu ist, geben Sie ihn dem Programm im selben Moment. Mit
    dem bisherigen Schlüssel braucht das Programm nichts.
reminder-certificate-consequence =
    Für einen neuen Schlüssel ohne Unterbrechung geben Sie anstelle des
    Zertifikats die öffentlichen Schlüssel ein oder die Adresse, unter der das
    Programm sie veröffentlicht: Der alte und der neue gelten dann beide. Ein
    abgelaufenes Zertifikat erhält keine Tokens mehr.
