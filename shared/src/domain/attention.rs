//! What about a client needs a person's attention.

use super::client::Client;
use super::validation::{FieldError, FromJson, wrong};
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
    /// A redirect URI holds a wildcard.
    WildcardRedirect,
}

impl Attention {
    /// Every reason there is.
    pub const ALL: &[Self] = &[
        Self::NoPermissions,
        Self::NoCredentials,
        Self::SecretExpiring,
        Self::SecretExpired,
        Self::WildcardRedirect,
    ];

    /// The name on the wire.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::NoPermissions => "no_permissions",
            Self::NoCredentials => "no_credentials",
            Self::SecretExpiring => "secret_expiring",
            Self::SecretExpired => "secret_expired",
            Self::WildcardRedirect => "wildcard_redirect",
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
    match client.secrets.last() {
        None => reasons.push(Attention::NoCredentials),
        Some(newest) if now >= newest.expires_at => reasons.push(Attention::SecretExpired),
        Some(newest) if newest.expires_at.duration_since(now) <= EXPIRING_WITHIN => {
            reasons.push(Attention::SecretExpiring);
        }
        Some(_) => {}
    }
    if client.redirect_uris.iter().any(super::redirect_uri::RedirectUri::has_wildcard) {
        reasons.push(Attention::WildcardRedirect);
    }
    reasons
}
