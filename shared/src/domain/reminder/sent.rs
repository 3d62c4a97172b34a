//! Notices that were sent, as they are kept for people who want to know.

use crate::domain::client::last_notice::NoticeKind;
use crate::domain::primitives::ids::{ClientId, SecretId};
use crate::domain::reminder::{ExpiringCredential, Notice};
use jiff::Timestamp;
use serde::{Deserialize, Serialize};

/// What identifies a credential of a client in records of notices.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum CredentialName {
    /// A secret, by its id.
    SecretId(SecretId),
    /// A certificate, by its `x5t#S256`.
    Thumbprint(String),
}

/// A notice about the expiry of a credential, once all of its recipients were sent it. It names no recipient.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct SentReminder {
    /// The client.
    pub client_id: ClientId,
    /// The credential.
    #[serde(flatten)]
    pub credential: CredentialName,
    /// The last four characters of a secret.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub hint: Option<String>,
    /// When the credential was created, if it is known.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub created_at: Option<Timestamp>,
    /// The expiry that the notice named.
    pub expires_at: Timestamp,
    /// Kind of the notice.
    pub kind: NoticeKind,
    /// When it was sent.
    pub sent_at: Timestamp,
    /// How many recipients it was sent to: 0 if each address was rejected.
    pub recipients: usize,
}

impl SentReminder {
    /// The record of a notice that was sent to so many recipients.
    #[must_use]
    pub fn new(notice: &Notice, recipients: usize, sent_at: Timestamp) -> Self {
        let hint = match &notice.ending {
            ExpiringCredential::Secret { hint, .. } => Some(hint.clone()),
            ExpiringCredential::Certificate { .. } => None,
        };
        Self {
            client_id: notice.client_id.clone(),
            credential: notice.ending.name(),
            hint,
            created_at: notice.created_at,
            expires_at: notice.expires_at,
            kind: notice.kind,
            sent_at,
            recipients,
        }
    }
}

impl ExpiringCredential {
    /// What identifies it among the client's credentials.
    #[must_use]
    pub fn name(&self) -> CredentialName {
        match self {
            Self::Secret { secret_id, .. } => CredentialName::SecretId(secret_id.clone()),
            Self::Certificate { thumbprint } => CredentialName::Thumbprint(thumbprint.clone()),
        }
    }
}
