# The e-mail about a sign-in to the console from a browser that was not seen before.

new-sign-in = New sign-in to the console
new-sign-in-text = { $email } has signed in to the console, account { $account }, in a browser that was not used for it before.
new-sign-in-time = Time
new-sign-in-address = Address
new-sign-in-unknown-address = unknown
new-sign-in-yours = If this was you, there is nothing to do.
new-sign-in-not-yours = If this was not you:
new-sign-in-end-sessions = Sign in yourself, and end all other sessions on the page about you:
new-sign-in-secure-mailbox = Change the password of your mailbox: who reads your mail can sign in as you.
new-sign-in-tell = Tell an administrator of your account, who sees in the audit trail what was changed.
