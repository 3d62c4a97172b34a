//! What about a client needs a person's attention.

use crate::domain::client::Client;
use crate::domain::client::client_keys::ClientKeys;
use crate::domain::primitives::validation::{FieldError, FromJson, wrong};
use jiff::{SignedDuration, Timestamp};
use serde::{Deserialize, Serialize};
use serde_json::Value;

/// How long before its end a secret counts as expiring: 14 days.
pub const EXPIRING_WITHIN: SignedDuration = SignedDuration::from_hours(14 * 24);

/// A reason to look at a client.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Attention {
    /// It may ask for nothing.
    NoPermissions,
    /// It has nothing to authenticate with.
    NoCredentials,
    /// Its newest secret ends within 14 days.
    SecretExpiring,
    /// Its newest secret has ended.
    SecretExpired,
    /// The certificate of its key ends within 14 days.
    CertificateExpiring,
    /// The certificate of its key has ended.
    CertificateExpired,
    /// A redirect URI holds a wildcard.
    WildcardRedirect,
    /// The value of a live secret is no longer in Secrets Manager: what reads it there needs a new secret.
    StoredSecretMissing,
}

impl Attention {
    /// Every reason there is.
    pub const ALL: &[Self] = &[
        Self::NoPermissions,
        Self::NoCredentials,
        Self::SecretExpiring,
        Self::SecretExpired,
        Self::CertificateExpiring,
        Self::CertificateExpired,
        Self::WildcardRedirect,
        Self::StoredSecretMissing,
    ];

    /// The name on the wire.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::NoPermissions => "no_permissions",
            Self::NoCredentials => "no_credentials",
            Self::SecretExpiring => "secret_expiring",
            Self::SecretExpired => "secret_expired",
            Self::CertificateExpiring => "certificate_expiring",
            Self::CertificateExpired => "certificate_expired",
            Self::WildcardRedirect => "wildcard_redirect",
            Self::StoredSecretMissing => "stored_secret_missing",
        }
    }
}

impl FromJson for Attention {
    fn from_json(value: &Value) -> Result<Self, Vec<FieldError>> {
        let known = Self::ALL.iter().find(|reason| value.as_str() == Some(reason.as_str()));
        known.copied().map_or_else(
            || {
                let names: Vec<_> = Self::ALL.iter().map(|reason| reason.as_str()).collect();
                wrong(format!("must be one of: {}", names.join(", ")))
            },
            Ok,
        )
    }
}

/// Every reason to look at this client now.
#[must_use]
pub fn attention(client: &Client, now: Timestamp) -> Vec<Attention> {
    let mut reasons = Vec::new();
    if client.permissions.is_empty() {
        reasons.push(Attention::NoPermissions);
    }
    let newest_secret = client.secrets.last().filter(|_| client.token_endpoint_auth_method.takes_secrets());
    let needs_credentials = !client.token_endpoint_auth_method.is_public();
    if needs_credentials && newest_secret.is_none() && !client.has_keys_or_identities() {
        reasons.push(Attention::NoCredentials);
    }
    if let Some(secret) = newest_secret {
        reasons.extend(near(secret.expires_at, now, Attention::SecretExpiring, Attention::SecretExpired));
    }
    if let Some(certificate) = client.key_source.as_ref().and_then(ClientKeys::certificate) {
        let (expiring, expired) = (Attention::CertificateExpiring, Attention::CertificateExpired);
        reasons.extend(near(certificate.expires_at, now, expiring, expired));
    }
    if client.redirect_uris.iter().any(crate::domain::redirect_uri::RedirectUri::has_wildcard) {
        reasons.push(Attention::WildcardRedirect);
    }
    if client.missing_values(now).next().is_some() {
        reasons.push(Attention::StoredSecretMissing);
    }
    reasons
}

fn near(expires_at: Timestamp, now: Timestamp, expiring: Attention, expired: Attention) -> Option<Attention> {
    let left = expires_at.duration_since(now);
    if !left.is_positive() {
        Some(expired)
    } else if left <= EXPIRING_WITHIN {
        Some(expiring)
    } else {
        None
    }
}
