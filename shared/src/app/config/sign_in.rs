//! The configuration of the sign-in provider.

use crate::adapters::oidc::OidcConfig;
use crate::app::config::{ConfigError, EnvReader};
use crate::domain::net::provider_url::ProviderUrl;
use crate::domain::sign_in::standard_claims::UnverifiedEmailPolicy;

/// `UPSTREAM_ISSUER` and the variables that belong to it, which are ignored without an issuer.
pub(super) fn upstream(read: &EnvReader<'_>) -> Result<Option<OidcConfig>, ConfigError> {
    const EXPECTED: &str = "the https URL of an OpenID Connect provider with a host name, as the provider itself writes \
                            it (http only for loopback)";
    let client_id = read.text("UPSTREAM_CLIENT_ID", "the id of a client at the provider");
    let client_secret = read.text("UPSTREAM_CLIENT_SECRET", "the name or ARN of a secret");
    let unverified_email = unverified_email(read);
    let Some(issuer) = read.optional("UPSTREAM_ISSUER") else { return Ok(None) };
    let issuer = ProviderUrl::parse_issuer(&issuer).map_err(|_| ConfigError {
        variable: "UPSTREAM_ISSUER",
        expected: EXPECTED,
        got: issuer,
    })?;
    Ok(Some(OidcConfig {
        issuer,
        client_id: client_id?,
        client_secret: client_secret?,
        unverified_email: unverified_email?,
    }))
}

fn unverified_email(read: &EnvReader<'_>) -> Result<UnverifiedEmailPolicy, ConfigError> {
    match read.optional("UPSTREAM_EMAIL_UNVERIFIED").as_deref() {
        None | Some("refuse") => Ok(UnverifiedEmailPolicy::Refuse),
        Some("accept") => Ok(UnverifiedEmailPolicy::Accept),
        Some(other) => Err(ConfigError {
            variable: "UPSTREAM_EMAIL_UNVERIFIED",
            expected: "refuse or accept",
            got: other.to_owned(),
        }),
    }
}
