# The console: the credentials of a client, and their replacement.

tabs-label = Pages of this API client
tab-overview = Overview
tab-credentials = Credentials

## Credentials
credentials-title = Credentials
secrets-title = Secrets
no-secrets = It has no secret.
secret-still-counts = A secret still counts, although it has a key or a platform.
secrets-not-accepted = It still has a secret, which is not accepted any more: it signs in otherwise. Revoke it.
client-id = Client id
client-secret = Client secret
rotate-link = Replace the secret
rotate-link-add = Add a secret
secret-ending-in = Secret ending in { $hint }
secret-hint = Last characters
secret-tried = Tried after its end: { $day }
secret-reminders = Reminders
secret-reminders-on = On
secret-reminders-off = Off
secret-state-in-use = In use
secret-state-idle = Not used lately
secret-state-unused = Not used yet
secret-state-paused = Paused
secret-state-ended = Ended
secret-show = Show
secret-pause = Pause
secret-resume = Resume
secret-remind = Turn reminders on
secret-mute = Turn reminders off
secret-end = End earlier
secret-pause-hint = Pausing is reversible: it stops at once, and works again when you resume it.
secret-pause-only-hint = Pausing is reversible. It stops at once, and since it is the only secret that works, your programs get no tokens until you resume it.
secret-changes-link = Who created it
credentials-of-public = A public client has none: an app without a server can keep no secret. Nothing of it ends, and no reminders are sent.
keys-title = Keys and platforms
key-kind = What
key-value = Known by
key-certificate = Certificate
key-public = Public key
key-url = URL of public keys
key-platform = Workload identity

## Revoking a secret
revoke-secret-link = Revoke
revoke-secret-title = Revoke { $secret }?
revoke-secret-stops = It stops working at once: programs that hold it get no more tokens.
revoke-secret-is-last = It is the only secret that works. Without it the client gets no tokens.
revoke-secret-tokens-stay = Tokens that were issued before keep working until they end.
revoke-secret-is-final = This cannot be undone. To see first what would break, pause it instead.
revoke-secret-type-hint = It was used in the last seven days. Type its last four characters, <strong>{ $hint }</strong>, to revoke it
revoke-secret-wrong-hint = Those are not its last four characters. Nothing was revoked.
revoke-secret-button = Revoke { $hint }

## A secret that is shown
shown-secret-title = Save these credentials now
shown-secret-once = The secret is shown this once. Not even we can show it again.
shown-secret-again = Copy the secret to where your program reads it. It can be shown again.
shown-secret-gone-title = The secret was shown already
shown-secret-gone = It was shown once: not even we can show it again. If { $hint } was not saved, make a new secret.
shown-secret-gone-for-now = { $hint } was created by this form. Those who hold the right to show secrets can show it again among the credentials of the client.
make-new-secret = Make a new secret
to-the-credentials = Go to its credentials

## A new secret
secret-ends-on = The new secret ends
secret-ends-other = On another day
secret-ends-day = The other day
secret-ends-error = The secret cannot end on that day.
secret-label = Label
secret-label-hint = Optional: what you call it, at most 30 characters.
secret-remind-me = Send reminders before it ends

secret-remind-to = { $days } days before it ends, to { $people }.
reminders-to-no-one = No one would get reminders: no member may manage clients, and there are no contacts.
and-more = { $first } and { $more } more
reminders-go-to = Reminders go to
next-reminder = Next reminder

## Replacing a secret
rotate-title = Replace the secret
rotate-steps = Steps
rotate-step-add = Add
rotate-step-watch = Watch
rotate-step-end = End the old one
rotate-add-title = Add a second secret
rotate-add-lead = The new secret works beside the present one. Nothing breaks: your programs may change over one after the other.
rotate-add-first = No secret works at present. The new one works at once.
rotate-add-button = Add a second secret
rotate-add-first-button = Add a secret
rotate-cannot-manage = You may see this, but not change it: that needs the right clients:manage.
rotate-confirm = The new secret will be shown to you. Confirm first who you are.
rotate-confirm-link = Confirm who I am
rotate-replace-title = Add a secret in place of { $hint }
rotate-replace-lead = This one stops working at once; the other one stays.
rotate-replace-breaks = It was used in the last seven days: programs that hold it will get no more tokens.
rotate-replace-button = Replace { $hint }
rotate-watch-title = Who uses which?
rotate-refresh = Look again
rotate-old = Old
rotate-new = New
rotate-end-title = End { $hint }
rotate-pause = Pause it first
rotate-pause-hint = Recommended. It stops at once, and if something breaks it works again when you resume it.
rotate-resume = Resume { $hint }
rotate-resume-hint = It works again at once.
rotate-old-needed = It is the only secret that works. Resume the new one first: otherwise your programs get no tokens from then on.
rotate-revoke = Revoke it now
rotate-revoke-hint = It stops at once and cannot come back.
rotate-end-on = End it on { $at }
rotate-end-hint = It works until then. The end can be brought forward, but not put off.
rotate-let-end = Or do nothing: it ends by itself on { $at }.
rotate-third = I need another new secret
rotate-third-which = Two secrets are the most. Which one is replaced?
rotate-third-newest = The newest, { $hint } (last used: { $used })
rotate-third-oldest = The oldest, { $hint } (last used: { $used })
rotate-third-breaks = What uses it will break.
rotate-third-next = Continue
rotate-leaked-lead = Has a secret got into wrong hands?
rotate-leaked-link = It has leaked: replace all secrets at once

## What the uses tell
finding-new-unused = The new secret { $new } was not used yet. Give it to your program; until then { $old } is needed.
finding-new-paused = The new secret { $new } is paused. Resume it before you end the old one.
finding-both-used = Some of your programs still use the old secret { $old } (last used: { $day }). Check again tomorrow.
finding-old-idle = The new secret { $new } is in use, and the old secret { $old } is not (last used: { $day }). It is safe to end it.
finding-old-paused = The old secret { $old } is paused. If nothing has missed it in a day, it is safe to revoke it.
finding-old-paused-and-tried = A program tried the paused secret { $old } in the last 24 hours and was refused. Give it the new one, or resume the old one.
finding-old-paused-unmissed = The old secret { $old } is paused, and nothing has missed it for a day. It is safe to revoke it.

## A secret that has leaked
leaked-title = Replace all secrets of { $name }?
leaked-stops = All its secrets stop working at once, also for those who found one.
leaked-programs-break = Your own programs get no more tokens until they have the new secret, which is shown next.
leaked-new-ends = The new secret ends on { $at }.
leaked-revoke-tokens = Revoke all tokens issued so far too
leaked-type-name = Type the name <strong><bdi>{ $name }</bdi></strong> to replace them
leaked-wrong-name = That is not its name. Nothing was replaced.
leaked-button = Replace all secrets
leaked-tokens-not-revoked = The secrets are replaced, but the tokens could not be revoked. Save the secret, then revoke all tokens on the page of the client.

## What was done
done-secret-paused = Paused. It is refused until you resume it.
done-secret-resumed = Resumed. It works again.
done-secret-revoked = The secret is revoked.
done-secret-ends = It ends on that day.
done-reminders-on = Reminders are on.
done-reminders-off = Reminders are off.
done-two-secrets = The secrets have changed meanwhile, so none was added. See what there is now.
