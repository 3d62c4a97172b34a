//! The keys at a `jwks_uri`, or of an issuer by its metadata.

use crate::adapters::crypto::key_reader;
use crate::adapters::remote::error::FetchError;
use crate::adapters::remote::fetch::Fetcher;
use crate::domain::jose::ignored_key::IgnoredKey;
use crate::domain::jose::jwk::PublicJwk;
use crate::domain::net::provider_url::ProviderUrl;
use crate::domain::net::remote_url::{ExternalIssuer, JwksUri};
use serde_json::Value;

/// The most keys of one document that are parsed.
const MAX_KEYS: usize = 100;

/// The keys of a document.
#[derive(Debug, Default)]
pub(super) struct PublishedKeys {
    /// Those that can verify signatures.
    pub(super) usable: Vec<PublicJwk>,
    /// The others.
    pub(super) ignored: Vec<IgnoredKey>,
}

/// The keys of a JWKS document (RFC 7517 §5).
pub(super) async fn keys_at(fetcher: &Fetcher, uri: &JwksUri) -> Result<PublishedKeys, FetchError> {
    keys_in(&fetcher.get_json(uri.as_str()).await?)
}

/// The same, of the sign-in provider.
pub(super) async fn keys_of_provider(
    fetcher: &Fetcher,
    uri: &ProviderUrl,
) -> Result<PublishedKeys, FetchError> {
    keys_in(&fetcher.get_from(uri, None).await?)
}

fn keys_in(document: &Value) -> Result<PublishedKeys, FetchError> {
    let keys = document.get("keys").and_then(Value::as_array).ok_or(FetchError::Unexpected)?;
    let mut published = PublishedKeys::default();
    for key in keys.iter().take(MAX_KEYS) {
        match key_reader::read_jwk(key) {
            Ok(key) => published.usable.push(key),
            Err(error) => {
                let kid = key.get("kid").and_then(Value::as_str);
                published.ignored.push(IgnoredKey::new(kid, error.reason()));
            }
        }
    }
    Ok(published)
}

/// The keys of an external issuer by its metadata (OpenID Connect Discovery 1.0 §4), whose `issuer` must be exactly
/// this issuer.
pub(super) async fn keys_of(fetcher: &Fetcher, issuer: &ExternalIssuer) -> Result<PublishedKeys, FetchError> {
    let description = fetcher.get_json(&issuer.configuration_url()).await?;
    if description.get("issuer").and_then(Value::as_str) != Some(issuer.as_str()) {
        return Err(FetchError::Unexpected);
    }
    let uri = description.get("jwks_uri").and_then(Value::as_str).ok_or(FetchError::Unexpected)?;
    let uri = JwksUri::parse(uri).map_err(|_| FetchError::Url)?;
    if issuer.may_publish_at(&uri) { keys_at(fetcher, &uri).await } else { Err(FetchError::Url) }
}
