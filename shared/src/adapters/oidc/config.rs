//! The configuration of the provider.

use crate::domain::net::provider_url::ProviderUrl;
use crate::domain::sign_in::standard_claims::UnverifiedEmailPolicy;

/// The configured provider, and Latchkey's client there.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct OidcConfig {
    /// `UPSTREAM_ISSUER`, exactly as in the provider's metadata.
    pub issuer: ProviderUrl,
    /// `UPSTREAM_CLIENT_ID`: the confidential client that is registered at the provider.
    pub client_id: String,
    /// `UPSTREAM_CLIENT_SECRET`: name or ARN of a secret in Secrets Manager.
    pub client_secret: String,
    /// `UPSTREAM_TRUSTED_AUDIENCES`: values that the provider's ID tokens may have in `aud` beside the client.
    pub trusted_audiences: Vec<String>,
    /// `UPSTREAM_EMAIL_UNVERIFIED`.
    pub unverified_email: UnverifiedEmailPolicy,
}
