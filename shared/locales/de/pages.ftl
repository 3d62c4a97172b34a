# Jede Seite.

try-again = Erneut versuchen
go-back-to = Zurück zu { $host }
for-developers = Für Entwickler: <code>{ $code }</code>, { $description }.
