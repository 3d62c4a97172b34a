//! Looking at the published keys of a client when they are registered, or named in a change.

use crate::adapters::error::BackendError;
use crate::adapters::remote::{JwksSource, KeyLookup};
use crate::domain::client::Client;
use crate::domain::client::active_credentials::credentials;
use crate::domain::client::client_keys::ClientKeys;
use crate::domain::client::client_keys::key_check::{self, KeyCheck, KeysFound};
use crate::domain::client::credential::CredentialId;
use crate::domain::jose::jwk::PublicJwk;
use crate::domain::primitives::ids::AccountId;
use crate::domain::sign_in::rate_limit::{Counter, RateLimit, RateLimitDecision};
use crate::services::clients::ClientManager;
use jiff::civil::Date;
use jiff::tz::TimeZone;
use std::sync::Arc;
use tokio::task::JoinSet;

/// How often an account may have published keys looked at: its members name the hosts that are then connected to.
const LOOKUPS: RateLimit = RateLimit::hourly("key_lookups", 20);

/// What the look-ups of an account are counted against.
#[must_use]
pub fn lookup_counter(account: &AccountId) -> Counter {
    Counter { limit: LOOKUPS, key: account.to_string() }
}

impl ClientManager<'_> {
    /// Looks at the `jwks_uri` and the issuers of a client, each once and all at the same time.
    pub(in crate::services::clients) async fn check_keys(
        &self,
        client: &Client,
    ) -> Result<Vec<KeyCheck>, BackendError> {
        let now = self.ctx.now();
        let mut lookups = JoinSet::new();
        let (mut seen, mut checks) = (Vec::new(), Vec::new());
        for (credential, source) in sources(client) {
            if seen.contains(&source) {
                continue;
            }
            seen.push(source.clone());
            match self.ctx.store().check_rate_limit(&lookup_counter(&self.account_id), now).await? {
                RateLimitDecision::Allowed => {
                    let cache = Arc::clone(self.ctx.backend.jwks_cache);
                    lookups.spawn(async move { (credential, cache.look_up(&source, now).await) });
                }
                RateLimitDecision::RetryAfter(_) => {
                    checks.push(check(credential, KeysFound::NotChecked, now.to_zoned(TimeZone::UTC).date()));
                }
            }
        }
        while let Some(finished) = lookups.join_next().await {
            let (credential, found) =
                finished.map_err(|error| BackendError::new("looking at published keys", error))?;
            checks.push(of_lookup(credential, found, now.to_zoned(TimeZone::UTC).date()));
        }
        Ok(checks)
    }

    /// The published keys that this instance has fetched in the last minutes, by the credential that publishes them.
    /// Nothing is fetched.
    #[must_use]
    pub fn fetched_keys(&self, client: &Client) -> Vec<(CredentialId, Arc<Vec<PublicJwk>>)> {
        let cached = |source: &JwksSource| self.ctx.backend.jwks_cache.cached(source, self.ctx.now());
        sources(client).filter_map(|(credential, source)| Some((credential, cached(&source)?))).collect()
    }
}

/// A client with the checks of its present credentials, the new ones in place of the old.
pub(in crate::services::clients) fn record(client: &mut Client, new: Vec<KeyCheck>) {
    let present: Vec<CredentialId> = credentials(client).collect();
    let has_inline = client.key_source.as_ref().is_some_and(|keys| keys.jwks_uri().is_none());
    client.key_checks = key_check::merged(&client.key_checks, new, &present, has_inline);
}

/// Where the published keys of a client are, by the credential that they are recorded with: of several identities of one
/// issuer, the first.
fn sources(client: &Client) -> impl Iterator<Item = (CredentialId, JwksSource)> + '_ {
    let uri = client.key_source.as_ref().and_then(ClientKeys::jwks_uri);
    let uri = uri.map(|uri| (CredentialId::of_jwks_uri(uri.as_str()), JwksSource::Uri(uri.clone())));
    let issuers = client.federated_identities.iter();
    uri.into_iter().chain(
        issuers.map(|identity| {
            (CredentialId::of_identity(identity), JwksSource::Issuer(identity.issuer.clone()))
        }),
    )
}

fn of_lookup(credential: CredentialId, found: Option<KeyLookup>, checked_on: Date) -> KeyCheck {
    match found {
        None => check(credential, KeysFound::Unavailable, checked_on),
        Some(KeyLookup { usable, ignored }) => {
            let keys = if usable == 0 { KeysFound::NoneUsable } else { KeysFound::Found };
            KeyCheck { ignored, ..check(credential, keys, checked_on) }
        }
    }
}

fn check(credential: CredentialId, keys: KeysFound, checked_on: Date) -> KeyCheck {
    KeyCheck { credential: Some(credential), keys, checked_on, ignored: Vec::new() }
}
