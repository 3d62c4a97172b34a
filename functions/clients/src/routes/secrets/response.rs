//! Secrets in responses.

use jiff::Timestamp;
use jiff::civil::Date;
use serde::{Serialize, Serializer};
use shared::domain::client::client_secret::ClientSecret;
use shared::domain::client::secret::Secret;
use shared::domain::primitives::display_text::Label;
use shared::domain::primitives::ids::SecretId;
use shared::services::clients::NewSecret;
use utoipa::ToSchema;

/// The value of a secret in a response: its only `Serialize`.
#[derive(Debug)]
pub struct PlaintextSecret(pub ClientSecret);

impl Serialize for PlaintextSecret {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(self.0.expose())
    }
}

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

/// A secret that was added.
#[derive(Serialize, ToSchema)]
pub struct CreateSecretResponse {
    #[serde(flatten)]
    secret: SecretResponse,
    /// The secret. Shown this once: a repeat of the request does not show it.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(value_type = String)]
    client_secret: Option<PlaintextSecret>,
}

impl CreateSecretResponse {
    /// With its value.
    pub fn new(new_secret: NewSecret, now: Timestamp) -> Self {
        Self {
            secret: SecretResponse::new(new_secret.secret, now),
            client_secret: Some(PlaintextSecret(new_secret.value)),
        }
    }

    /// For a repeat of the request that added it.
    pub fn replayed(secret: Secret, now: Timestamp) -> Self {
        Self { secret: SecretResponse::new(secret, now), client_secret: None }
    }
}

/// The value of a secret.
#[derive(Serialize, ToSchema)]
pub struct SecretValueResponse {
    #[schema(value_type = String)]
    client_secret: PlaintextSecret,
}

impl SecretValueResponse {
    /// With its value.
    pub fn new(value: ClientSecret) -> Self {
        Self { client_secret: PlaintextSecret(value) }
    }
}
