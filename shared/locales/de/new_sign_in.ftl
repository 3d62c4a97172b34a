# The e-mail about a sign-in to the console from a browser that was not seen before.

new-sign-in = Neue Anmeldung an der Konsole
new-sign-in-text = { $email } hat sich an der Konsole angemeldet, Konto { $account }, in einem Browser, der dafür noch nicht benutzt wurde.
new-sign-in-time = Zeit
new-sign-in-address = Adresse
new-sign-in-unknown-address = unbekannt
new-sign-in-yours = Wenn Sie das waren, ist nichts zu tun.
new-sign-in-not-yours = Wenn Sie das nicht waren:
new-sign-in-end-sessions = Melden Sie sich selbst an, und beenden Sie auf der Seite über Sie alle anderen Sitzungen:
new-sign-in-secure-mailbox = Ändern Sie das Passwort Ihres Postfachs: Wer Ihre Mails liest, kann sich als Sie anmelden.
new-sign-in-tell = Sagen Sie es einer Person, die Ihr Konto verwaltet: Sie sieht im Protokoll, was geändert wurde.
