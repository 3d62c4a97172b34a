# Die Einstellungen eines Kontos.

account-settings-title = Einstellungen des Kontos
account-settings-name-hint = Wie die Mitglieder es kennen und E-Mails es nennen.
account-settings-locale-hint = Für Mitglieder, die keine gewählt haben, und für Kontakte.
account-settings-limits-hint = Der Betreiber dieser Website setzt sie.
account-settings-id = Kennung des Kontos
account-settings-used = { $used } von { $limit }
account-settings-name = Name und Sprache
account-contacts = Kontakte für alle API-Clients
account-contacts-hint = Adressen, die eine E-Mail bekommen, bevor etwas in diesem Konto endet, neben den Mitgliedern, die Clients verwalten, und den Kontakten jedes Clients. Eine je Zeile, höchstens 10.
account-contacts-unreached = Diese bekommen keine E-Mails: Sie haben sie abbestellt, oder E-Mails an sie kamen zurück.
account-secrets = Wie lange Secrets gelten
account-secrets-note = Für neue Secrets. Vorhandene bleiben, wie sie sind.
account-secret-default = Übliche Dauer, in Tagen
account-secret-default-hint = Wenn kein anderes Ende gewählt wird. Leer: { $days }, wie es der Betreiber dieser Website festgelegt hat.
account-secret-max = Längste Dauer, in Tagen
account-secret-max-hint = Ein späteres Ende wird abgelehnt. Leer: { $days }; mehr erlaubt diese Website nicht.
account-sign-in = Wie sich Mitglieder anmelden
account-sign-in-hint = Es wirkt beim nächsten Klick aller, die angemeldet sind.
account-sign-in-code-only = Mit einem Code, der an ihr Postfach gesendet wird. Diese Website hat keinen Anbieter, bei dem man sich anmelden könnte.
account-sign-in-confirm = Mit einem Code, der an ihr Postfach gesendet wird, oder bei einem Anbieter. Um das zu ändern, bestätigen Sie zuerst, dass Sie es sind.
account-sign-in-both = Mit einem Code per E-Mail oder bei { $provider }
account-sign-in-both-hint = Das Konto ist so sicher wie der schwächere der beiden Wege: Wer die E-Mails eines Mitglieds liest, kann sich anmelden.
account-sign-in-provider = Nur bei { $provider }
account-sign-in-provider-hint = Codes per E-Mail und Links öffnen hier nichts mehr. Mitglieder, die dort niemand kennt, können sich nicht mehr anmelden.
account-sign-in-code = Nur mit einem Code per E-Mail
