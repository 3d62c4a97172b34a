//! What ends as rows of a table.

use crate::domain::reminder::{ExpiringCredential, NoticeKind, SentReminder};
use crate::services::clients::read::expiries::row::Expiry;
use std::fmt::Display;

/// The columns of a table of what ends, called as the API calls the members.
pub const EXPIRY_COLUMNS: [&str; 13] = [
    "client_id",
    "client_name",
    "secret_id",
    "hint",
    "label",
    "thumbprint",
    "created_at",
    "expires_at",
    "last_used_on",
    "state",
    "reminders",
    "next_reminder_at",
    "next_reminder_recipients",
];

impl Expiry {
    /// The cells of its row. A sent reminder is its day, when it was sent, and to how many.
    #[must_use]
    pub fn cells(&self) -> [String; 13] {
        let (secret_id, hint, thumbprint) = match &self.credential {
            ExpiringCredential::Secret { secret_id, hint } => (secret_id.as_str(), hint.as_str(), ""),
            ExpiringCredential::Certificate { thumbprint } => ("", "", thumbprint.as_str()),
        };
        let next = self.next_reminder.as_ref();
        [
            self.client_id.to_string(),
            self.client_name.to_string(),
            secret_id.to_owned(),
            hint.to_owned(),
            optional(self.label.as_ref()),
            thumbprint.to_owned(),
            optional(self.created_at),
            self.expires_at.to_string(),
            optional(self.last_used_on),
            self.state.as_str().to_owned(),
            joined(self.reminders.iter().map(sent)),
            optional(next.map(|next| next.at)),
            next.map(|next| joined(next.recipients.iter())).unwrap_or_default(),
        ]
    }
}

fn sent(reminder: &SentReminder) -> String {
    let days = match reminder.kind {
        NoticeKind::Expiring(days) => days,
        NoticeKind::Expired => 0,
    };
    format!("{days}/{}/{}", reminder.sent_at, reminder.recipients)
}

fn optional(value: Option<impl Display>) -> String {
    value.map(|value| value.to_string()).unwrap_or_default()
}

fn joined(values: impl Iterator<Item = impl Display>) -> String {
    values.map(|value| value.to_string()).collect::<Vec<_>>().join(" ")
}
