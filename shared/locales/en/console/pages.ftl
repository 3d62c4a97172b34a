# The console.

## Frame
skip = Skip to the content
menu = Menu
nav-label = Pages of the account
breadcrumbs-label = Where you are
nav-overview = Overview
nav-clients = API clients
change-account = Change account
signed-in-as = Signed in as <strong>{ $email }</strong>
me-link = My settings
sign-out = Sign out
acting-as-operator = You act in <strong><bdi>{ $account }</bdi></strong> as operator.
copy = Copy
copied = Copied
copy-of = Copy { $what }
copy-client-id = Copy the client id of { $name }
to-the-console = Go to the console
problems-title = Some fields need another look
by-api = The same by API
by-api-hint = With an access token of an API client that holds the rights for it, or in a script.

## Times
time-now = now
time-minutes-ago = { $n ->
    [one] 1 minute ago
   *[other] { $n } minutes ago
}
time-hours-ago = { $n ->
    [one] 1 hour ago
   *[other] { $n } hours ago
}
time-in-minutes = { $n ->
    [one] in 1 minute
   *[other] in { $n } minutes
}
time-in-hours = { $n ->
    [one] in 1 hour
   *[other] in { $n } hours
}
minutes = { $n ->
    [one] 1 minute
   *[other] { $n } minutes
}

## Accounts of a person
choose-account-title = Which account?
choose-account-lead = You are a member of these accounts.
choose-account-search = Name or id of an account
choose-account-find = Find
choose-account-all = Show all
no-rights = no rights
account-provider-only = Its members sign in at the provider only.
account-code-only = Its members sign in with a code by e-mail only.
sign-in-otherwise = Sign in another way
account-is-disabled = This account is disabled.
accounts-truncated = You are a member of more accounts than are shown here.
continue-in = Continue in <bdi>{ $account }</bdi>

## Sessions
me-title = My settings
me-lead = You are signed in as <strong>{ $email }</strong>.
sessions-title = Where you are signed in
sessions-hint = End the others if you do not know one of them, or have left a browser open somewhere.
session-where = Where
session-account = Account
session-since = Since
session-seen = Last used
this-session = This browser
unknown-address = Unknown address
unknown-browser = Unknown browser
browser-on-system = { $browser } on { $system }
unknown-browser-on-system = Unknown browser on { $system }
end-others = End all other sessions

## Clients
clients-title = API clients
no-clients-title = No API clients yet
no-clients-message = An API client is a program of yours that may call our APIs. It gets an id and a secret, or proves itself with a key of its own, and exchanges them for access tokens.
no-clients-choose = Choose below what your program is: each kind asks for little and shows what to do next.
no-clients-ask = Members with the right clients:manage create them.
no-clients-help = How programs get and use tokens
no-active-clients = No API client is active.
show-disabled = Show them
no-match = No API client matches.
no-match-here = There may be some among the older ones.
more-on-next-page = There may be more on the next page.
clear-filters = Clear filters
filter = Show
filter-text = Name or id
filter-status = Status
filter-attention = Needs attention
status-active = Active
status-disabled = Disabled
status-all = All
column-name = Name
column-status = Status
column-attention = Attention
column-signs-in = Signs in with
column-ends = Ends
column-used = Last used
pager-label = Pages of the list
not-used-for-90-days = Not for 90 days
filter-any = Any
filter-ends-within = Ends within
ends-within-7 = 7 days
ends-within-14 = 14 days
ends-within-30 = 30 days
ends-within-90 = 90 days
more-filters = More filters and order
sort = Order
sort-newest = Newest first
sort-ends = Next end first
sort-used = Last used first
sort-is-off = Your account has more than 1,000 API clients: they are shown newest first. Filters work as always.
disabled-hidden = { $n ->
    [one] 1 disabled client is hidden.
   *[other] { $n } disabled clients are hidden.
}
disabled-are-hidden = Disabled clients are hidden.
show-all = Show all
first-page = First page
next-page = Next page
newer-page = Newer
older-page = Older
previous-page = Previous page
export-csv = Export as CSV
csv-truncated = There are more clients. Narrow the filters to export the others.
more-about = More about { $name }
never-used = never
used-today = today
in-use-today = in use today
open-link = Open
signs-in-secret = Secret
signs-in-key = Key
signs-in-platform = Platform
signs-in-nothing = Nothing (public)
attention-title = Needs attention
website = Website
may-call = May call
may-call-nothing = Nothing yet: its tokens open no API.
scopes = { $n ->
    [one] 1 scope
   *[other] { $n } scopes
}
token-lifetime = Tokens live for
allowed-addresses = Allowed addresses
anywhere = Any
contacts = Contacts
no-contacts = None besides the members who manage clients
created = Created
next-reminder-to = To { $people }
changes-link = Who created and changed it
last-change = Last change

## Reasons for attention
attention-no-permissions = It has no permissions
attention-no-credentials = It has nothing to sign in with
attention-secret-expiring = Its secret ends { $when }
attention-secret-expired = Its secret ended { $when }
attention-older-secret-expiring = An older secret that is still used ends soon
attention-certificate-expiring = Its certificate ends soon
attention-certificate-expired = Its certificate has ended
attention-wildcard-redirect = A redirect URL has a wildcard
attention-stored-secret-missing = A secret is missing in Secrets Manager
attention-not-entitled = Your account may not use all that it is permitted
attention-shared-audience = Another API has the audience of one of its APIs
attention-open-allowlist = Its allowed addresses are all addresses
attention-jwks-uri-not-allowed = The address of its keys is not permitted any more
attention-mail-deferred = Reminders about it wait
attention-no-recipients = No one would be reminded before it ends
attention-keys-unavailable = Its keys could not be fetched
attention-no-usable-key = None of its keys can be used
attention-unroutable-allowlist = An allowed address is not one of the Internet
attention-filter-all = All clients
attention-filter-any = Anything
attention-filter-no-permissions = No permissions
attention-filter-no-credentials = Nothing to sign in with
attention-filter-secret-expiring = Secret ends soon
attention-filter-secret-expired = Secret has ended
attention-filter-older-secret-expiring = Older secret in use ends soon
attention-filter-certificate-expiring = Certificate ends soon
attention-filter-certificate-expired = Certificate has ended
attention-filter-wildcard-redirect = Wildcard in a redirect URL
attention-filter-stored-secret-missing = Stored secret missing
attention-filter-not-entitled = More than the account may use
attention-filter-shared-audience = Shared audience
attention-filter-open-allowlist = Open to all addresses
attention-filter-jwks-uri-not-allowed = Address of keys not permitted
attention-filter-mail-deferred = Reminders wait
attention-filter-no-recipients = No one is reminded
attention-filter-keys-unavailable = Keys not fetched
attention-filter-no-usable-key = No usable key
attention-filter-unroutable-allowlist = Impossible address

## Errors
error-session-ended-title = Your session has ended
error-session-ended-message = Nothing was changed. Sign in again and repeat what you were doing.
error-session-ended-kept = Nothing was changed, and what you typed is kept. Sign in, check it and send it again.
error-session-ended-button = Sign in
draft-kept = What you typed is kept, and nothing was changed yet. Check it and send it.
error-no-account-title = No account
error-no-account-message = This address is no member of any account. Ask the administrator of your account to add it.
error-confirm-title = Confirm who you are
error-confirm-message = This needs a recent sign-in.
error-other-sign-in-title = This account needs another sign-in
error-provider-only-message = Its members sign in at the provider. A code that is sent by e-mail, or a link, opens nothing here. Sign in once more, at the provider; if you cannot, ask the administrator of your account. Nothing was changed.
error-code-only-message = Its members sign in with a code that is sent by e-mail, and not at the provider. Sign in once more, with a code. Nothing was changed.
error-account-disabled-title = This account is disabled
error-account-disabled-message = Its API clients get no tokens and nothing can be changed. Ask the operator of this site.
error-not-found-title = Nothing is here
error-not-found-message = The page does not exist, or it belongs to an account that you are no member of.
error-method-title = Nothing is here
error-method-message = This address belongs to a form and shows nothing by itself.
error-scope-title = You may not do this
error-scope-message = It needs the right { $scope } in this account. An administrator who manages members can give it to you.
error-forbidden-title = You may not do this
error-forbidden-message = Your rights in this account do not allow it. Nothing was changed.
error-cross-site-title = That was not sent from our page
error-cross-site-message = What you sent did not come from a page of your present session, so nothing was done. Go back, load the page again and repeat it.
error-too-long-title = That is too long
error-too-long-message = Nothing was changed. What is filled in may have { $limit } KB together.
error-too-long-field = has { $size } KB: shorten it to { $room } KB
error-too-long-kept = All else that you filled in is kept. Shorten this field and send the form again.
error-invalid-title = That cannot be used
error-invalid-message = Nothing was changed. Go back and correct this:
error-changed-title = It has changed meanwhile
error-changed-message = Another person has changed it since you loaded the page. Nothing was changed by you. Load the page again.
error-conflict-title = Not possible now
error-conflict-message = Its present state does not allow this. Nothing was changed. Load the page again.
error-limit-title = The limit is reached
error-limit-message = { $limit }. Delete some, or ask the operator of this site for a higher limit.
error-scope-administrators = These people manage members here:
error-retry = What you sent is kept below.
error-retry-button = Try again
error-rate-title = Too often
error-rate-message = { $n ->
    [one] That was tried too often. Nothing was changed. Try again in 1 minute.
   *[other] That was tried too often. Nothing was changed. Try again in { $n } minutes.
}
error-unavailable-title = Something is out of order
error-unavailable-message = Nothing was changed as far as we know. Wait a moment and try again.

## What is done to a client as a whole
actions-label = What can be done
cancel = Cancel
last-used-on = Last used: { $day }.
tokens-verified-offline = APIs that verify tokens offline accept those issued so far until { $at } at the latest.
disable-link = Disable
disable-title = Disable { $name }?
disable-button = Disable
disable-no-tokens = From now on it gets no tokens, people cannot sign in through it, and its tokens introspect as inactive.
disable-is-reversible = You can enable it again at any time.
enable-link = Enable
enable-title = Enable { $name }?
enable-button = Enable
enable-tokens-work-again = It gets tokens again at once. Tokens issued before, which have not ended yet, work again too, unless you revoke them.
enable-revoke-tokens = Revoke all tokens issued so far
revoke-tokens-link = Revoke all tokens
revoke-tokens-title = Revoke all tokens of { $name }?
revoke-tokens-button = Revoke all tokens
revoke-tokens-inactive = All its tokens introspect as inactive, those that act for people too, and its refresh tokens are refused.
revoke-tokens-secrets-stay = Its secrets and keys stay: it can get new tokens at once.
delete-link = Delete
delete-title = Delete { $name }?
delete-button = Delete for ever
delete-secret = Secret …{ $hint } stops working at once. Last used: { $day }.
delete-keys = Its keys and platform identities stop working at once.
delete-consents = { $n ->
    [0] No one has let it act for them.
    [one] One person has let it act for them. That ends.
   *[other] { $n } people have let it act for them. That ends.
}
delete-consents-at-least = At least { $n } people have let it act for them. That ends.
delete-was-used = It was used { $when }. Disable it first and wait?
delete-disable-first = Disable it first
delete-is-final = This cannot be undone, and its id is never used again.
delete-type-name = Type the name <strong><bdi>{ $name }</bdi></strong> to delete it
delete-wrong-name = That is not its name. Nothing was deleted.
done-disabled = Disabled. It gets no more tokens.
done-enabled = Enabled.
done-tokens-revoked = All tokens are revoked.
done-deleted = Deleted.

## Console links
link-title = Go on in the console
link-message = This link signs you in as <strong>{ $email }</strong> in <strong><bdi>{ $account }</bdi></strong>. It works once.
link-button = Continue as <bdi>{ $email }</bdi>
error-link-title = This link does not work any more
error-link-message = A link works once and only for a short time. Sign in, or get a new link where you got this one.

## Overview
overview-truncated = Only the newest 1,000 clients are looked at here.
attention-none = Nothing: every client can sign in and none of its credentials ends soon.
no-recipients = No one here gets e-mails before something ends: no member who holds clients:manage gets any, and there are no contacts.
no-recipients-add = Add someone
no-recipients-own = Get them yourself
no-recipients-ask = Whoever manages the members of this account can add someone.
ends-next = Ends next
ends-none = Nothing ends.
refused-lately = Refused in the last 24 hours
refused-none = No client was refused.
refused-more = { $n ->
    [one] And for one more reason.
   *[other] And for { $n } more reasons.
}
ends-all = Everything that ends
ends-renew-of = Renew the credential of { $name }
start-title = What a program needs
start-message = With its id and secret it gets tokens at the token URL. APIs verify them with the public keys.
token-url = Token URL
keys-url = Public keys
issuer = Issuer
