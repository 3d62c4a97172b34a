# Die Konsole: die Zugangsdaten eines Clients und wie sie ersetzt werden.

tabs-label = Seiten dieses API-Clients
tab-overview = Übersicht
tab-credentials = Zugangsdaten

## Zugangsdaten
credentials-title = Zugangsdaten
secrets-title = Secrets
no-secrets = Er hat kein Secret.
secret-still-counts = Ein Secret gilt noch, obwohl es einen Schlüssel oder eine Plattform hat.
secrets-not-accepted = Er hat noch ein Secret, das nicht mehr angenommen wird: Er meldet sich anders an. Widerrufen Sie es.
client-id = Client-ID
client-secret = Client-Secret
rotate-link = Secret ersetzen
rotate-link-add = Secret hinzufügen
secret-ending-in = Secret mit der Endung { $hint }
secret-hint = Letzte Zeichen
secret-tried = Nach seinem Ende versucht: { $day }
secret-reminders = Erinnerungen
secret-reminders-on = An
secret-reminders-off = Aus
secret-state-in-use = In Gebrauch
secret-state-idle = Länger nicht benutzt
secret-state-unused = Noch nicht benutzt
secret-state-paused = Angehalten
secret-state-ended = Abgelaufen
secret-show = Anzeigen
secret-pause = Anhalten
secret-resume = Fortsetzen
secret-remind = Erinnerungen einschalten
secret-mute = Erinnerungen ausschalten
secret-end = Früher beenden
secret-pause-hint = Anhalten lässt sich zurücknehmen: Es gilt sofort nicht mehr, und wieder, sobald Sie es fortsetzen.
secret-pause-only-hint = Anhalten lässt sich zurücknehmen. Es gilt sofort nicht mehr, und weil es das einzige Secret ist, das gilt, erhalten Ihre Programme keine Tokens, bis Sie es fortsetzen.
secret-changes-link = Wer es angelegt hat
credentials-of-public = Ein öffentlicher Client hat keine: Eine App ohne Server kann kein Secret bewahren. Nichts von ihm endet, und Erinnerungen werden nicht gesendet.
keys-title = Schlüssel und Plattformen
key-kind = Was
key-value = Bekannt als
key-certificate = Zertifikat
key-public = Öffentlicher Schlüssel
key-url = URL öffentlicher Schlüssel
key-platform = Identität einer Plattform

## Ein Secret widerrufen
revoke-secret-link = Widerrufen
revoke-secret-title = { $secret } widerrufen?
revoke-secret-stops = Es gilt sofort nicht mehr: Programme, die es benutzen, erhalten keine Tokens mehr.
revoke-secret-is-last = Es ist das einzige Secret, das gilt. Ohne es erhält der Client keine Tokens.
revoke-secret-tokens-stay = Schon ausgestellte Tokens gelten bis zu ihrem Ende weiter.
revoke-secret-is-final = Das lässt sich nicht rückgängig machen. Um vorher zu sehen, was ausfällt, halten Sie es stattdessen an.
revoke-secret-type-hint = Es wurde in den letzten sieben Tagen benutzt. Geben Sie seine letzten vier Zeichen ein, <strong>{ $hint }</strong>, um es zu widerrufen
revoke-secret-wrong-hint = Das sind nicht seine letzten vier Zeichen. Es wurde nichts widerrufen.
revoke-secret-button = { $hint } widerrufen

## Ein Secret, das angezeigt wird
shown-secret-title = Speichern Sie diese Zugangsdaten jetzt
shown-secret-once = Das Secret wird nur dieses eine Mal angezeigt. Auch wir können es nicht noch einmal anzeigen.
shown-secret-again = Kopieren Sie das Secret dorthin, wo Ihr Programm es liest. Es kann wieder angezeigt werden.
shown-secret-gone-title = Das Secret wurde schon angezeigt
shown-secret-gone = Es wurde einmal angezeigt: Auch wir können es nicht noch einmal anzeigen. Wenn { $hint } nicht gespeichert wurde, legen Sie ein neues Secret an.
shown-secret-gone-for-now = { $hint } wurde mit diesem Formular angelegt. Wer das Recht hat, Secrets anzuzeigen, kann es bei den Zugangsdaten des Clients wieder anzeigen.
make-new-secret = Neues Secret anlegen
to-the-credentials = Zu seinen Zugangsdaten

## Ein neues Secret
secret-ends-on = Das neue Secret endet
secret-ends-other = An einem anderen Tag
secret-ends-day = Der andere Tag
secret-ends-error = An diesem Tag kann das Secret nicht enden.
secret-label = Bezeichnung
secret-label-hint = Freiwillig: wie Sie es nennen, höchstens 30 Zeichen.
secret-remind-me = Erinnerungen vor seinem Ende senden
secret-remind-to = { $days } Tage vor dem Ende, an { $people }.
reminders-to-no-one = Erinnerungen bekäme niemand: Kein Mitglied darf Clients verwalten, und es gibt keine Kontakte.
and-more = { $first } und { $more } weitere
reminders-go-to = Erinnerungen gehen an
next-reminder = Nächste Erinnerung

## Ein Secret ersetzen
rotate-title = Secret ersetzen
rotate-steps = Schritte
rotate-step-add = Hinzufügen
rotate-step-watch = Beobachten
rotate-step-end = Das alte beenden
rotate-add-title = Ein zweites Secret hinzufügen
rotate-add-lead = Das neue Secret gilt neben dem jetzigen. Nichts fällt aus: Ihre Programme können nacheinander wechseln.
rotate-add-first = Zurzeit gilt kein Secret. Das neue gilt sofort.
rotate-add-button = Zweites Secret hinzufügen
rotate-add-first-button = Secret hinzufügen
rotate-cannot-manage = Sie dürfen dies sehen, aber nicht ändern: Dafür ist das Recht clients:manage nötig.
rotate-confirm = Das neue Secret wird Ihnen angezeigt. Bestätigen Sie zuerst, dass Sie es sind.
rotate-confirm-link = Bestätigen, dass ich es bin
rotate-replace-title = Ein Secret an Stelle von { $hint } hinzufügen
rotate-replace-lead = Dieses gilt sofort nicht mehr; das andere bleibt.
rotate-replace-breaks = Es wurde in den letzten sieben Tagen benutzt: Programme, die es benutzen, erhalten keine Tokens mehr.
rotate-replace-button = { $hint } ersetzen
rotate-watch-title = Welches wird benutzt?
rotate-refresh = Erneut nachsehen
rotate-old = Alt
rotate-new = Neu
rotate-end-title = { $hint } beenden
rotate-pause = Zuerst anhalten
rotate-pause-hint = Empfohlen. Es gilt sofort nicht mehr, und wenn etwas ausfällt, gilt es wieder, sobald Sie es fortsetzen.
rotate-resume = { $hint } fortsetzen
rotate-resume-hint = Es gilt sofort wieder.
rotate-old-needed = Es ist das einzige Secret, das gilt. Setzen Sie zuerst das neue fort: Sonst erhalten Ihre Programme von da an keine Tokens.
rotate-revoke = Jetzt widerrufen
rotate-revoke-hint = Es gilt sofort nicht mehr und kommt nicht zurück.
rotate-end-on = Am { $at } beenden
rotate-end-hint = Bis dahin gilt es. Das Ende lässt sich vorziehen, aber nicht aufschieben.
rotate-let-end = Oder tun Sie nichts: Es endet von selbst am { $at }.
rotate-third = Ich brauche noch ein neues Secret
rotate-third-which = Mehr als zwei Secrets sind nicht möglich. Welches wird ersetzt?
rotate-third-newest = Das neueste, { $hint } (zuletzt benutzt: { $used })
rotate-third-oldest = Das älteste, { $hint } (zuletzt benutzt: { $used })
rotate-third-breaks = Was es benutzt, geht dann nicht mehr.
rotate-third-next = Weiter
rotate-leaked-lead = Ist ein Secret in falsche Hände geraten?
rotate-leaked-link = Es ist bekannt geworden: alle Secrets sofort ersetzen

## Was die Benutzung zeigt
finding-new-unused = Das neue Secret { $new } wurde noch nicht benutzt. Geben Sie es Ihrem Programm; bis dahin wird { $old } gebraucht.
finding-new-paused = Das neue Secret { $new } ist angehalten. Setzen Sie es fort, bevor Sie das alte beenden.
finding-both-used = Einige Ihrer Programme benutzen noch das alte Secret { $old } (zuletzt benutzt: { $day }). Sehen Sie morgen wieder nach.
finding-old-idle = Das neue Secret { $new } ist in Gebrauch, das alte Secret { $old } nicht (zuletzt benutzt: { $day }). Sie können es gefahrlos beenden.
finding-old-paused = Das alte Secret { $old } ist angehalten. Wenn es einen Tag lang nicht gefehlt hat, können Sie es gefahrlos widerrufen.
finding-old-paused-and-tried = Ein Programm hat das angehaltene Secret { $old } in den letzten 24 Stunden versucht und wurde abgewiesen. Geben Sie ihm das neue, oder setzen Sie das alte fort.
finding-old-paused-unmissed = Das alte Secret { $old } ist angehalten und hat einen Tag lang nicht gefehlt. Sie können es gefahrlos widerrufen.

## Ein Secret, das bekannt geworden ist
leaked-title = Alle Secrets von { $name } ersetzen?
leaked-stops = Alle seine Secrets gelten sofort nicht mehr, auch nicht für die, die eines gefunden haben.
leaked-programs-break = Ihre eigenen Programme erhalten keine Tokens mehr, bis sie das neue Secret haben, das als Nächstes angezeigt wird.
leaked-new-ends = Das neue Secret endet am { $at }.
leaked-revoke-tokens = Auch alle bisher ausgestellten Tokens widerrufen
leaked-type-name = Geben Sie den Namen <strong><bdi>{ $name }</bdi></strong> ein, um sie zu ersetzen
leaked-wrong-name = Das ist nicht sein Name. Es wurde nichts ersetzt.
leaked-button = Alle Secrets ersetzen
leaked-tokens-not-revoked = Die Secrets sind ersetzt, aber die Tokens konnten nicht widerrufen werden. Speichern Sie das Secret und widerrufen Sie dann alle Tokens auf der Seite des Clients.

## Was geschehen ist
done-secret-paused = Angehalten. Es wird abgewiesen, bis Sie es fortsetzen.
done-secret-resumed = Fortgesetzt. Es gilt wieder.
done-secret-revoked = Das Secret ist widerrufen.
done-secret-ends = Es endet an diesem Tag.
done-reminders-on = Erinnerungen sind eingeschaltet.
done-reminders-off = Erinnerungen sind ausgeschaltet.
done-two-secrets = Die Secrets haben sich inzwischen geändert, darum wurde keines hinzugefügt. Sehen Sie, was jetzt da ist.
