# Every page.

problem-title = Problem: { $title }
try-again = Try again
go-back-to = Go back to { $host }
for-developers = For developers: <code>{ $code }</code>, { $description }.

# The operator's links at the foot of pages and e-mails.

brand-links = More
brand-support = Help
brand-docs = Documentation
brand-legal = Legal notice
