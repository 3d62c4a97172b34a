//! Every key string of every table is formatted here and nowhere else.

use crate::adapters::crypto::digest::sha256_hex;
use crate::domain::client::Client;
use crate::domain::oauth::refresh_token_family::FamilyId;
use crate::domain::primitives::email::EmailAddress;
use crate::domain::primitives::ids::{AccountId, ClientId, ResourceId, SecretId};
use crate::domain::sign_in::end_user::Subject;
use jiff::Timestamp;
use jiff::tz::TimeZone;

/// Sort key of a client's own item.
pub(super) const CLIENT: &str = "CLIENT";
/// What the sort keys of a client's secrets start with.
pub(super) const SECRET_PREFIX: &str = "SECRET#";
/// What the sort keys of an account's members start with.
pub(super) const MEMBER_PREFIX: &str = "MEMBER#";
/// What the sort keys of resources start with.
pub(super) const RESOURCE_PREFIX: &str = "RESOURCE#";
/// What the sort keys of deleted resources start with.
pub(super) const RETIRED_PREFIX: &str = "RETIRED#";
/// What the sort keys of disabled accounts start with.
pub(super) const SUSPENDED_PREFIX: &str = "SUSPENDED#";
/// Partition of resources and disabled accounts: what a token function keeps in memory.
pub(super) const CATALOGUE: &str = "CATALOGUE";
/// Partition of unfinished work, in the grants table.
pub(super) const INTENTS: &str = "INTENT";
/// `list_key` of all accounts.
pub(super) const ALL_ACCOUNTS: &str = "ACCOUNTS";
/// Index by date of expiry; its keys are `expires_on` and `pk`.
pub(super) const BY_EXPIRY: &str = "by_expiry";
/// Index by account; its keys are `list_key` and `list_sort`.
pub(super) const BY_ACCOUNT: &str = "by_account";

/// The key of one item.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Key {
    pub(super) pk: String,
    pub(super) sk: String,
}

impl Key {
    fn new(pk: impl Into<String>, sk: impl Into<String>) -> Self {
        Self { pk: pk.into(), sk: sk.into() }
    }
}

/// An instant whose texts sort as the instants do.
pub(super) fn sortable(at: Timestamp) -> String {
    format!("{at:.3}")
}

pub(super) fn client_partition(id: &ClientId) -> String {
    format!("CLIENT#{id}")
}

pub(super) fn client(id: &ClientId) -> Key {
    Key::new(client_partition(id), CLIENT)
}

pub(super) fn secret(client: &ClientId, id: &SecretId) -> Key {
    Key::new(client_partition(client), format!("{SECRET_PREFIX}{id}"))
}

/// `list_key` and `list_sort` of a client: an account's clients in the order they were made.
pub(super) fn client_listing(client: &Client) -> (String, String) {
    (account_partition(&client.account_id), format!("{}#{}", sortable(client.created_at), client.client_id))
}

pub(super) fn retired_client(id: &ClientId) -> Key {
    Key::new("RETIRED", format!("CLIENT#{id}"))
}

pub(super) fn account_partition(id: &AccountId) -> String {
    format!("ACCOUNT#{id}")
}

pub(super) fn account(id: &AccountId) -> Key {
    Key::new(account_partition(id), "ACCOUNT")
}

pub(super) fn suspended_account(id: &AccountId) -> Key {
    Key::new(CATALOGUE, format!("{SUSPENDED_PREFIX}{id}"))
}

pub(super) fn member(account: &AccountId, email: &EmailAddress) -> Key {
    Key::new(account_partition(account), format!("{MEMBER_PREFIX}{email}"))
}

pub(super) fn resource(id: &ResourceId) -> Key {
    Key::new(CATALOGUE, format!("{RESOURCE_PREFIX}{id}"))
}

/// In the catalogue, so that a permission for a resource that is gone is not taken for one that is new.
pub(super) fn retired_resource(id: &ResourceId) -> Key {
    Key::new(CATALOGUE, format!("{RETIRED_PREFIX}{id}"))
}

/// An idempotency key, which only its digest names.
pub(super) fn idempotency(digest: &str) -> Key {
    Key::new(format!("IDEMPOTENCY#{digest}"), "IDEMPOTENCY")
}

/// A client's assertion that was used: by client, because two may choose the same `jti`.
pub(super) fn spent_assertion(client: &ClientId, jti: &str) -> Key {
    Key::new(format!("JTI#{}", sha256_hex(&[client.as_str().as_bytes(), jti.as_bytes()])), "JTI")
}

/// A revoked access token, which only the digest of its `jti` names.
pub(super) fn revoked_token(jti: &str) -> Key {
    Key::new(format!("REVOKED#{}", sha256_hex(&[jti.as_bytes()])), "REVOKED")
}

/// An authorization code, which only its digest names.
pub(super) fn code(digest: &str) -> Key {
    Key::new(format!("CODE#{digest}"), "CODE")
}

/// A sign-in under way, which only the digest of its id names.
pub(super) fn sign_in(digest: &str) -> Key {
    Key::new(format!("SIGNIN#{digest}"), "SIGNIN")
}

/// How often something was done in one window of time. What it is counted by is not in the key.
pub(super) fn limit(kind: &str, counted: &str, window: i64) -> Key {
    let digest = sha256_hex(&[kind.as_bytes(), counted.as_bytes()]);
    Key::new(format!("LIMIT#{digest}"), format!("LIMIT#{window}"))
}

/// A family of refresh tokens.
pub(super) fn family(id: &FamilyId) -> Key {
    Key::new(format!("FAMILY#{id}"), "FAMILY")
}

/// The consents that a client was given.
pub(super) fn consents_partition(client: &ClientId) -> String {
    format!("CONSENTS#{client}")
}

/// A person's consent to a client.
pub(super) fn consent(client: &ClientId, sub: &Subject) -> Key {
    Key::new(consents_partition(client), sub.as_str())
}

/// Making a client: one at a time for each id.
pub(super) fn creation_intent(client: &ClientId) -> Key {
    Key::new(INTENTS, client.as_str())
}

/// Any other work on a client's secrets: as many at a time as there are requests.
pub(super) fn change_intent(client: &ClientId, operation: &str) -> Key {
    Key::new(INTENTS, format!("{client}#{operation}"))
}

/// A recipient's page of the ledger of letters. The address itself is not in the key.
pub(super) fn ledger_page(account: &AccountId, recipient: &EmailAddress) -> Key {
    Key::new(format!("LETTERS#{account}"), sha256_hex(&[recipient.as_str().as_bytes()]))
}

/// `expires_on`: the date (UTC) under which the index has what ends at this instant.
pub(super) fn expiry_date(expires_at: Timestamp) -> String {
    expires_at.to_zoned(TimeZone::UTC).date().to_string()
}

/// The client in the key of its own item or of a secret's; `None` if it is another key.
pub(super) fn parse_client(pk: &str, sk: &str) -> Option<ClientId> {
    let client = ClientId::parse(pk.strip_prefix("CLIENT#")?).ok()?;
    let is_secret = || sk.strip_prefix(SECRET_PREFIX).is_some_and(|id| SecretId::parse(id).is_ok());
    (sk == CLIENT || is_secret()).then_some(client)
}

pub(super) fn audit(account: &AccountId, audit_id: &str) -> Key {
    Key::new(account_partition(account), audit_id)
}
