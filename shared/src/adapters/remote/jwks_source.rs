//! Where keys are published.

use crate::domain::net::provider_url::ProviderUrl;
use crate::domain::net::remote_url::{ExternalIssuer, JwksUri};

/// A source of keys.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum JwksSource {
    /// A `jwks_uri`.
    Uri(JwksUri),
    /// An issuer, whose metadata has the `jwks_uri`.
    Issuer(ExternalIssuer),
    /// The `jwks_uri` of the sign-in provider.
    Provider(ProviderUrl),
}

impl JwksSource {
    /// A text that no other source has.
    pub(super) fn key(&self) -> String {
        match self {
            Self::Uri(uri) => format!("jwks_uri {uri}"),
            Self::Issuer(issuer) => format!("issuer {issuer}"),
            Self::Provider(uri) => format!("provider {}", uri.as_str()),
        }
    }

    /// The host that is connected to first.
    pub(super) fn host(&self) -> &str {
        match self {
            Self::Uri(uri) => uri.host(),
            Self::Issuer(issuer) => issuer.host(),
            Self::Provider(uri) => uri.host(),
        }
    }
}
