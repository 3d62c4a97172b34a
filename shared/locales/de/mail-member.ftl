# E-Mails an Mitglieder über ihre Mitgliedschaft.

mail-member-account = Konto
mail-member-address = Ihre Adresse
mail-member-until = Gültig bis
mail-member-unexpected = Wenn Sie das nicht erwarten, brauchen Sie nichts zu tun.
mail-member-secrecy = { $brand } verschickt nie ein Secret per Mail und fragt nie danach.
mail-invitation-subject = Einladung zu { $account }
mail-invitation-lead = { $inviter } lädt Sie in die Konsole von { $account } ein, in der API-Clients verwaltet werden.
mail-invitation-how = Melden Sie sich dort mit der Adresse an, an die diese E-Mail ging. Ein neues Passwort brauchen Sie nicht.
mail-invitation-button = Anmelden
mail-invitation-by = Eingeladen von
mail-confirm-email-subject = Neue Adresse bei { $account } bestätigen
mail-confirm-email-lead = Sie sollen sich an der Konsole von { $account } mit der Adresse anmelden, an die diese E-Mail ging.
mail-confirm-email-how = Bestätigen Sie auf der Seite, dass sie Ihnen gehört. Bis dahin ändert sich nichts.
mail-confirm-email-button = Seite öffnen
mail-email-changed-subject = Ihre Adresse bei { $account } wurde geändert
mail-email-changed-lead = Ab jetzt melden Sie sich an der Konsole von { $account } mit einer anderen Adresse an. Was Sie mit dieser geöffnet hatten, ist beendet.
mail-email-changed-new = Neue Adresse
mail-email-changed-unexpected = Wenn Sie das nicht erwartet haben, sagen Sie es sofort einer Person, die das Konto { $account } verwaltet.
