# The settings of an account.

account-settings-title = Account settings
account-settings-name-hint = As its members know it, and as e-mails call it.
account-settings-locale-hint = For members who have chosen none, and for contacts.
account-settings-limits-hint = The operator of this site sets them.
account-settings-id = Account id
account-settings-used = { $used } of { $limit }
account-settings-name = Name and language
account-contacts = Contacts of all API clients
account-contacts-hint = Addresses that get a mail before anything of this account ends, besides the members who manage clients and the contacts of each client. One a line, at most 10.
account-contacts-unreached = These get no mails: they stopped them, or mails to them came back.
account-secrets = How long secrets live
account-secrets-note = For new secrets. Those that there are stay as they are.
account-secret-default = Usual lifetime, in days
account-secret-default-hint = Where no other end is chosen. Empty: { $days }, as the operator of this site has set.
account-secret-max = Longest lifetime, in days
account-secret-max-hint = A later end is refused. Empty: { $days }, which is the most that this site allows.
account-sign-in = How members sign in
account-sign-in-hint = It acts on the next click of everyone who is signed in.
account-sign-in-code-only = With a code that is sent to their mailbox. This site has no provider to sign in at.
account-sign-in-confirm = With a code that is sent to their mailbox or at a provider. To change that, confirm first who you are.
account-sign-in-both = With a code by e-mail, or at { $provider }
account-sign-in-both-hint = The account is as safe as the weaker of the two: whoever reads a member’s mails can sign in.
account-sign-in-provider = At { $provider } only
account-sign-in-provider-hint = Codes by e-mail and links open nothing here any more. Members without a user there can no longer sign in.
account-sign-in-code = With a code by e-mail only
