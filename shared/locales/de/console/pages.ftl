# Die Konsole.

## Rahmen
skip = Zum Inhalt springen
menu = Menü
nav-label = Seiten des Kontos
breadcrumbs-label = Wo Sie sind
nav-overview = Übersicht
nav-clients = API-Clients
change-account = Konto wechseln
signed-in-as = Angemeldet als <strong>{ $email }</strong>
me-link = Meine Einstellungen
sign-out = Abmelden
acting-as-operator = Sie handeln in <strong><bdi>{ $account }</bdi></strong> als Betreiber.
copy = Kopieren
copied = Kopiert
copy-of = { $what } kopieren
copy-client-id = Client-Kennung von { $name } kopieren
to-the-console = Zur Konsole
problems-title = Einige Felder sind noch nicht richtig
by-api = Dasselbe über die API
by-api-hint = Mit einem Access-Token eines API-Clients, der die Rechte dafür hat, oder in einem Skript.

## Zeiten
time-now = jetzt
time-minutes-ago = { $n ->
    [one] vor 1 Minute
   *[other] vor { $n } Minuten
}
time-hours-ago = { $n ->
    [one] vor 1 Stunde
   *[other] vor { $n } Stunden
}
time-in-minutes = { $n ->
    [one] in 1 Minute
   *[other] in { $n } Minuten
}
time-in-hours = { $n ->
    [one] in 1 Stunde
   *[other] in { $n } Stunden
}
minutes = { $n ->
    [one] 1 Minute
   *[other] { $n } Minuten
}

## Konten einer Person
choose-account-title = Welches Konto?
choose-account-lead = Sie sind Mitglied dieser Konten.
choose-account-search = Name oder Kennung eines Kontos
choose-account-find = Suchen
choose-account-all = Alle zeigen
no-rights = keine Rechte
account-provider-only = Seine Mitglieder melden sich nur beim Anbieter an.
account-code-only = Seine Mitglieder melden sich nur mit einem Code per E-Mail an.
sign-in-otherwise = Auf dem anderen Weg anmelden
account-is-disabled = Dieses Konto ist gesperrt.
accounts-truncated = Sie sind Mitglied in mehr Konten, als hier gezeigt werden.
continue-in = Weiter in <bdi>{ $account }</bdi>

## Sitzungen
me-title = Meine Einstellungen
me-lead = Sie sind angemeldet als <strong>{ $email }</strong>.
sessions-title = Wo Sie angemeldet sind
sessions-hint = Beenden Sie die anderen, wenn Sie eine davon nicht kennen oder irgendwo einen Browser offen gelassen haben.
session-where = Wo
session-account = Konto
session-since = Seit
session-seen = Zuletzt benutzt
this-session = Dieser Browser
unknown-address = Unbekannte Adresse
unknown-browser = Unbekannter Browser
browser-on-system = { $browser } auf { $system }
unknown-browser-on-system = Unbekannter Browser auf { $system }
end-others = Alle anderen Sitzungen beenden

## Clients
clients-title = API-Clients
no-clients-title = Noch keine API-Clients
no-clients-message = Ein API-Client ist ein Programm von Ihnen, das unsere APIs aufrufen darf. Es bekommt eine Kennung und ein Secret, oder weist sich mit einem eigenen Schlüssel aus, und tauscht sie gegen Access-Tokens.
no-clients-choose = Wählen Sie unten, was Ihr Programm ist: Jede Art fragt nach wenig und zeigt, wie es weitergeht.
no-clients-ask = Mitglieder mit dem Recht clients:manage legen sie an.
no-clients-help = Wie Programme Tokens bekommen und benutzen
no-active-clients = Kein API-Client ist aktiv.
show-disabled = Zeigen
no-match = Kein API-Client passt dazu.
no-match-here = Unter den älteren kann es welche geben.
more-on-next-page = Auf der nächsten Seite können mehr sein.
clear-filters = Filter aufheben
filter = Zeigen
filter-text = Name oder Kennung
filter-status = Status
filter-attention = Braucht Aufmerksamkeit
status-active = Aktiv
status-disabled = Gesperrt
status-all = Alle
column-name = Name
column-status = Status
column-attention = Aufmerksamkeit
column-signs-in = Meldet sich an mit
column-ends = Endet
column-used = Zuletzt benutzt
pager-label = Seiten der Liste
not-used-for-90-days = Seit 90 Tagen nicht
filter-any = Alle
filter-ends-within = Endet in
ends-within-7 = 7 Tagen
ends-within-14 = 14 Tagen
ends-within-30 = 30 Tagen
ends-within-90 = 90 Tagen
more-filters = Weitere Filter und Reihenfolge
sort = Reihenfolge
sort-newest = Neueste zuerst
sort-ends = Nächstes Ende zuerst
sort-used = Zuletzt verwendete zuerst
sort-is-off = Ihr Konto hat mehr als 1.000 API-Clients: Die neuesten stehen oben. Die Filter wirken wie immer.
disabled-hidden = { $n ->
    [one] 1 gesperrter Client ist ausgeblendet.
   *[other] { $n } gesperrte Clients sind ausgeblendet.
}
disabled-are-hidden = Gesperrte Clients sind ausgeblendet.
show-all = Alle zeigen
first-page = Erste Seite
next-page = Nächste Seite
newer-page = Neuere
older-page = Ältere
previous-page = Vorige Seite
export-csv = Als CSV exportieren
csv-truncated = Es gibt weitere Clients. Grenzen Sie die Filter ein, um die übrigen zu exportieren.
more-about = Mehr zu { $name }
never-used = nie
used-today = heute
in-use-today = heute in Benutzung
open-link = Öffnen
signs-in-secret = Secret
signs-in-key = Schlüssel
signs-in-platform = Plattform
signs-in-nothing = Nichts (öffentlich)
attention-title = Braucht Aufmerksamkeit
website = Website
may-call = Darf aufrufen
may-call-nothing = Noch nichts: Seine Tokens öffnen keine API.
scopes = { $n ->
    [one] 1 Recht
   *[other] { $n } Rechte
}
token-lifetime = Tokens gelten
allowed-addresses = Erlaubte Adressen
anywhere = Alle
contacts = Kontakte
no-contacts = Keine außer den Mitgliedern, die Clients verwalten
created = Angelegt
next-reminder-to = An { $people }
changes-link = Wer ihn angelegt und geändert hat
last-change = Letzte Änderung

## Gründe für Aufmerksamkeit
attention-no-permissions = Er hat keine Berechtigungen
attention-no-credentials = Er hat nichts, womit er sich anmelden kann
attention-secret-expiring = Sein Secret endet { $when }
attention-secret-expired = Sein Secret endete { $when }
attention-older-secret-expiring = Ein älteres Secret, das noch benutzt wird, läuft bald ab
attention-certificate-expiring = Sein Zertifikat endet bald
attention-certificate-expired = Sein Zertifikat ist abgelaufen
attention-wildcard-redirect = Eine Weiterleitungs-URL hat einen Platzhalter
attention-stored-secret-missing = Ein Secret fehlt im Secrets Manager
attention-not-entitled = Ihr Konto darf nicht alles nutzen, was ihm erlaubt ist
attention-shared-audience = Eine andere API hat dieselbe Audience wie eine von seinen
attention-open-allowlist = Seine erlaubten Adressen sind alle Adressen
attention-jwks-uri-not-allowed = Die Adresse seiner Schlüssel ist nicht mehr erlaubt
attention-mail-deferred = Erinnerungen zu ihm warten
attention-no-recipients = Niemand würde vor dem Ablauf erinnert
attention-keys-unavailable = Seine Schlüssel konnten nicht abgerufen werden
attention-no-usable-key = Keiner seiner Schlüssel ist verwendbar
attention-unroutable-allowlist = Eine erlaubte Adresse gibt es im Internet nicht
attention-filter-all = Alle Clients
attention-filter-any = Irgendetwas
attention-filter-no-permissions = Keine Berechtigungen
attention-filter-no-credentials = Nichts zum Anmelden
attention-filter-secret-expiring = Secret endet bald
attention-filter-secret-expired = Secret abgelaufen
attention-filter-older-secret-expiring = Älteres benutztes Secret läuft bald ab
attention-filter-certificate-expiring = Zertifikat endet bald
attention-filter-certificate-expired = Zertifikat abgelaufen
attention-filter-wildcard-redirect = Platzhalter in einer Weiterleitungs-URL
attention-filter-stored-secret-missing = Gespeichertes Secret fehlt
attention-filter-not-entitled = Mehr, als das Konto nutzen darf
attention-filter-shared-audience = Gemeinsame Audience
attention-filter-open-allowlist = Offen für alle Adressen
attention-filter-jwks-uri-not-allowed = Adresse der Schlüssel nicht erlaubt
attention-filter-mail-deferred = Erinnerungen warten
attention-filter-no-recipients = Niemand wird erinnert
attention-filter-keys-unavailable = Schlüssel nicht abgerufen
attention-filter-no-usable-key = Kein verwendbarer Schlüssel
attention-filter-unroutable-allowlist = Unmögliche Adresse

## Fehler
error-session-ended-title = Ihre Sitzung ist beendet
error-session-ended-message = Es wurde nichts geändert. Melden Sie sich wieder an und wiederholen Sie, was Sie getan haben.
error-session-ended-kept = Es wurde nichts geändert, und Ihre Eingaben sind noch da. Melden Sie sich an, prüfen Sie sie und senden Sie sie noch einmal.
error-session-ended-button = Anmelden
draft-kept = Ihre Eingaben sind noch da, und es wurde noch nichts geändert. Prüfen Sie sie und senden Sie sie ab.
error-no-account-title = Kein Konto
error-no-account-message = Diese Adresse ist in keinem Konto Mitglied. Bitten Sie den Administrator Ihres Kontos, sie hinzuzufügen.
error-confirm-title = Bestätigen Sie, wer Sie sind
error-confirm-message = Dafür müssen Sie sich vor kurzem angemeldet haben.
error-other-sign-in-title = Dieses Konto verlangt eine andere Anmeldung
error-provider-only-message = Seine Mitglieder melden sich beim Anbieter an. Ein Code per E-Mail oder ein Link öffnet hier nichts. Melden Sie sich noch einmal an, und zwar beim Anbieter; geht das nicht, fragen Sie die Administratorin oder den Administrator Ihres Kontos. Es wurde nichts geändert.
error-code-only-message = Seine Mitglieder melden sich mit einem Code an, der per E-Mail kommt, und nicht beim Anbieter. Melden Sie sich noch einmal an, und zwar mit einem Code. Es wurde nichts geändert.
error-account-disabled-title = Dieses Konto ist gesperrt
error-account-disabled-message = Seine API-Clients bekommen keine Tokens, und nichts kann geändert werden. Wenden Sie sich an den Betreiber dieser Seite.
error-not-found-title = Hier ist nichts
error-not-found-message = Die Seite gibt es nicht, oder sie gehört zu einem Konto, in dem Sie nicht Mitglied sind.
error-method-title = Hier ist nichts
error-method-message = Diese Adresse gehört zu einem Formular und zeigt selbst nichts.
error-scope-title = Das dürfen Sie nicht
error-scope-message = Dafür braucht es in diesem Konto das Recht { $scope }. Ein Administrator, der Mitglieder verwaltet, kann es Ihnen geben.
error-forbidden-title = Das dürfen Sie nicht
error-forbidden-message = Ihre Rechte in diesem Konto erlauben es nicht. Es wurde nichts geändert.
error-cross-site-title = Das kam nicht von unserer Seite
error-cross-site-message = Was Sie gesendet haben, kam nicht von einer Seite Ihrer jetzigen Sitzung; es wurde nichts getan. Gehen Sie zurück, laden Sie die Seite neu und wiederholen Sie es.
error-too-long-title = Das ist zu lang
error-too-long-message = Es wurde nichts geändert. Alle Angaben zusammen dürfen { $limit } KB haben.
error-too-long-field = hat { $size } KB: Kürzen Sie es auf { $room } KB
error-too-long-kept = Alles andere, was Sie eingegeben haben, ist noch da. Kürzen Sie dieses Feld und senden Sie das Formular noch einmal.
error-invalid-title = Das kann nicht verwendet werden
error-invalid-message = Es wurde nichts geändert. Gehen Sie zurück und berichtigen Sie dies:
error-changed-title = Es wurde inzwischen geändert
error-changed-message = Jemand hat es geändert, seit Sie die Seite geladen haben. Sie haben nichts geändert. Laden Sie die Seite neu.
error-conflict-title = Jetzt nicht möglich
error-conflict-message = Der jetzige Zustand erlaubt es nicht. Es wurde nichts geändert. Laden Sie die Seite neu.
error-limit-title = Die Grenze ist erreicht
error-limit-message = { $limit }. Löschen Sie einige, oder bitten Sie den Betreiber dieser Seite um eine höhere Grenze.
error-scope-administrators = Diese Personen verwalten hier die Mitglieder:
error-retry = Was Sie gesendet haben, ist noch da.
error-retry-button = Noch einmal versuchen
error-rate-title = Zu oft
error-rate-message = { $n ->
    [one] Das wurde zu oft versucht. Es wurde nichts geändert. Versuchen Sie es in 1 Minute wieder.
   *[other] Das wurde zu oft versucht. Es wurde nichts geändert. Versuchen Sie es in { $n } Minuten wieder.
}
error-unavailable-title = Etwas ist gestört
error-unavailable-message = Soweit wir wissen, wurde nichts geändert. Warten Sie einen Moment und versuchen Sie es wieder.

## Was mit einem Client als Ganzem geschieht
actions-label = Was möglich ist
cancel = Abbrechen
last-used-on = Zuletzt benutzt: { $day }.
tokens-verified-offline = APIs, die Tokens offline prüfen, nehmen die bisher ausgestellten noch bis längstens { $at } an.
disable-link = Sperren
disable-title = { $name } sperren?
disable-button = Sperren
disable-no-tokens = Ab jetzt bekommt er keine Tokens, niemand kann sich über ihn anmelden, und die Introspection nennt seine Tokens inaktiv.
disable-is-reversible = Sie können ihn jederzeit wieder freigeben.
enable-link = Freigeben
enable-title = { $name } freigeben?
enable-button = Freigeben
enable-tokens-work-again = Er bekommt sofort wieder Tokens. Auch früher ausgestellte, die noch nicht abgelaufen sind, gelten wieder, wenn Sie sie nicht widerrufen.
enable-revoke-tokens = Alle bisher ausgestellten Tokens widerrufen
revoke-tokens-link = Alle Tokens widerrufen
revoke-tokens-title = Alle Tokens von { $name } widerrufen?
revoke-tokens-button = Alle Tokens widerrufen
revoke-tokens-inactive = Die Introspection nennt alle seine Tokens inaktiv, auch die, die für Personen handeln, und seine Refresh-Tokens werden abgelehnt.
revoke-tokens-secrets-stay = Seine Secrets und Schlüssel bleiben: Er kann sofort neue Tokens holen.
delete-link = Löschen
delete-title = { $name } löschen?
delete-button = Endgültig löschen
delete-secret = Secret …{ $hint } gilt sofort nicht mehr. Zuletzt benutzt: { $day }.
delete-keys = Seine Schlüssel und Plattform-Identitäten gelten sofort nicht mehr.
delete-consents = { $n ->
    [0] Niemand hat ihm erlaubt, für sich zu handeln.
    [one] Eine Person hat ihm erlaubt, für sie zu handeln. Das endet.
   *[other] { $n } Personen haben ihm erlaubt, für sie zu handeln. Das endet.
}
delete-consents-at-least = Mindestens { $n } Personen haben ihm erlaubt, für sie zu handeln. Das endet.
delete-was-used = Er wurde { $when } benutzt. Erst sperren und abwarten?
delete-disable-first = Erst sperren
delete-is-final = Das kann nicht rückgängig gemacht werden, und seine Kennung wird nie wieder verwendet.
delete-type-name = Geben Sie den Namen <strong><bdi>{ $name }</bdi></strong> ein, um ihn zu löschen
delete-wrong-name = Das ist nicht sein Name. Es wurde nichts gelöscht.
done-disabled = Gesperrt. Er bekommt keine Tokens mehr.
done-enabled = Freigegeben.
done-tokens-revoked = Alle Tokens sind widerrufen.
done-deleted = Gelöscht.

## Links in die Konsole
link-title = Weiter in der Konsole
link-message = Dieser Link meldet Sie als <strong>{ $email }</strong> in <strong><bdi>{ $account }</bdi></strong> an. Er gilt einmal.
link-button = Weiter als <bdi>{ $email }</bdi>
error-link-title = Dieser Link gilt nicht mehr
error-link-message = Ein Link gilt einmal und nur kurze Zeit. Melden Sie sich an, oder holen Sie einen neuen Link, wo Sie diesen bekommen haben.

## Übersicht
overview-truncated = Hier werden nur die neuesten 1.000 Clients betrachtet.
attention-none = Nichts: Jeder Client kann sich anmelden, und nichts davon endet bald.
no-recipients = Niemand hier bekommt E-Mails, bevor etwas endet: Kein Mitglied mit dem Recht clients:manage bekommt welche, und es gibt keine Kontaktadressen.
no-recipients-add = Jemanden hinzufügen
no-recipients-own = Selbst welche bekommen
no-recipients-ask = Wer die Mitglieder dieses Kontos verwaltet, kann jemanden hinzufügen.
ends-next = Endet als Nächstes
ends-none = Nichts endet.
refused-lately = In den letzten 24 Stunden abgewiesen
refused-none = Kein Client wurde abgewiesen.
refused-more = { $n ->
    [one] Und aus einem weiteren Grund.
   *[other] Und aus { $n } weiteren Gründen.
}
ends-all = Alles, was endet
ends-renew-of = Zugangsdaten von { $name } erneuern
start-title = Was ein Programm braucht
start-message = Mit Kennung und Secret bekommt es Token an der Token-URL. APIs prüfen sie mit den öffentlichen Schlüsseln.
token-url = Token-URL
keys-url = Öffentliche Schlüssel
issuer = Aussteller (Issuer)
