//! A client that was created, in a response.

use crate::routes::secrets::response::PlaintextSecret;
use serde::Serialize;
use shared::api::client::ClientResponse;
use shared::domain::client::secret::Secret;
use shared::domain::primitives::ids::SecretId;
use shared::services::clients::NewSecret;
use utoipa::ToSchema;

/// A client that was created.
#[derive(Serialize, ToSchema)]
pub struct CreateClientResponse {
    #[serde(flatten)]
    client: ClientResponse,
    /// Its first secret's id.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(value_type = String)]
    secret_id: Option<SecretId>,
    /// Its first secret. Shown this once: a repeat of the request does not show it.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(value_type = String)]
    client_secret: Option<PlaintextSecret>,
    /// When the secret ends (RFC 7591 §3.2.1), in seconds since 1970.
    #[serde(skip_serializing_if = "Option::is_none")]
    client_secret_expires_at: Option<i64>,
}

impl CreateClientResponse {
    /// With its new secret, if it has one.
    pub fn new(client: ClientResponse, new_secret: Option<NewSecret>) -> Self {
        let (secret, value) = new_secret.map(|new_secret| (new_secret.secret, new_secret.value)).unzip();
        Self { client_secret: value.map(PlaintextSecret), ..Self::replayed(client, secret.as_ref()) }
    }

    /// For a repeat of the request that created it.
    pub fn replayed(client: ClientResponse, secret: Option<&Secret>) -> Self {
        Self {
            client,
            secret_id: secret.map(|secret| secret.secret_id.clone()),
            client_secret: None,
            client_secret_expires_at: secret.map(|secret| secret.expires_at.as_second()),
        }
    }
}
