//! Secrets.

use crate::domain::client::secret::Secret;
use crate::domain::primitives::display_text::Label;
use crate::domain::primitives::ids::SecretId;
use jiff::Timestamp;
use jiff::civil::Date;
use serde::Serialize;
use utoipa::ToSchema;

/// A secret without its value.
#[derive(Serialize, ToSchema)]
pub struct SecretResponse {
    #[schema(value_type = String)]
    secret_id: SecretId,
    /// Its last four characters.
    hint: String,
    #[schema(value_type = String, format = DateTime)]
    created_at: Timestamp,
    /// It works until this instant.
    #[schema(value_type = String, format = DateTime)]
    expires_at: Timestamp,
    remind: bool,
    /// The last day (UTC) on which it got a token; null if it never did.
    #[schema(value_type = Option<String>, format = Date)]
    last_used_on: Option<Date>,
    /// What people call it; null if they do not.
    #[schema(value_type = Option<String>)]
    label: Option<Label>,
    /// `active`, `paused` or `expired`.
    status: &'static str,
}

impl SecretResponse {
    /// The secret at this instant.
    #[must_use]
    pub fn new(secret: Secret, now: Timestamp) -> Self {
        Self {
            status: secret.state(now).into(),
            label: secret.label,
            secret_id: secret.secret_id,
            hint: secret.hint,
            created_at: secret.created_at,
            expires_at: secret.expires_at,
            remind: secret.remind,
            last_used_on: secret.last_used_on,
        }
    }
}
