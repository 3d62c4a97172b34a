# The console: credentials that are shown, and how a client is used.

## Using a client
tab-use = Use it
use-title = Use it
use-lead = What a program needs to get access tokens as this client.
use-audience = For
authorization-url = Sign-in URL
use-program-title = A program that gets tokens
use-program-environment = It reads <code>{ $variable }</code> from the environment, so that nothing secret is in its code or on its command line.
use-program-keeps = It keeps a token until a minute before it ends, and tries again when it is asked to.
use-languages = Languages
use-library-title = Signing people in
use-library = People sign in through this client. Any OAuth 2.0 library does that: give it the issuer, the client id and one of the redirect URLs; it finds the rest at the issuer, and uses PKCE (S256).
use-verify-title = How an API verifies the tokens
use-verify-lead = An API that gets a token checks its signature with the published keys, and issuer, audience and end. These programs do it.
use-example-title = What is in a token

## Credentials that are shown once
client-ready-title = Your API client is ready
client-ready-lead = It has no secret. This is what its program needs.
shown-secret-again-later = The secret can be shown again later, to those who hold the right to it. Save it now all the same.
credentials-not-saved = The secret is shown this once. Save it before you go on: if you lose it, you have to make a new one.
credentials-saved = I have saved the secret
credentials-done = Done
to-the-client = Go to the client
test-title = Test it now
test-hint = We try the secret as your program would, from your address, and say what a token would hold. No token is issued.
test-button = Test now
test-works = The secret works.
test-sign-in-only = People sign in through this client, so it gets no tokens for itself.
test-claims = What a token would hold
test-denied = The secret is right, but there would be no token: { $detail } ({ $error }).
test-expired = The secret has ended.
test-paused = The secret is paused. Resume it on the page of the credentials.
test-disabled = The secret is right, but the client is disabled.
test-account-disabled = The secret is right, but the account is disabled.
test-address = The secret is right, but your address is not among the allowed ones.
test-method = The client does not sign in with a secret.
test-wrong-secret = That is not the secret of this client any more.
download-title = Download
download-hint = A file with the secret in it. Keep it where only your program can read it, and out of version control.
programs-hint = Each reads the secret from the environment, and has none in it.
programs-hint-key = Each reads the private key from the environment (PRIVATE_KEY), and has none in it. There is no secret.
programs-hint-workload = Each reads the platform’s token from the environment (WORKLOAD_TOKEN, or the file that WORKLOAD_TOKEN_FILE names). There is no secret.
first-audience = Files and programs name the first of its APIs. For another one, put its address in place of the first.

## What needs attention
remedy-permissions = Change permissions
remedy-credentials = Give it a secret or a key
remedy-redirects = Narrow redirect URLs
remedy-addresses = Change addresses
remedy-contacts = Add a contact
