//! Secrets in responses.

use jiff::Timestamp;
use serde::{Serialize, Serializer};
use shared::api::secret::SecretResponse;
use shared::domain::client::client_secret::ClientSecret;
use shared::domain::client::secret::Secret;
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
