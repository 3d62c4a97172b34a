//! The audit trail: who changed what, when, from where. No member of it can hold a secret.

pub mod event;

use crate::domain::primitives::email::EmailAddress;
use crate::domain::primitives::ids::{AccountId, ClientId, ResourceId, SecretId};
use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use std::net::IpAddr;

macro_rules! actions {
    ($($variant:ident = $name:literal, $what:literal;)+) => {
        /// What was done.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
        pub enum Action {
            $(#[doc = $what] #[serde(rename = $name)] $variant,)+
        }

        impl Action {
            /// All of them.
            pub const ALL: &[Self] = &[$(Self::$variant),+];

            /// Its name in the trail, and that of the event which tells of it.
            #[must_use]
            pub const fn as_str(self) -> &'static str {
                match self { $(Self::$variant => $name),+ }
            }
        }
    };
}

actions! {
    AccountCreated = "account.created", "An account was made.";
    AccountUpdated = "account.updated", "An account was changed.";
    MemberAdded = "member.added", "A person joined.";
    MemberUpdated = "member.updated", "A person's name or permissions changed.";
    MemberRemoved = "member.removed", "A person left.";
    ResourceCreated = "resource.created", "A resource was made.";
    ResourceUpdated = "resource.updated", "A resource was changed.";
    ResourceDeleted = "resource.deleted", "A resource was deleted.";
    ClientCreated = "client.created", "A client was made.";
    ClientUpdated = "client.updated", "A client's details were changed.";
    ClientPermissionsReplaced = "client.permissions_replaced", "A client's permissions were replaced.";
    ClientEnabled = "client.enabled", "A client may act again.";
    ClientDisabled = "client.disabled", "A client may no longer act.";
    ClientDeleted = "client.deleted", "A client is gone for good.";
    SecretCreated = "secret.created", "A secret was added.";
    SecretRevoked = "secret.revoked", "A secret was revoked.";
    SecretRevealed = "secret.revealed", "A secret was shown again.";
    StoredSecretMissing = "secret.stored_value_missing", "The value of a live secret was found to be gone from Secrets Manager.";
    ConsentGiven = "consent.given", "A person lets a client act for them, or lets it do more.";
    ConsentWithdrawn = "consent.withdrawn", "A person's consent was withdrawn.";
}

/// Who did it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Actor {
    /// The client whose token was presented, or which sent the person to sign in.
    pub client_id: ClientId,
    /// The account of that client.
    pub account_id: AccountId,
    /// The person, if it was one and not a program.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub email: Option<EmailAddress>,
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
