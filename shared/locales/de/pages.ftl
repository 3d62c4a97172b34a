# Jede Seite.

problem-title = Problem: { $title }
try-again = Erneut versuchen
go-back-to = Zurück zu { $host }
for-developers = Für Entwickler: <code>{ $code }</code>, { $description }.

# Die Links des Betreibers am Fuß von Seiten und E-Mails.

brand-links = Mehr
brand-support = Hilfe
brand-docs = Dokumentation
brand-legal = Rechtliches
