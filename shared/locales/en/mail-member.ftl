# E-mails to members about their membership.

mail-member-account = Account
mail-member-address = Your address
mail-member-until = Valid until
mail-member-unexpected = If you do not expect this, you need not do anything.
mail-member-secrecy = { $brand } never sends a secret by mail, and never asks for one.
mail-invitation-subject = Invitation to { $account }
mail-invitation-lead = { $inviter } invites you to the console of { $account }, in which API clients are managed.
mail-invitation-how = Sign in there with the address that this e-mail was sent to. You need no new password.
mail-invitation-button = Sign in
mail-invitation-by = Invited by
mail-confirm-email-subject = Confirm your new address at { $account }
mail-confirm-email-lead = You are to sign in to the console of { $account } with the address that this e-mail was sent to.
mail-confirm-email-how = Confirm on the page that it is yours. Until then nothing changes.
mail-confirm-email-button = Open the page
mail-email-changed-subject = Your address at { $account } was changed
mail-email-changed-lead = You sign in to the console of { $account } with another address from now on. What you had opened with this one has ended.
mail-email-changed-new = New address
mail-email-changed-unexpected = If you did not expect this, tell an administrator of { $account } at once.
