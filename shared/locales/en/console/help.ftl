# The console: help.

help-title = Help
help-reference = Every route and member of the management API, for programs:
help-in-english = This part is in English.
help-functions = The commands use the functions api and field. They are defined in:
help-start = Get started
help-tokens = Get a token
help-tokens-about = From id and secret to an access token, and what each error means.
help-client-authentication = Sign in as a client
help-client-authentication-about = With a secret, with a key, or with the token of a platform.
help-verification = Verify tokens
help-verification-about = For an API: offline, at the gateway, or by asking.
help-people = Act for a person
help-people-about = People sign in and agree to what an app may do for them.
help-secrets = Secrets and rotation
help-secrets-about = Replacing a secret without a moment in which a program is refused.
help-reminders = Reminders
help-reminders-about = Who gets a mail before a secret ends, and when.
help-management-api = Management API
help-management-api-about = Everything in this console, for programs.
