//! What chat, ticket and alarm systems can hear of. Each change of the audit trail is an event, and so is
//! each word about a secret's end. `infra/events.schema.json` describes them. No member of any can hold a
//! secret.

use super::audit::{AuditEntry, Target};
use super::ids::AccountId;
use super::reminder::{Notice, NoticeKind};
use super::text::Name;
use jiff::Timestamp;
use jiff::civil::Date;
use serde::Serialize;

/// An event. It is serialised as its details; [`Event::name`] goes beside them.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(untagged)]
pub enum Event<'a> {
    /// Something was changed, or a secret was shown again: the entry of the trail.
    Change(&'a AuditEntry),
    /// `secret.expiring`: a secret ends soon.
    SecretExpiring {
        /// Which one.
        #[serde(flatten)]
        end: SecretEnd<'a>,
        /// Within so many days.
        days: u16,
    },
    /// `secret.expired`: a secret has ended, and somebody tried it since.
    SecretExpired(SecretEnd<'a>),
}

/// The end of a secret.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct SecretEnd<'a> {
    /// Whose client.
    pub account_id: &'a AccountId,
    /// When this was said.
    pub at: Timestamp,
    /// The client and the secret, where a change has them too: one rule finds all that concerns a client.
    pub target: Target,
    /// For people.
    pub client_name: &'a Name,
    /// The secret's last four characters.
    pub hint: &'a str,
    /// When it ends, or ended.
    pub expires_at: Timestamp,
    /// The last day (UTC) on which it got a token.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub last_used_on: Option<Date>,
}

impl<'a> Event<'a> {
    /// What somebody is told about a secret of a client of `account_id`.
    #[must_use]
    pub fn notice(notice: &'a Notice, account_id: &'a AccountId, at: Timestamp) -> Self {
        let target = Target {
            client_id: Some(notice.client_id.clone()),
            secret_id: Some(notice.secret_id.clone()),
            ..Target::default()
        };
        let end = SecretEnd {
            account_id,
            at,
            target,
            client_name: &notice.client_name,
            hint: &notice.hint,
            expires_at: notice.expires_at,
            last_used_on: notice.last_used_on,
        };
        match notice.kind {
            NoticeKind::Expiring(days) => Self::SecretExpiring { end, days },
            NoticeKind::Expired => Self::SecretExpired(end),
        }
    }

    /// Its name, such as `client.disabled`: for a change, that of the action.
    #[must_use]
    pub fn name(&self) -> &'static str {
        match self {
            Self::Change(entry) => entry.action.as_str(),
            Self::SecretExpiring { .. } => "secret.expiring",
            Self::SecretExpired(_) => "secret.expired",
        }
    }

    /// Whose it is.
    #[must_use]
    pub fn account_id(&self) -> &AccountId {
        match self {
            Self::Change(entry) => &entry.account_id,
            Self::SecretExpiring { end, .. } | Self::SecretExpired(end) => end.account_id,
        }
    }
}
