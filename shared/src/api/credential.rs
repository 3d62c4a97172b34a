//! Credentials of a client other than secrets, in responses.

use crate::domain::client::Client;
use crate::domain::client::active_credentials::active_last_uses;
use crate::domain::client::client_keys::key_check::{KeyCheck, KeysFound};
use crate::domain::client::client_keys::{ClientKeys, UploadedKey};
use crate::domain::client::credential::CredentialId;
use crate::domain::jose::ignored_key::{IgnoredKey, IgnoredKeyReason};
use crate::domain::jose::jwk::PublicJwk;
use jiff::Timestamp;
use jiff::civil::Date;
use serde::Serialize;
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
    expires_at: Option<String>,
    /// Of a federated identity.
    #[serde(skip_serializing_if = "Option::is_none")]
    issuer: Option<String>,
    /// Of a federated identity. Of a certificate: its subject (RFC 4514), if it is known.
    #[serde(skip_serializing_if = "Option::is_none")]
    subject: Option<String>,
    /// Of a `jwks_uri` or federated identity: what was found when its keys were last looked at, `found`, `none_usable`,
    /// `unavailable` or `not_checked`. Absent if they were not.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(value_type = String)]
    keys: Option<KeysFound>,
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
        keys: None,
        last_used_on,
    };
    let of_key = |kind, key: &PublicJwk| plain(kind, used(&CredentialId::of_key(key)));
    let mut views = match &client.key_source {
        None => Vec::new(),
        Some(ClientKeys::JwksUri(uri)) => {
            let id = CredentialId::of_jwks_uri(uri.as_str());
            vec![CredentialResponse { keys: found(client, &id), ..plain("jwks_uri", used(&id)) }]
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
                expires_at: Some(instant(certificate.expires_at)),
                subject: certificate.subject.clone(),
                ..of_key("certificate", jwk)
            }]
        }
    };
    views.extend(client.federated_identities.iter().map(|identity| {
        let id = CredentialId::of_identity(identity);
        // The keys of an issuer are looked at once, for the first of its identities.
        let first = client.federated_identities.iter().find(|other| other.issuer == identity.issuer);
        CredentialResponse {
            issuer: Some(identity.issuer.to_string()),
            subject: identity.subject.clone(),
            keys: first.and_then(|first| found(client, &CredentialId::of_identity(first))),
            ..plain("federated_identity", used(&id))
        }
    }));
    views
}

fn found(client: &Client, credential: &CredentialId) -> Option<KeysFound> {
    let mut checks = client.key_checks.iter();
    checks.find(|check| check.credential.as_ref() == Some(credential)).map(|check| check.keys)
}

/// The end of a certificate. That of one without end (RFC 5280 §4.1.2.5) is later than the latest instant here.
fn instant(expires_at: Timestamp) -> String {
    if expires_at == Timestamp::MAX { "9999-12-31T23:59:59Z".to_owned() } else { expires_at.to_string() }
}

/// A key that is passed over.
#[derive(Serialize, ToSchema)]
pub struct IgnoredKeyResponse {
    /// Where it was found: `jwks`, the `jwks_uri`, or the issuer.
    source: String,
    /// The beginning of its `kid`; null if it has none.
    kid: Option<String>,
    /// Why.
    #[schema(value_type = String)]
    reason: IgnoredKeyReason,
}

/// The keys of a client that are passed over, as far as they are recorded.
pub fn ignored_keys(client: &Client) -> Vec<IgnoredKeyResponse> {
    let of_check = |check: &KeyCheck| {
        let source = source(client, check.credential.as_ref());
        let response = |ignored: &IgnoredKey| IgnoredKeyResponse {
            source: source.clone(),
            kid: ignored.kid.clone(),
            reason: ignored.reason,
        };
        check.ignored.iter().map(response).collect::<Vec<_>>()
    };
    client.key_checks.iter().flat_map(of_check).collect()
}

/// The `jwks_uri` or the issuer of a credential; `jwks` for keys that are stored with the client.
fn source(client: &Client, credential: Option<&CredentialId>) -> String {
    let issuer = client
        .federated_identities
        .iter()
        .find(|identity| credential == Some(&CredentialId::of_identity(identity)));
    match (credential, issuer) {
        (Some(_), Some(identity)) => identity.issuer.to_string(),
        (Some(_), None) => client
            .key_source
            .as_ref()
            .and_then(ClientKeys::jwks_uri)
            .map(ToString::to_string)
            .unwrap_or_default(),
        (None, _) => "jwks".to_owned(),
    }
}
