# Was abläuft: Kalender, und die Seite eines Kontos.

calendar-name = { $account }: Secrets und Zertifikate ({ $site })
calendar-secret = Secret …{ $hint } von { $client } läuft ab
calendar-certificate = Das Zertifikat von { $client } läuft ab
calendar-description = Danach wird es nicht mehr angenommen. Erneuern Sie es vorher, in der Konsole von { $site }.

nav-expiry = Ablauf
expiry-title = Ablauf
expiry-range-label = Wie weit voraus
expiry-none = In dieser Zeit läuft nichts ab.
expiry-picture-first = Zuerst: { $what } von { $client }, { $at }.
expiry-timeline = Von der Erstellung bis zum Ablauf
expiry-secret = Secret …{ $hint }
expiry-certificate = Zertifikat { $hint }…
expiry-in-use = In Benutzung
expiry-not-used = Noch nicht benutzt
expiry-paused = Pausiert
expiry-expired = Abgelaufen
expiry-expired-in-use = Abgelaufen, noch versucht
expiry-reminder-sent = Erinnerung verschickt
expiry-reminder-to-come = Erinnerung geplant
expiry-reminders = Erinnerungen
expiry-sent = { $days }: verschickt { $at } an { $people }
expiry-sent-after = Nach dem Ablauf: verschickt { $at } an { $people }
expiry-next = Nächste { $at }, an { $people }
expiry-next-now = Nächste binnen einer Stunde, an { $people }
expiry-no-one = den Betreiber, da hier niemand sie bekommt
expiry-no-more = Keine mehr
expiry-renew = Erneuern
feed-title = In Ihrem Kalender
feed-intro = Ein Kalenderprogramm kann zeigen, was hier abläuft: Namen von API-Clients und die letzten vier Zeichen von Secrets. Wer die URL hat, kann das lesen.
feed-once = Kopieren Sie diese URL jetzt: sie wird nicht noch einmal angezeigt. Fügen Sie sie in Ihrem Kalenderprogramm als Kalender aus dem Internet hinzu.
feed-made = Kalender angelegt { $at }
feed-made-hint = Kalender …{ $hint }.ics, angelegt { $at }
feed-end-hint = Den Kalender …{ $hint }.ics beenden, der { $at } angelegt wurde
feed-end = Beenden
feed-end-label = Den Kalender beenden, der { $at } angelegt wurde
feed-add = Neue Kalender-URL
feed-enough = Sie haben drei Kalender. Beenden Sie einen, um einen neuen anzulegen.
done-calendar-shown = Die URL eines Kalenders wird einmal gezeigt. Wenn Sie sie nicht gespeichert haben, beenden Sie ihn und legen Sie einen neuen an.
done-calendar-ended = Der Kalender ist beendet: seine URL zeigt nichts mehr.
expiry-picture-title = { $n ->
    [one] Ein Secret oder Zertifikat läuft ab
   *[other] { $n } Secrets und Zertifikate laufen ab
}
expiry-range = { $n ->
    [one] { $n } Tag
   *[other] { $n } Tage
}
expiry-people = { $n ->
    [one] eine Person
   *[other] { $n } Personen
}
expiry-days-before = { $n ->
    [one] { $n } Tag davor
   *[other] { $n } Tage davor
}
expiry-truncated = { $n ->
    [one] Nur der neueste Client wird betrachtet.
   *[other] Das Konto hat mehr als { $n } Clients: die neuesten davon werden betrachtet.
}
expiry-picture-range = { $n ->
    [one] Im nächsten { $n } Tag.
   *[other] In den nächsten { $n } Tagen.
}
