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
    let trusted_audiences = trusted_audiences(read);
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
        trusted_audiences: trusted_audiences?,
        unverified_email: unverified_email?,
    }))
}

fn trusted_audiences(read: &EnvReader<'_>) -> Result<Vec<String>, ConfigError> {
    const MAX: usize = 10;
    const MAX_LENGTH: usize = 255;
    let Some(text) = read.optional("UPSTREAM_TRUSTED_AUDIENCES") else { return Ok(Vec::new()) };
    let audiences: Vec<String> = text.split(',').map(|audience| audience.trim().to_owned()).collect();
    let is_audience = |audience: &String| {
        (1..=MAX_LENGTH).contains(&audience.len()) && audience.bytes().all(|byte| byte.is_ascii_graphic())
    };
    if audiences.len() <= MAX && audiences.iter().all(is_audience) {
        Ok(audiences)
    } else {
        Err(ConfigError {
            variable: "UPSTREAM_TRUSTED_AUDIENCES",
            expected: "up to 10 audiences of at most 255 visible ASCII characters, with commas between them",
            got: text,
        })
    }
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
