//! Credentials of a client other than secrets, in responses.

use jiff::Timestamp;
use jiff::civil::Date;
use serde::Serialize;
use shared::domain::client::Client;
use shared::domain::client::active_credentials::active_last_uses;
use shared::domain::client::client_keys::{ClientKeys, UploadedKey};
use shared::domain::client::credential::CredentialId;
use shared::domain::jose::jwk::PublicJwk;
use utoipa::ToSchema;

/// A credential other than a secret.
#[derive(Serialize, ToSchema)]
pub struct CredentialResponse {
    /// `jwk`, `jwks_uri`, `public_key`, `certificate` or `federated_identity`.
    #[serde(rename = "type")]
    #[schema(rename = "type")]
    kind: &'static str,
    /// The `kid` of a key in `jwks`, if it has one.
    #[serde(skip_serializing_if = "Option::is_none")]
    kid: Option<String>,
    /// Of a certificate: SHA-256, as in `x5t#S256` (RFC 7515).
    #[serde(skip_serializing_if = "Option::is_none")]
    thumbprint: Option<String>,
    /// Of a certificate: its key works until this instant.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(value_type = String, format = DateTime)]
    expires_at: Option<Timestamp>,
    /// Of a federated identity.
    #[serde(skip_serializing_if = "Option::is_none")]
    issuer: Option<String>,
    /// Of a federated identity.
    #[serde(skip_serializing_if = "Option::is_none")]
    subject: Option<String>,
    /// The last day (UTC) on which it got a token; null if it never did.
    #[schema(value_type = Option<String>, format = Date)]
    last_used_on: Option<Date>,
}

/// All credentials of a client other than secrets.
pub fn credentials(client: &Client) -> Vec<CredentialResponse> {
    let days = active_last_uses(client);
    let used = |id: &CredentialId| days.get(id).copied();
    let plain = |kind, last_used_on| CredentialResponse {
        kind,
        kid: None,
        thumbprint: None,
        expires_at: None,
        issuer: None,
        subject: None,
        last_used_on,
    };
    let of_key = |kind, key: &PublicJwk| plain(kind, used(&CredentialId::of_key(key)));
    let mut views = match &client.key_source {
        None => Vec::new(),
        Some(ClientKeys::JwksUri(uri)) => {
            vec![plain("jwks_uri", used(&CredentialId::of_jwks_uri(uri.as_str())))]
        }
        Some(ClientKeys::Jwks(set)) => set
            .keys
            .iter()
            .map(|key| CredentialResponse { kid: key.kid.clone(), ..of_key("jwk", key) })
            .collect(),
        Some(ClientKeys::PublicKeyPem(UploadedKey { jwk, certificate: None })) => {
            vec![of_key("public_key", jwk)]
        }
        Some(ClientKeys::PublicKeyPem(UploadedKey { jwk, certificate: Some(certificate) })) => {
            vec![CredentialResponse {
                thumbprint: Some(certificate.thumbprint.clone()),
                expires_at: Some(certificate.expires_at),
                ..of_key("certificate", jwk)
            }]
        }
    };
    views.extend(client.federated_identities.iter().map(|identity| CredentialResponse {
        issuer: Some(identity.issuer.to_string()),
        subject: Some(identity.subject.clone()),
        ..plain("federated_identity", used(&CredentialId::of_identity(identity)))
    }));
    views
}
