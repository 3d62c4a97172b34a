//! Contacts of a client or an account that get no reminders, in responses.

use crate::domain::account::mail::{Suppression, SuppressionReason};
use crate::domain::primitives::email::EmailAddress;
use jiff::Timestamp;
use serde::Serialize;
use utoipa::ToSchema;

/// A contact that gets no reminders.
#[derive(Serialize, ToSchema)]
pub struct SuppressedContact {
    #[schema(value_type = String)]
    email: EmailAddress,
    /// `stopped` by its reader, or because an e-mail `bounced`, or its reader `complained` about one.
    #[schema(value_type = String, example = "bounced")]
    reason: SuppressionReason,
    #[schema(value_type = String, format = DateTime)]
    since: Timestamp,
}

impl SuppressedContact {
    /// These contacts.
    pub(super) fn all(suppressed: Vec<(EmailAddress, Suppression)>) -> Vec<Self> {
        let shown = |(email, Suppression { reason, since })| Self { email, reason, since };
        suppressed.into_iter().map(shown).collect()
    }
}
