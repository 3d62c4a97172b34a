//! Authentication by a secret (RFC 6749 §2.3.1).

use crate::adapters::crypto::peppers::Peppers;
use crate::adapters::store::ClientWithSecrets;
use crate::domain::client::client_secret::ClientSecret;
use crate::domain::client::secret::{MAX_LIVE, Secret, SecretDigest, SecretState};
use crate::domain::oauth::error::ClientAuthFailure;
use crate::domain::primitives::ids::{ClientId, SecretId};
use crate::services::client_auth::{ClientAuthError, VerifiedClient, VerifiedCredential};
use jiff::Timestamp;
use std::borrow::Cow;

/// A `client_id` and the secret that was presented with it.
#[derive(Debug)]
pub struct PresentedSecret {
    /// The client that the request names.
    pub client_id: ClientId,
    /// The secret, not yet verified.
    pub secret: ClientSecret,
}

/// Verifies the presented secret. `stored` is the client that the request names, if it exists.
pub fn verify_secret(
    presented: &PresentedSecret,
    stored: Option<ClientWithSecrets>,
    peppers: &Peppers,
    now: Timestamp,
) -> Result<VerifiedClient, ClientAuthError> {
    // First of all, so that every rejection below takes the same work.
    let matching = find_match(presented, stored.as_ref().map_or(&[][..], |stored| &stored.secrets), peppers);
    let ClientWithSecrets { client, secrets } = stored.ok_or(ClientAuthFailure::UnknownClient)?;
    let secret =
        matching.and_then(|index| secrets.into_iter().nth(index)).ok_or(ClientAuthFailure::WrongSecret)?;
    if !client.token_endpoint_auth_method.takes_secrets() {
        return Err(ClientAuthFailure::MethodNotAllowed.into());
    }
    match secret.state(now) {
        SecretState::Active => {}
        SecretState::Paused => return Err(ClientAuthFailure::PausedSecret.into()),
        SecretState::Expired => {
            return Err(ClientAuthError::Rejected {
                reason: ClientAuthFailure::ExpiredSecret,
                expired_secret: Some(Box::new(secret)),
            });
        }
    }
    let lookup = secret.lookup.is_none().then(|| peppers.lookup(&presented.secret));
    Ok(VerifiedClient { client, credential: VerifiedCredential::Secret { secret: Box::new(secret), lookup } })
}

/// Index of the secret that was presented.
///
/// Digests at least as many secrets as a client can have, dummies where it has fewer, and does not stop at a match:
/// the time taken does not tell whether the client exists or how many secrets it has.
fn find_match(presented: &PresentedSecret, secrets: &[Secret], peppers: &Peppers) -> Option<usize> {
    let dummy_id = SecretId::from_random_bytes([0; 16]);
    let dummy_digest = SecretDigest { pepper_id: String::new(), digest: vec![0; 32] };
    let mut matching = None;
    for index in 0..secrets.len().max(MAX_LIVE) {
        let (id, digest) = secrets.get(index).map_or((&dummy_id, Cow::Borrowed(&dummy_digest)), |secret| {
            (&secret.secret_id, secret.value_digest())
        });
        if peppers.verify(&presented.client_id, id, &presented.secret, &digest) {
            matching = Some(index);
        }
    }
    matching
}
