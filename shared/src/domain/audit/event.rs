//! What chat, ticket and alarm systems can hear of. Each change of the audit trail is an event, and so is
//! each word about the end of a secret or a certificate. `infra/events.schema.json` describes them. No member of any can hold a
//! secret.

use crate::domain::audit::{AuditEntry, Target};
use crate::domain::primitives::display_text::Name;
use crate::domain::primitives::ids::AccountId;
use crate::domain::reminder::{ExpiringCredential, Notice, NoticeKind};
use jiff::Timestamp;
use jiff::civil::Date;
use serde::Serialize;

/// An event. It is serialised as its details; [`DomainEvent::name`] goes beside them.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(untagged)]
pub enum DomainEvent<'a> {
    /// Something was changed, or a secret was shown again: the entry of the trail.
    Change(&'a AuditEntry),
    /// `secret.expiring`, `certificate.expiring`: it ends soon.
    Expiring {
        /// Which one.
        #[serde(flatten)]
        end: CredentialExpiry<'a>,
        /// Within so many days.
        days: u16,
    },
    /// `secret.expired`: a secret has ended, and somebody tried it since. `certificate.expired`: a certificate
    /// has ended, and its client has nothing else to authenticate with.
    Expired(CredentialExpiry<'a>),
}

/// The end of a credential.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct CredentialExpiry<'a> {
    /// Whose client.
    pub account_id: &'a AccountId,
    /// When this was said.
    pub at: Timestamp,
    /// The client, and the secret if it is one, where a change has them too: one rule finds all that concerns a
    /// client.
    pub target: Target,
    /// For people.
    pub client_name: &'a Name,
    /// What it is known by.
    #[serde(flatten)]
    pub known_by: CredentialLabel<'a>,
    /// When it ends, or ended.
    pub expires_at: Timestamp,
    /// The last day (UTC) on which it got a token.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub last_used_on: Option<Date>,
}

/// What people and programs know a credential by.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum CredentialLabel<'a> {
    /// A secret, by its last four characters.
    Hint(&'a str),
    /// A certificate, by its `x5t#S256` (RFC 7515 §4.1.8).
    Thumbprint(&'a str),
}

impl<'a> DomainEvent<'a> {
    /// What somebody is told about a credential of a client of `account_id`.
    #[must_use]
    pub fn notice(notice: &'a Notice, account_id: &'a AccountId, at: Timestamp) -> Self {
        let (secret_id, known_by) = match &notice.ending {
            ExpiringCredential::Secret { secret_id, hint } => {
                (Some(secret_id.clone()), CredentialLabel::Hint(hint))
            }
            ExpiringCredential::Certificate { thumbprint } => (None, CredentialLabel::Thumbprint(thumbprint)),
        };
        let target = Target { client_id: Some(notice.client_id.clone()), secret_id, ..Target::default() };
        let end = CredentialExpiry {
            account_id,
            at,
            target,
            client_name: &notice.client_name,
            known_by,
            expires_at: notice.expires_at,
            last_used_on: notice.last_used_on,
        };
        match notice.kind {
            NoticeKind::Expiring(days) => Self::Expiring { end, days },
            NoticeKind::Expired => Self::Expired(end),
        }
    }

    /// Its name, such as `client.disabled`: for a change, that of the action.
    #[must_use]
    pub fn name(&self) -> &'static str {
        match self {
            Self::Change(entry) => entry.action.as_str(),
            Self::Expiring { end, .. } => match end.known_by {
                CredentialLabel::Hint(_) => "secret.expiring",
                CredentialLabel::Thumbprint(_) => "certificate.expiring",
            },
            Self::Expired(end) => match end.known_by {
                CredentialLabel::Hint(_) => "secret.expired",
                CredentialLabel::Thumbprint(_) => "certificate.expired",
            },
        }
    }

    /// Whose it is.
    #[must_use]
    pub fn account_id(&self) -> &AccountId {
        match self {
            Self::Change(entry) => &entry.account_id,
            Self::Expiring { end, .. } | Self::Expired(end) => end.account_id,
        }
    }
}
