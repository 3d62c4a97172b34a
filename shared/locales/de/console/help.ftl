# Die Konsole: Hilfe.

help-title = Hilfe
help-reference = Alle Routen und Felder der Management-API, für Programme:
help-in-english = Dieser Teil ist auf Englisch.
help-functions = Die Befehle benutzen die Funktionen api und field. Sie stehen in:
help-start = Erste Schritte
help-tokens = Ein Token holen
help-tokens-about = Von ID und Secret zum Access-Token, und was jeder Fehler bedeutet.
help-client-authentication = Sich als Client anmelden
help-client-authentication-about = Mit einem Secret, mit einem Schlüssel oder mit dem Token einer Plattform.
help-verification = Tokens prüfen
help-verification-about = Für eine API: offline, am Gateway oder durch Nachfragen.
help-people = Für eine Person handeln
help-people-about = Personen melden sich an und stimmen zu, was eine Anwendung für sie tun darf.
help-secrets = Secrets und ihr Wechsel
help-secrets-about = Ein Secret ersetzen, ohne dass ein Programm auch nur kurz abgewiesen wird.
help-reminders = Erinnerungen
help-reminders-about = Wer eine Mail bekommt, bevor ein Secret endet, und wann.
help-management-api = Management-API
help-management-api-about = Alles aus dieser Konsole, für Programme.
