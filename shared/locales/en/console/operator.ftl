# Pages of the operator.

nav-operator = Operator
operator-area = Operator
nav-operator-apis = APIs
operator-service = Service
confirm-typed-wrong = That is not it. Nothing was changed.
form-sent-before = This form was sent before with something else in it, which was done. Nothing was done now. What you filled in is still here: send it again to have it done too.
changed-save-again = Nothing was saved. What you filled in is still here, for the present version: look at it, and save again.
done-created = Created.
done-administrator-invited = Created. An invitation was sent to the administrator.
done-administrator-not-invited = Created. The invitation could not be sent: invite the administrator again from the members of the account.
done-saved = Saved.
done-removed = Removed.

## APIs
apis-empty-title = There are no APIs yet
apis-empty = An API is what tokens are for: it has an audience, and scopes that say what a client may do.
apis-full = There are as many APIs as there can be, or they are as large together as they can be. Delete one that is not used.
api-new = New API
api-edit = Change
api-access = Which accounts
api-for-all = all
api-for-entitled = those entitled to it
api-for-all-hint = Every account may use it, but for restricted scopes.
api-for-entitled-hint = Only accounts that you entitle to it may use it.
api-example = For the account { $account } it is { $audience }
api-name-hint = What your customers know it by.
api-id-hint = Letters, digits, dots, hyphens and underscores. It never changes, and is never used again.
api-audience-hint = What the API compares with aud in tokens, such as https://orders.example.com. It never changes. {"{"}account_id{"}"} stands for the id of the account that a token is of.
api-service-hint = What stages of the same API have in common.
api-stage-hint = Such as production or test.
api-documentation-hint = An https URL, shown to the accounts that may use it.
api-rs256 = What every verifier knows. API Gateway takes RS256 only.
api-es256 = Shorter, and faster to sign.
api-review = Is this right?
api-review-back = Back to the form
api-review-button = Review
api-review-lead = Audience, id, service and stage never change.
api-review-later = This can be changed later
api-create = Create the API
api-end = No longer needed?
api-delete = Delete this API
api-delete-type = Type its id <strong>{ $id }</strong> to delete it
api-delete-tokens = No client gets tokens for it any more, within a minute. Permissions that clients hold for it have no effect.
api-delete-entitled = Entitlements of accounts for it have no effect any more.
scopes-none = It has no scopes: a client may use all of it, or nothing.
scope-add = Add a scope
scope-new = New scope
scope-name = Scope
scope-name-hint = What stands in tokens, such as orders:read. It never changes.
scope-words = In words
scope-words-hint = What it allows, as people read it before they agree: Read orders.
scope-rules = Rules
scope-restricted = Restricted
scope-restricted-hint = Only accounts that are entitled to this very scope may give it.
scope-default = Default
scope-default-hint = Permissions that name no scopes get it.
scope-implies = It comes with
scope-implies-hint = A client that gets this scope gets these too.
scope-comes-with = with
scope-remove = Remove
scope-remove-title = Remove { $scope }?
scope-remove-button = Remove the scope
scope-remove-tokens = Clients that hold it do not get it in new tokens any more, within a minute.
scope-remove-entitled = Accounts that are entitled to it by name can give it to no client any more.
scope-remove-issued = Tokens that are issued already keep what they have until they end.
narrow-api-title = Keep it for the accounts that are entitled to it?
narrow-scope-title = Restrict { $scope }?
narrow-holders = Who holds it now
narrow-templates = Accounts that are not entitled to it are not offered them any more.
narrow-api-tokens = Clients of accounts that are not entitled to it get no new tokens for it any more, within a minute.
narrow-scope-tokens = Clients of accounts that are not entitled to this very scope do not get it in new tokens any more, within a minute.
narrow-entitle-first = If an account is to keep it, entitle the account first.
narrow-button = Save the change
import-title = Import scopes
import-lead = Scopes and their descriptions are read from the security schemes of an OpenAPI document.
import-document = OpenAPI document
import-document-hint = JSON or YAML, at most 1,000 KB. It is read once, and not kept.
import-file = Or a file
import-too-many = The document has { $new } new scopes. This API has room for { $room } of them, since an API has at most { $most }: tick those that you want.
import-left-out = Left out
import-undescribed = without its description
import-show = Show what it changes
import-review = What the document changes
import-review-lead = Ticked scopes are added or described anew. Scopes that the document does not have stay.
import-new = New
import-same = Already so
import-changed = Now: { $words }
import-save = Import

## Accounts
nav-operator-accounts = Accounts
account-new = New account
account-search = Find an account
account-find = Find
account-search-hint = By its name, by its id, by the id of a client, or by the address of a member.
account-no-match = No account is found.
account-needing = Clients that need attention
account-next-end = Next end
account-has-client = has the client
accounts-as-of = What needs attention and what ends next is looked at once a day.
account-about = The account
account-name-hint = The customer, as its members know it.
account-id = Account ID
account-id-hint = Stands in tokens and in audiences. It never changes. Empty for one that is made up.
account-administrator = Its first administrator
account-administrator-hint = Manages members and API clients of the account, and gets mails before something ends.
account-administrator-email = E-mail address
account-administrator-email-hint = Gets an invitation there, and signs in with a code that is sent there, or at your provider.
account-administrator-name-hint = Empty for the address.
account-like = The same as the account
account-like-hint = Id of an account whose entitlements it gets. Empty for none.
account-create = Create the account
account-enter = Enter this account
account-enter-hint = You act there as yourself, as operator. Its audit trail says so.
account-created = Created
account-disabled-since = Disabled since
account-entitlements = { $n ->
    [0] nothing but what every account has
    [one] 1 API
   *[other] { $n } APIs
}
account-change-entitlements = Change entitlements
account-usage = { $clients } of { $most-clients } clients, { $members } of { $most-members } members, { $mails } recipients of reminders a day
account-see-members = See and invite members
account-change-limits = Change limits
account-no-claims = none
account-change-claims = Change claims
account-export = Export the account
export-lead = Everything that is stored of this account, as a file with one line of JSON for each thing.
export-has = The account, its members, its API clients with their secrets and keys, and who lets them act for them.
export-lacks = No value of a secret is in it, and no audit trail, which has a CSV of its own.
export-audited = The account’s audit trail says that you exported it.
export-limit = A file has at most 4 MB and about 500 API clients. Of a larger account you get no file: the management API gives it page by page.
export-button = Save the file
export-too-large = This account does not fit into one file
export-by-api = The command below gets all of it from the management API, page by page.
account-stop = Stop or delete
account-disable-button = Disable the account
account-enable-button = Enable the account
account-delete = Delete the account
account-disable-stops = Within a minute none of its clients gets a token any more, and its members cannot sign in.
account-stops = It has: { $clients }. Last used: { $day }.
account-stops-nothing = It has no API clients.
account-disable-issued = Introspection answers that its tokens are not active. APIs that verify tokens offline accept those issued so far until they end.
account-disable-reversible = You can enable it again at any time.
account-enable-works = Its clients get tokens again, and its members can sign in. Unexpired tokens work again.
account-type-name = Type the name <strong><bdi>{ $name }</bdi></strong>
account-delete-when = An account can be deleted once it has been disabled for 7 days, or if it has neither clients nor members.
account-not-deleted = It was not deleted.
account-deletable-from = It is disabled, and can be deleted from
account-delete-disable-first = It is active. Disable it first: you can enable it again at any time, and nothing is lost meanwhile.
account-back = Back to the account
account-invite-administrator = Invite an administrator
account-delete-all = Its clients, their secrets, its members and their consents are deleted within hours. Its audit trail stays.
limits-title = Limits
limits-lead = An empty field means the limit of this deployment.
limit-members = Members
limit-mail = Recipients of reminders a day
limit-hint-used = { $limit } if empty. It has { $used }.
limit-hint-today = { $limit } if empty. Today it has had { $used }.
claims-title = Claims
claims-lead = They stand in every access token of this account, within a minute. An API can tell the customer by them.
claims-hint = Empty a row to remove its claim. At most 10, 1,024 bytes together.
claim-number = Claim { $n }
claim-kind = Kind
claim-text = text
claim-is-number = number
claim-value = Value
entitlements-title = Entitlements
entitlements-lead = What this account may allow its API clients.
entitlement-none = Nothing
entitlement-all = All that is not restricted, also what is added later
entitlement-some = Exactly this
entitlement-as-everyone = What every account may
entitlement-also = This besides
entitlement-everyone = Every account may use all of it.
entitlements-review-title = Change these entitlements?
entitlements-no-change = This changes nothing that the account may do now.
entitlements-act = It acts within a minute. Clients that hold what is taken away do not get it in new tokens; tokens that are issued already keep it until they end.
entitlements-save = Save the entitlements

## Across accounts
nav-operator-attention = Attention
nav-operator-expiry = Expiry
nav-operator-deployment = Deployment
attention-lead = Accounts with API clients that need attention, those with most of them first.
attention-reason = Reason
attention-all-reasons = All reasons
attention-none-for-reason = Nothing was found for this reason when the accounts were last looked at.
as-of = As of
look-found-nothing = Nothing was found when the accounts were last looked at.
ends-soon-title = Ends within 30 days
ends-soon-secret = Secret
ends-soon-one-secret = One of two secrets
ends-soon-lead = Accounts with API clients whose secrets or certificates end, the first end first.
ends-more = { $n ->
    [one] and 1 more
   *[other] and { $n } more
}
losses-title = Who loses it
losses = It is held by { $clients } of { $accounts }.
losses-at-least = It is held by at least { $clients } of { $accounts }.
losses-none = No client held it when they were counted.
losses-not-counted = Not counted yet: who holds it is known after the first daily count.
losses-counted = Clients are counted once a day. Counted:
losses-more = { $n ->
    [one] and 1 more account
   *[other] and { $n } more accounts
}
losses-templates = Templates that give it
losses-templates-lead = No one is offered them any more, until you change them.
losses-accounts = { $n ->
    [one] 1 account
   *[other] { $n } accounts
}

## Deployment
deployment-metadata = Metadata
deployment-rotated = Signing keys rotated
deployment-never-rotated = not yet, or only by hand
deployment-rotates = Next rotation
deployment-version = Version
deployment-settings = Settings in force
setting-what = Setting
setting-variable = Variable
setting-stage = Stage
setting-sender = E-mails come from
setting-reminders = Reminders, days before an end
setting-provider = Provider that people sign in at
setting-token-default = Access tokens live, if a client names nothing
setting-token-max = Access tokens live at most
setting-secret-default = Secrets live, if a request names no date
setting-secret-max = Secrets live at most
setting-24-months = 24 calendar months
setting-clients = Clients of an account
setting-members = Members of an account
setting-language = Language
deployment-changes = Change notes
deployment-monitoring = CloudWatch
deployment-dashboard = Dashboard
deployment-alarms = Alarms
deployment-keys = Signing keys
deployment-unknown = not known at the moment
deployment-mail = E-mails
keys-unknown = The keys could not be read, or an earlier version published them: their ages are known from the next rotation on.
key-id = Key ID
key-algorithm = Algorithm
key-state = State
key-published = Published
key-active = Signs
key-next = Signs after the next rotation
key-previous = Signs no more
key-until = published until
mail-sandbox = SES sandbox
mail-sandbox-means = SES sends only to addresses that are verified, and at most 200 e-mails a day.
mail-off = This deployment sends no e-mails.
mail-left = E-mails left of the last 24 hours
mail-unlimited = no limit
setting-audit = Audit entries are kept
setting-for-ever = for ever
setting-console-idle = Sessions of the console end without use after
setting-console-session = Sessions of the console last at most
setting-events = Event bus
setting-edge = Requests must come through the edge
setting-region = AWS region
setting-log-level = Log level
setting-secret-min = Secrets live at least
setting-choice = Who chooses where a client’s secrets are kept
setting-choice-fixed = no one: as above
setting-choice-operator = operators
setting-choice-account = the account’s administrators too
setting-operator = Reminders without another recipient go to
setting-console-link = Link in reminders
setting-configuration-set = SES configuration set
setting-provider-client = The provider knows this deployment as
setting-unverified = An address that the provider does not call verified
setting-unverified-refuse = is refused
setting-unverified-accept = is accepted
setting-audiences = Other audiences of the provider’s ID tokens
setting-brand = Name on pages and in e-mails
setting-colour = Colour of buttons and links
setting-support = Support
setting-docs = Documentation
setting-legal = Legal notice
hours = { $n ->
    [one] 1 hour
   *[other] { $n } hours
}
days = { $n ->
    [one] 1 day
   *[other] { $n } days
}
