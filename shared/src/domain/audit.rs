//! The audit trail: who changed what, when, from where. No member of it can hold a secret.

use super::email::EmailAddress;
use super::ids::{AccountId, ClientId, ResourceId, SecretId};
use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use std::net::IpAddr;

/// What was done.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Action {
    /// An account was made.
    #[serde(rename = "account.created")]
    AccountCreated,
    /// An account was changed.
    #[serde(rename = "account.updated")]
    AccountUpdated,
    /// A person joined.
    #[serde(rename = "member.added")]
    MemberAdded,
    /// A person's name or permissions changed.
    #[serde(rename = "member.updated")]
    MemberUpdated,
    /// A person left.
    #[serde(rename = "member.removed")]
    MemberRemoved,
    /// A resource was made.
    #[serde(rename = "resource.created")]
    ResourceCreated,
    /// A resource was changed.
    #[serde(rename = "resource.updated")]
    ResourceUpdated,
    /// A resource was deleted.
    #[serde(rename = "resource.deleted")]
    ResourceDeleted,
    /// A client was made.
    #[serde(rename = "client.created")]
    ClientCreated,
    /// A client's details were changed.
    #[serde(rename = "client.updated")]
    ClientUpdated,
    /// A client's permissions were replaced.
    #[serde(rename = "client.permissions_replaced")]
    ClientPermissionsReplaced,
    /// A client may act again.
    #[serde(rename = "client.enabled")]
    ClientEnabled,
    /// A client may no longer act.
    #[serde(rename = "client.disabled")]
    ClientDisabled,
    /// A client is gone for good.
    #[serde(rename = "client.deleted")]
    ClientDeleted,
    /// A secret was added.
    #[serde(rename = "secret.created")]
    SecretCreated,
    /// A secret was revoked.
    #[serde(rename = "secret.revoked")]
    SecretRevoked,
    /// A secret was shown again.
    #[serde(rename = "secret.revealed")]
    SecretRevealed,
}

/// Who did it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Actor {
    /// The client whose token was presented.
    pub client_id: ClientId,
    /// The account of that client.
    pub account_id: AccountId,
    /// Where the request came from.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub source_ip: Option<IpAddr>,
}

/// What it was done to.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Target {
    /// The client, if it was one or one of its secrets.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub client_id: Option<ClientId>,
    /// The secret that was added, revoked or revealed.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub secret_id: Option<SecretId>,
    /// The secrets that went with it.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub revoked_secret_ids: Vec<SecretId>,
    /// The person.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub email: Option<EmailAddress>,
    /// The resource.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub resource_id: Option<ResourceId>,
}

/// One entry.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct AuditEntry {
    /// Unique, and in the order of time within an account.
    pub audit_id: String,
    /// Whose trail it is in.
    pub account_id: AccountId,
    /// When.
    pub at: Timestamp,
    /// Who.
    pub actor: Actor,
    /// What.
    pub action: Action,
    /// To what.
    pub target: Target,
    /// Which members changed: their names, never their values.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub changed: Vec<String>,
}
