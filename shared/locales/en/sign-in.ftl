# The pages of a sign-in, up to the consent page.

sign-in-title = Sign in to { $client }
sign-in-heading = Sign in
sign-in-lead = to go on to <strong><bdi>{ $client }</bdi></strong>
sign-in-lead-of-account = to go on to <strong><bdi>{ $client }</bdi></strong>, an application of <strong><bdi>{ $account }</bdi></strong>
sign-in-console = API clients
sign-in-lead-console = to manage API clients
sign-in-email-label = E-mail address
sign-in-email-hint = You get a code to sign in with. There is no password.
sign-in-send-code = Send me a code
sign-in-or = or
sign-in-with-provider = Continue with <bdi>{ $provider }</bdi>
sign-in-cancel = Cancel and go back to <bdi>{ $client }</bdi>
sign-in-other-address = Use another address

# A person who is signed in to the console confirms who they are.
confirm-heading = Confirm it is you
confirm-lead = What you are about to do is sensitive, so it needs a confirmation that is at most 10 minutes old. You stay signed in.
confirm-address = Signed in as <strong class="address">{ $email }</strong>
confirm-send-code = Send code
confirm-code-sent = A code of 8 digits is on its way to <strong class="address">{ $email }</strong>.
confirm-submit = Confirm
confirm-cancel = Cancel

code-title = Enter the code for { $client }
code-heading = Check your e-mail
code-sent = If <strong class="address">{ $email }</strong> can sign in to <bdi>{ $client }</bdi>, a code of 8 digits is on its way there.
code-application-of = <bdi>{ $client }</bdi> is an application of <bdi>{ $account }</bdi>.
code-label = Code
code-hint = It works once, within { $n } minutes. If you asked more than once, only the newest e-mail has the code. Nobody will ever ask you for it but this page.
code-submit = Sign in
code-send-new = Send a new code

not-a-member-title = You cannot sign in to { $client } with this address
not-a-member-heading = You are not a member
not-a-member-signed-in = You have signed in as <strong class="address">{ $email }</strong>.
not-a-member-signed-in-at = You have signed in at { $provider } as <strong class="address">{ $email }</strong>.
not-a-member-of = This address is no member of <strong><bdi>{ $account }</bdi></strong>, to which <bdi>{ $client }</bdi> belongs.
not-a-member-advice = Sign in with the address that you have there, or ask the administrators of <bdi>{ $account }</bdi> to add you.
other-identity-heading = This is another sign-in
other-identity-of = The member of <strong><bdi>{ $account }</bdi></strong> with this address has signed in with another user of that site before, so this one is not let in.
other-identity-advice = Sign in as that user. If there is only you, for instance because your user was made anew, ask the administrators of <bdi>{ $account }</bdi>: the operator of this site can reset it.
not-a-member-of-any = This address is no member of any account here.
not-a-member-advice-any = Sign in with another address, or ask the administrator of your account to add this one.
other-identity-of-any = The member with this address has signed in with another user of that site before, so this one is not let in.
other-identity-advice-any = Sign in as that user. If there is only you, for instance because your user was made anew, ask the administrator of your account: the operator of this site can reset it.

# What is wrong with a form.

address-invalid = Enter an e-mail address such as ann@example.com.
code-invalid = Enter the 8 digits from the e-mail. This was not counted as a try.
code-wrong = { $n ->
    [one] That is not the code. You have 1 try left.
   *[other] That is not the code. You have { $n } tries left.
}
code-no-attempts = That was not the code, and it cannot be tried again. Ask for a new one.
code-expired = The code has expired. Ask for a new one.
provider-failed = Signing in at { $provider } did not work. You can try again.
provider-unnamed = the other site
