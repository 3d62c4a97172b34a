//! What ends, in responses.

use serde::Serialize;
use shared::domain::reminder::{ExpiringCredential, NoticeKind, SentReminder};
use shared::services::clients::{Expiry, NextReminder};
use utoipa::ToSchema;

/// A reminder that was sent.
#[derive(Serialize, ToSchema)]
#[schema(as = SentReminder)]
pub struct SentReminderResponse {
    /// So many days before the end; null if it said that the credential has ended.
    days: Option<u16>,
    #[schema(value_type = String, format = DateTime)]
    sent_at: jiff::Timestamp,
    /// How many people it was sent to: 0 if each of their addresses was rejected.
    recipients: usize,
}

/// The next reminder.
#[derive(Serialize, ToSchema)]
#[schema(as = NextReminder)]
pub struct NextReminderResponse {
    /// When it is due; it is sent within the hour.
    #[schema(value_type = String, format = DateTime)]
    at: jiff::Timestamp,
    /// Who would get it now. If it is empty, the operator gets it.
    recipients: Vec<String>,
}

/// A secret or certificate that ends.
#[derive(Serialize, ToSchema)]
#[schema(as = Expiry)]
pub struct ExpiryResponse {
    client_id: String,
    client_name: String,
    /// The secret; absent for a certificate.
    #[serde(skip_serializing_if = "Option::is_none")]
    secret_id: Option<String>,
    /// The last four characters of the secret.
    #[serde(skip_serializing_if = "Option::is_none")]
    hint: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    label: Option<String>,
    /// `x5t#S256` of the certificate (RFC 7515 §4.1.8); absent for a secret.
    #[serde(skip_serializing_if = "Option::is_none")]
    thumbprint: Option<String>,
    /// The subject of the certificate (RFC 4514), if it is known.
    #[serde(skip_serializing_if = "Option::is_none")]
    subject: Option<String>,
    /// Null for a certificate.
    #[schema(value_type = Option<String>, format = DateTime)]
    created_at: Option<jiff::Timestamp>,
    #[schema(value_type = String, format = DateTime)]
    expires_at: jiff::Timestamp,
    /// The last day (UTC) on which it got a token; null if it never did.
    #[schema(value_type = Option<String>, format = Date)]
    last_used_on: Option<jiff::civil::Date>,
    /// `in_use`, `not_used`, `paused`, `expired`, or `expired_in_use`: it was presented after its end.
    #[schema(value_type = String, example = "in_use")]
    state: &'static str,
    /// The reminders that were sent about this end, oldest first. Those of versions up to 0.1.0 are not known.
    reminders: Vec<SentReminderResponse>,
    /// Null if no more are sent.
    next_reminder: Option<NextReminderResponse>,
}

impl From<SentReminder> for SentReminderResponse {
    fn from(sent: SentReminder) -> Self {
        let days = match sent.kind {
            NoticeKind::Expiring(days) => Some(days),
            NoticeKind::Expired => None,
        };
        Self { days, sent_at: sent.sent_at, recipients: sent.recipients }
    }
}

impl From<NextReminder> for NextReminderResponse {
    fn from(next: NextReminder) -> Self {
        Self { at: next.at, recipients: next.recipients.iter().map(ToString::to_string).collect() }
    }
}

impl From<Expiry> for ExpiryResponse {
    fn from(row: Expiry) -> Self {
        let (secret_id, hint, thumbprint) = match row.credential {
            ExpiringCredential::Secret { secret_id, hint } => (Some(secret_id.to_string()), Some(hint), None),
            ExpiringCredential::Certificate { thumbprint } => (None, None, Some(thumbprint)),
        };
        Self {
            client_id: row.client_id.to_string(),
            client_name: row.client_name.to_string(),
            secret_id,
            hint,
            label: row.label.map(|label| label.to_string()),
            thumbprint,
            subject: row.subject,
            created_at: row.created_at,
            expires_at: row.expires_at,
            last_used_on: row.last_used_on,
            state: row.state.as_str(),
            reminders: row.reminders.into_iter().map(Into::into).collect(),
            next_reminder: row.next_reminder.map(Into::into),
        }
    }
}
