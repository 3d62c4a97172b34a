# Every page.

try-again = Try again
go-back-to = Go back to { $host }
for-developers = For developers: <code>{ $code }</code>, { $description }.
