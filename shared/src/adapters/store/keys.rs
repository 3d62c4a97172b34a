//! Every key string of every table is formatted here and nowhere else.

use crate::adapters::digest::sha256_hex;
use crate::domain::client::Client;
use crate::domain::email::EmailAddress;
use crate::domain::ids::{AccountId, ClientId, ResourceId, SecretId};
use jiff::Timestamp;

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

/// A revoked access token, which only the digest of its `jti` names.
pub(super) fn revoked_token(jti: &str) -> Key {
    Key::new(format!("REVOKED#{}", sha256_hex(&[jti.as_bytes()])), "REVOKED")
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

/// The ids in the key of a secret's item; `None` if it is none.
pub(super) fn parse_secret(pk: &str, sk: &str) -> Option<(ClientId, SecretId)> {
    let client = ClientId::parse(pk.strip_prefix("CLIENT#")?).ok()?;
    let secret = SecretId::parse(sk.strip_prefix(SECRET_PREFIX)?).ok()?;
    Some((client, secret))
}

pub(super) fn audit(account: &AccountId, audit_id: &str) -> Key {
    Key::new(account_partition(account), audit_id)
}
