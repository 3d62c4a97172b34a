# Mitglieder: Liste, Hinzufügen, Ändern und Entfernen, und die Bestätigung einer neuen Adresse.

confirm-email-title = Adresse bestätigen
confirm-email-message = Sie sollen sich an der Konsole von <strong><bdi>{ $account }</bdi></strong> ab jetzt als <strong>{ $email }</strong> anmelden.
confirm-email-effect = Was mit Ihrer bisherigen Adresse geöffnet ist, endet sofort. Anwendungen, die Sie für sich handeln lassen, fragen Sie erneut.
confirm-email-button = Das ist meine Adresse
