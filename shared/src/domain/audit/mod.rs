//! The audit trail: which actor changed what, when and from which address. It has no member that can hold a secret.

pub mod event;

use crate::domain::primitives::email::EmailAddress;
use crate::domain::primitives::ids::{AccountId, ClientId, ResourceId, SecretId};
use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use std::borrow::Cow;
use std::net::IpAddr;
use strum::{IntoStaticStr, VariantArray};

/// An action that this version records.
#[derive(Clone, Copy, Debug, PartialEq, Eq, IntoStaticStr, VariantArray)]
pub enum Action {
    /// An account was created.
    #[strum(serialize = "account.created")]
    AccountCreated,
    /// An account was changed.
    #[strum(serialize = "account.updated")]
    AccountUpdated,
    /// A member was added.
    #[strum(serialize = "member.added")]
    MemberAdded,
    /// A member's name or permissions were changed.
    #[strum(serialize = "member.updated")]
    MemberUpdated,
    /// A member was removed.
    #[strum(serialize = "member.removed")]
    MemberRemoved,
    /// A resource was created.
    #[strum(serialize = "resource.created")]
    ResourceCreated,
    /// A resource was changed.
    #[strum(serialize = "resource.updated")]
    ResourceUpdated,
    /// A resource was deleted.
    #[strum(serialize = "resource.deleted")]
    ResourceDeleted,
    /// A client was created.
    #[strum(serialize = "client.created")]
    ClientCreated,
    /// A client's metadata was changed.
    #[strum(serialize = "client.updated")]
    ClientUpdated,
    /// A client's permissions were replaced.
    #[strum(serialize = "client.permissions_replaced")]
    ClientPermissionsReplaced,
    /// A client was enabled.
    #[strum(serialize = "client.enabled")]
    ClientEnabled,
    /// A client was disabled.
    #[strum(serialize = "client.disabled")]
    ClientDisabled,
    /// A client was deleted.
    #[strum(serialize = "client.deleted")]
    ClientDeleted,
    /// A secret was added.
    #[strum(serialize = "secret.created")]
    SecretCreated,
    /// A secret was revoked.
    #[strum(serialize = "secret.revoked")]
    SecretRevoked,
    /// A secret was revealed.
    #[strum(serialize = "secret.revealed")]
    SecretRevealed,
    /// The value of a live secret was found to be missing in Secrets Manager.
    #[strum(serialize = "secret.stored_value_missing")]
    StoredSecretMissing,
    /// A member gave a consent, or extended one.
    #[strum(serialize = "consent.given")]
    ConsentGiven,
    /// A person's consent was withdrawn.
    #[strum(serialize = "consent.withdrawn")]
    ConsentWithdrawn,
}

impl Action {
    /// Every action.
    pub const ALL: &[Self] = Self::VARIANTS;

    /// Its name in the audit trail, and of its event.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        self.into()
    }
}

/// Name of the action of an audit entry.
///
/// New entries get it from an [`Action`]. A stored entry may have one of a later version, which is kept as it is.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct ActionName(Cow<'static, str>);

impl ActionName {
    /// The name as text.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl From<Action> for ActionName {
    fn from(action: Action) -> Self {
        Self(Cow::Borrowed(action.as_str()))
    }
}

/// The actor of an audit entry.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Actor {
    /// The client whose token was presented, or which the person signed in to.
    ///
    /// This version always sets it. It is optional only for reading entries of later versions.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub client_id: Option<ClientId>,
    /// The account of that client.
    pub account_id: AccountId,
    /// Address of the member, if a person acted.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub email: Option<EmailAddress>,
    /// Source address of the request.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub source_ip: Option<IpAddr>,
}

/// The target of an audit entry.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Target {
    /// The client, also if the target is one of its secrets.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub client_id: Option<ClientId>,
    /// The secret that was added, revoked or revealed.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub secret_id: Option<SecretId>,
    /// The secrets that were revoked with it.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub revoked_secret_ids: Vec<SecretId>,
    /// Address of the member.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub email: Option<EmailAddress>,
    /// The resource.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub resource_id: Option<ResourceId>,
}

/// An entry of the audit trail.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct AuditEntry {
    /// Its id: unique, and sorted by time within an account.
    pub audit_id: String,
    /// The account whose trail it belongs to.
    pub account_id: AccountId,
    /// Time of the action.
    pub at: Timestamp,
    /// The actor.
    pub actor: Actor,
    /// The action.
    pub action: ActionName,
    /// The target.
    pub target: Target,
    /// Names of the members that changed, without their values.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub changed: Vec<String>,
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;
    use std::collections::BTreeSet;

    #[test]
    fn each_action_has_a_distinct_name() {
        let names: BTreeSet<_> = Action::ALL.iter().map(|action| action.as_str()).collect();
        assert_eq!(names.len(), Action::ALL.len());
        assert_eq!(Action::StoredSecretMissing.as_str(), "secret.stored_value_missing");
    }

    #[test]
    fn an_entry_of_a_later_version_is_read_and_kept() {
        let stored = json!({
            "audit_id": "1", "account_id": "T1", "at": "2026-01-01T00:00:00Z",
            "actor": { "account_id": "T1", "email": "ann@acme.example" },
            "action": "template.created", "target": {},
        });
        let entry: AuditEntry = serde_json::from_value(stored.clone()).expect("an entry");
        assert_eq!(entry.action.as_str(), "template.created");
        assert_eq!(entry.actor.client_id, None);
        assert_eq!(serde_json::to_value(&entry).expect("JSON"), stored);
    }

    #[test]
    fn a_known_action_is_written_by_its_name() {
        let name = ActionName::from(Action::ClientCreated);
        assert_eq!(serde_json::to_value(&name).expect("JSON"), json!("client.created"));
        assert_eq!(serde_json::from_value::<ActionName>(json!("client.created")).expect("a name"), name);
    }
}
