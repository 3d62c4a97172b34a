//! Events for chat, ticket and alarm systems: one for each entry of the audit trail but those of sent reminders, and one for
//! each notice about the expiry of a secret or certificate. `infra/events.schema.json` describes them. They have no member that can hold a secret.

use crate::domain::audit::{AuditEntry, Target};
use crate::domain::client::last_notice::NoticeKind;
use crate::domain::primitives::display_text::Name;
use crate::domain::primitives::ids::AccountId;
use crate::domain::reminder::{ExpiringCredential, Notice};
use jiff::Timestamp;
use jiff::civil::Date;
use serde::Serialize;

/// An event. It is serialised as its details; [`DomainEvent::name`] is its detail type.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(untagged)]
pub enum DomainEvent<'a> {
    /// An entry of the audit trail.
    Change(&'a AuditEntry),
    /// `secret.expiring`, `certificate.expiring`: a credential expires soon.
    Expiring {
        /// The credential.
        #[serde(flatten)]
        expiry: CredentialExpiry<'a>,
        /// It expires within this number of days.
        days: u16,
    },
    /// `secret.expired`: a secret has expired, and was presented since. `certificate.expired`: a certificate has expired, and
    /// its client has no other way to authenticate.
    Expired(CredentialExpiry<'a>),
}

/// Expiry of a credential.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct CredentialExpiry<'a> {
    /// The account of the client.
    pub account_id: &'a AccountId,
    /// Time of the event.
    pub at: Timestamp,
    /// The client, and the secret if it is one. It has the shape of a change's target, so that one EventBridge rule matches
    /// all events of a client.
    pub target: Target,
    /// Display name of the client.
    pub client_name: &'a Name,
    /// Label of the credential.
    #[serde(flatten)]
    pub label: CredentialLabel<'a>,
    /// When it expires or expired.
    pub expires_at: Timestamp,
    /// The last day (UTC) on which it got a token.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub last_used_on: Option<Date>,
}

/// Public identification of a credential.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum CredentialLabel<'a> {
    /// Last four characters of a secret.
    Hint(&'a str),
    /// `x5t#S256` of a certificate (RFC 7515 §4.1.8).
    Thumbprint(&'a str),
}

impl<'a> DomainEvent<'a> {
    /// The event of a notice about a credential of a client of `account_id`.
    #[must_use]
    pub fn notice(notice: &'a Notice, account_id: &'a AccountId, at: Timestamp) -> Self {
        let (secret_id, label) = match &notice.ending {
            ExpiringCredential::Secret { secret_id, hint } => {
                (Some(secret_id.clone()), CredentialLabel::Hint(hint))
            }
            ExpiringCredential::Certificate { thumbprint } => (None, CredentialLabel::Thumbprint(thumbprint)),
        };
        let target = Target { client_id: Some(notice.client_id.clone()), secret_id, ..Target::default() };
        let expiry = CredentialExpiry {
            account_id,
            at,
            target,
            client_name: &notice.client_name,
            label,
            expires_at: notice.expires_at,
            last_used_on: notice.last_used_on,
        };
        match notice.kind {
            NoticeKind::Expiring(days) => Self::Expiring { expiry, days },
            NoticeKind::Expired => Self::Expired(expiry),
        }
    }

    /// Its name, such as `client.disabled`; for a change, the name of the action.
    #[must_use]
    pub fn name(&self) -> &str {
        match self {
            Self::Change(entry) => entry.action.as_str(),
            Self::Expiring { expiry, .. } => match expiry.label {
                CredentialLabel::Hint(_) => "secret.expiring",
                CredentialLabel::Thumbprint(_) => "certificate.expiring",
            },
            Self::Expired(expiry) => match expiry.label {
                CredentialLabel::Hint(_) => "secret.expired",
                CredentialLabel::Thumbprint(_) => "certificate.expired",
            },
        }
    }

    /// The account that it belongs to.
    #[must_use]
    pub fn account_id(&self) -> &AccountId {
        match self {
            Self::Change(entry) => &entry.account_id,
            Self::Expiring { expiry, .. } | Self::Expired(expiry) => expiry.account_id,
        }
    }
}
