//! The keys of all items. Nothing else formats a key.

mod account_index;
mod grants;

pub(super) use account_index::*;
pub(super) use grants::*;

use crate::domain::client::Client;
use crate::domain::primitives::email::EmailAddress;
use crate::domain::primitives::ids::{AccountId, ClientId, ResourceId, SecretId, TemplateId};
use crate::domain::resource::Audience;
use crate::domain::sign_in::end_user::Subject;
use jiff::Timestamp;
use jiff::tz::TimeZone;

/// Sort key of a client's own item.
pub(super) const CLIENT: &str = "CLIENT";
/// What the sort keys of a client's secrets start with.
pub(super) const SECRET_PREFIX: &str = "SECRET#";
/// What the sort keys of an account's members start with.
pub(super) const MEMBER_PREFIX: &str = "MEMBER#";
/// What the sort keys of an account's members are all before, and after that of the account.
pub(super) const MEMBERS_END: &str = "MEMBER$";
/// What the sort keys of resources start with.
pub(super) const RESOURCE_PREFIX: &str = "RESOURCE#";
/// What the sort keys of deleted resources start with.
pub(super) const RETIRED_PREFIX: &str = "RETIRED#";
/// What the sort keys of disabled accounts start with.
pub(super) const SUSPENDED_PREFIX: &str = "SUSPENDED#";
/// Partition of resources and disabled accounts, which a token function caches.
pub(super) const CATALOGUE: &str = "CATALOGUE";
/// Partition of templates.
pub(super) const TEMPLATES: &str = "TEMPLATES";
/// What the sort keys of templates start with.
pub(super) const TEMPLATE_PREFIX: &str = "TEMPLATE#";
/// Partition of intents, in the grants table.
pub(super) const INTENTS: &str = "INTENT";
/// Partition of deletions that the job completes, in the directory.
pub(super) const DELETIONS: &str = "DELETIONS";
/// Partition of invitations, in the directory, in the order of their ends.
pub(super) const INVITATIONS: &str = "INVITATIONS";
/// What the sort keys of sent notices start with: they are before all else of the e-mails of an account.
pub(super) const SENT_PREFIX: &str = "CREDENTIAL#";
/// What the sort keys of recipients start with who stopped the e-mails of an account.
pub(super) const STOPPED_PREFIX: &str = "STOPPED#";
/// What the sort keys of addresses start with that the e-mails of an account did not reach.
pub(super) const SUPPRESSED_PREFIX: &str = "SUPPRESSED#";
/// Sort key of the e-mails of an account that wait. What is known of recipients is after it.
pub(super) const DEFERRED: &str = "DEFERRED";
/// `list_key` of all accounts.
pub(super) const ALL_ACCOUNTS: &str = "ACCOUNTS";
/// Index by date of expiry; its keys are `expires_on` and `pk`.
pub(super) const BY_EXPIRY: &str = "by_expiry";
/// Index by account; its keys are `list_key` and `list_sort`.
pub(super) const BY_ACCOUNT: &str = "by_account";
/// Index of the audit trail by the client that is the target; its keys are `client_key` and `sk`.
pub(super) const BY_CLIENT: &str = "by_client";

/// Index of members by address; its keys are `email` and `account_id`.
pub(super) const BY_EMAIL: &str = "by_email";

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

/// An instant as text that sorts as the instants do.
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

/// `list_key` and `list_sort` of a client: an account's clients in the order of creation.
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

/// The numbers of an account's clients and members.
pub(super) fn usage(id: &AccountId) -> Key {
    Key::new(account_partition(id), "USAGE")
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

/// In the catalogue, so that a permission for a deleted resource is not treated as one for a new resource.
pub(super) fn retired_resource(id: &ResourceId) -> Key {
    Key::new(CATALOGUE, format!("{RETIRED_PREFIX}{id}"))
}

/// Which resource has an audience; by its normalised form.
pub(super) fn audience(audience: &Audience) -> Key {
    Key::new(format!("AUDIENCE#{}", audience.normalized()), "AUDIENCE")
}

/// What every change of a resource writes.
pub(super) fn catalogue_lock() -> Key {
    Key::new("CATALOGUE_LOCK", "LOCK")
}

pub(super) fn template(id: &TemplateId) -> Key {
    Key::new(TEMPLATES, format!("{TEMPLATE_PREFIX}{id}"))
}

/// The operator's logo.
pub(super) fn logo() -> Key {
    Key::new("BRAND", "LOGO")
}

/// Which account has an id; without regard to case.
pub(super) fn account_id(id: &AccountId) -> Key {
    Key::new(format!("ACCOUNT_ID#{}", id.as_str().to_ascii_lowercase()), "ACCOUNT_ID")
}

/// The deletion of an account that the job has to complete.
pub(super) fn account_deletion(id: &AccountId) -> Key {
    Key::new(DELETIONS, format!("ACCOUNT#{id}"))
}

/// The removal of a person that the job has to complete.
pub(super) fn person_removal(account: &AccountId, sub: &Subject) -> Key {
    Key::new(DELETIONS, format!("PERSON#{account}#{sub}"))
}

/// The invitation of a member.
pub(super) fn invitation(until: Timestamp, account: &AccountId, email: &EmailAddress) -> Key {
    Key::new(INVITATIONS, format!("{}#{account}#{email}", sortable(until)))
}

/// `expires_on`: the date (UTC) under which the index has what expires at this instant.
pub(super) fn expiry_date(expires_at: Timestamp) -> String {
    expires_at.to_zoned(TimeZone::UTC).date().to_string()
}

/// The client of the key of a client or of a secret; `None` for another key.
pub(super) fn parse_client(pk: &str, sk: &str) -> Option<ClientId> {
    let client = ClientId::parse(pk.strip_prefix("CLIENT#")?).ok()?;
    let is_secret = || sk.strip_prefix(SECRET_PREFIX).is_some_and(|id| SecretId::parse(id).is_ok());
    (sk == CLIENT || is_secret()).then_some(client)
}

/// `client_key`: the entries about one client in the trail of an account.
pub(super) fn audited_client(account: &AccountId, client: &ClientId) -> String {
    format!("{}#CLIENT#{client}", account_partition(account))
}

/// The stage that the tables belong to.
pub(super) fn deployment_stage() -> Key {
    Key::new("DEPLOYMENT", "STAGE")
}

pub(super) fn audit(account: &AccountId, audit_id: &str) -> Key {
    Key::new(account_partition(account), audit_id)
}
