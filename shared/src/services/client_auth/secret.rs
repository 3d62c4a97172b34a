//! Authentication by a secret (RFC 6749 §2.3.1).

use crate::adapters::crypto::peppers::Peppers;
use crate::adapters::store::ClientWithSecrets;
use crate::domain::client::Client;
use crate::domain::client::client_secret::ClientSecret;
use crate::domain::client::secret::{MAX_LIVE, Secret, SecretDigest};
use crate::domain::oauth::error::ClientAuthFailure;
use crate::domain::primitives::ids::{ClientId, SecretId};
use crate::services::client_auth::SecretAuthError;
use jiff::Timestamp;

/// Who somebody says that they are, and the secret that they say it with.
#[derive(Debug)]
pub struct PresentedSecret {
    /// The client.
    pub client_id: ClientId,
    /// Its secret.
    pub secret: ClientSecret,
}

/// The client, and the live secret of it that was presented.
pub(super) fn prove(
    presented: &PresentedSecret,
    known: Option<ClientWithSecrets>,
    peppers: &Peppers,
    now: Timestamp,
) -> Result<(Client, Secret), SecretAuthError> {
    let secrets = known.as_ref().map_or(&[][..], |known| &known.secrets);
    let matching = find_match(presented, secrets, peppers);
    let Some(known) = known else {
        return Err(ClientAuthFailure::UnknownClient.into());
    };
    let Some(secret) = matching.and_then(|index| known.secrets.get(index)).cloned() else {
        return Err(ClientAuthFailure::WrongSecret.into());
    };
    if !known.client.token_endpoint_auth_method.takes_secrets() {
        return Err(ClientAuthFailure::MethodNotAllowed.into());
    }
    if !secret.is_live(now) {
        return Err(SecretAuthError {
            failure: ClientAuthFailure::ExpiredSecret,
            tried: Some(Box::new(secret)),
        });
    }
    Ok((known.client, secret))
}

fn find_match(presented: &PresentedSecret, secrets: &[Secret], peppers: &Peppers) -> Option<usize> {
    let nobody = SecretId::from_random_bytes([0; 16]);
    let nothing = SecretDigest { pepper_id: String::new(), digest: vec![0; 32] };
    let mut matching = None;
    for index in 0..secrets.len().max(MAX_LIVE) {
        let (id, digest) =
            secrets.get(index).map_or((&nobody, &nothing), |kept| (&kept.secret_id, &kept.digest));
        let equal = peppers.verify(&presented.client_id, id, &presented.secret, digest);
        if equal {
            matching = Some(index);
        }
    }
    matching
}
