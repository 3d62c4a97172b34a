//! The audit trail: which actor changed what, when and from which address. It has no member that can hold a secret.

mod action;
mod changed_member;
pub mod event;
pub mod filter;
mod group;
mod table;

pub use action::{Action, ActionName};
pub use changed_member::{ChangedMember, MemberName};
pub use group::ActionGroup;
pub use table::AUDIT_COLUMNS;

use crate::domain::oauth::refresh_token_family::FamilyId;
use crate::domain::primitives::email::EmailAddress;
use crate::domain::primitives::ids::{AccountId, ClientId, ResourceId, SecretId, TemplateId};
use crate::domain::sign_in::end_user::{Subject, SubjectType};
use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use serde_json::Value;
use std::borrow::Cow;
use std::net::IpAddr;
use strum::{IntoStaticStr, VariantArray};

/// A part of Latchkey that acts by itself, or that a person acts through.
#[derive(Clone, Copy, Debug, PartialEq, Eq, IntoStaticStr, VariantArray)]
#[strum(serialize_all = "snake_case")]
pub enum System {
    /// The scheduled job.
    Expiry,
    /// The console, in which a member acts.
    Console,
    /// The rotation of the signing keys.
    RotateKeys,
    /// Delivery of e-mails, and the page on which their readers stop them.
    Mail,
}

impl System {
    /// The `client_id` of its entries, which versions before this one know it by.
    #[must_use]
    pub fn client_id(self) -> &'static str {
        match self {
            Self::Expiry => "latchkey.expiry",
            Self::Console => "latchkey.console",
            Self::RotateKeys => "latchkey.rotate-keys",
            Self::Mail => "latchkey.mail",
        }
    }
}

/// Name of a [`System`]. A stored entry may have one of a later version, which is kept as it is.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct SystemName(Cow<'static, str>);

impl SystemName {
    /// The name as text.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl From<System> for SystemName {
    fn from(system: System) -> Self {
        Self(Cow::Borrowed(system.into()))
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
    /// The part of Latchkey that acted by itself, or that a person acted through. No client has it, whatever its id.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub system: Option<SystemName>,
    /// Address of the person, if one acted.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub email: Option<EmailAddress>,
    /// `sub` of the member, if one acted in the console.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub sub: Option<Subject>,
    /// Their session in the console.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub session_id: Option<String>,
    /// Source address of the request.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub source_ip: Option<IpAddr>,
}

impl Actor {
    /// A client of an account, from an address if one is known.
    #[must_use]
    pub fn of_client(client_id: ClientId, account_id: AccountId, source_ip: Option<IpAddr>) -> Self {
        let client_id = Some(client_id);
        Self { client_id, account_id, system: None, email: None, sub: None, session_id: None, source_ip }
    }

    /// Address of the person who acted, or else the id of the client.
    #[must_use]
    pub fn name(&self) -> Option<String> {
        let email = self.email.as_ref().map(ToString::to_string);
        email.or_else(|| self.client_id.as_ref().map(ToString::to_string))
    }
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
    /// Its last four characters. Entries of earlier versions are without.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub hint: Option<String>,
    /// The secrets that were revoked with it.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub revoked_secret_ids: Vec<SecretId>,
    /// Address of the person.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub email: Option<EmailAddress>,
    /// Whether the person that a client acts for is a member.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub subject_type: Option<SubjectType>,
    /// The resource.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub resource_id: Option<ResourceId>,
    /// The template.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub template_id: Option<TemplateId>,
    /// The grant of a code or a token (`grant_id` of access tokens).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub grant_id: Option<FamilyId>,
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
    /// Names of the members that changed.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub changed: Vec<MemberName>,
    /// Old and new values of those that matter for security.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub changes: Vec<Change>,
}

/// One member before and after a change. The values are as in the management API; of keys they are thumbprints.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Change {
    /// Its name.
    pub member: MemberName,
    /// The value before; null if there was none.
    pub old: Value,
    /// The value after; null if there is none.
    pub new: Value,
}

impl AuditEntry {
    /// The entry with these changes.
    #[must_use]
    pub fn with_changes(self, changes: Vec<Change>) -> Self {
        Self { changes, ..self }
    }
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
            "action": "report.created", "target": {},
        });
        let entry: AuditEntry = serde_json::from_value(stored.clone()).expect("an entry");
        assert_eq!(entry.action.as_str(), "report.created");
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
