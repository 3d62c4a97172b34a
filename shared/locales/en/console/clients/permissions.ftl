# The console: what an API client may call.

tab-permissions = Permissions
permissions-title = Permissions
permissions-lead = What this program may request tokens for.
permissions-need-right = To change them you need the right { $scope } in this account.
permissions-exceed-yours = This program may manage more than you may. You see its permissions and cannot change them.
permissions-add-api = Add one
permissions-no-apis = There are no APIs yet that your account may use.
permissions-unavailable = No longer available to your account
permissions-unavailable-hint = These open nothing any more. The next change takes them away.
permissions-administration = Administration: this program could manage API clients
permissions-administration-hint = For programs that manage API clients, members or secrets of this account by the management API. Most programs need none of it.
permission-right = Right
permission-stage = Stage
permission-tick-all = All
permission-tick-none = None
permission-tick-all-of = Tick all of { $api }
permission-tick-none-of = Tick none of { $api }
permission-part-of = part of “{ $scope }”
permission-locked = You do not hold this right yourself, so you cannot give it.
permission-not-offered = not offered
permission-one-api = A program uses one API of this stage. Only the rights of the one that is chosen count.
permission-no-api = None
permission-without-scopes = Use of the API
permissions-review = Review the change
permissions-changed = Nothing was changed by you. What you ticked is still ticked: review it against what the program holds now.
permissions-review-title = Change these permissions?
permissions-ignored = These do not count, since another API of their stage is chosen, or none
permissions-no-change = Nothing would change.
permissions-added = Added:
permissions-removed = Taken away:
permissions-tokens = { $n ->
    [one] New tokens only: tokens already issued keep their rights until they end, at most 1 minute.
   *[other] New tokens only: tokens already issued keep their rights until they end, at most { $n } minutes.
}
permissions-save = Save
permissions-back = Back to the boxes
done-permissions-saved = The permissions are saved. New tokens have them.
changed-by = { $actor } changed this program on { $at }
changed-at = This program was changed on { $at }
right-accounts-manage = Create and change accounts, and act in every account
right-resources-manage = Create, change and delete APIs
right-members-manage = See and change the account’s members
right-clients-read = See the account’s API clients
right-clients-manage = Create, change and delete the account’s API clients and their secrets
right-secrets-reveal = See secrets again where that is allowed
right-audit-read = Read the account’s audit trail
