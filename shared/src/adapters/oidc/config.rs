//! Which provider people sign in at, and as which of its clients we ask.

use crate::domain::net::provider_url::ProviderUrl;
use crate::domain::sign_in::standard_claims::UnverifiedEmailPolicy;

/// The operator's choice of a provider.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct OidcConfig {
    /// `UPSTREAM_ISSUER`, to the letter as the provider describes itself.
    pub issuer: ProviderUrl,
    /// `UPSTREAM_CLIENT_ID`: the confidential client that the provider has registered for us.
    pub client_id: String,
    /// `UPSTREAM_CLIENT_SECRET`: name or ARN of a secret in Secrets Manager.
    pub client_secret: String,
    /// `UPSTREAM_EMAIL_UNVERIFIED`.
    pub unverified_email: UnverifiedEmailPolicy,
}
