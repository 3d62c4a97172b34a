//! Authentication by a secret (RFC 6749 §2.3.1).

use super::Unauthenticated;
use crate::adapters::peppers::Peppers;
use crate::adapters::store::ClientAndSecrets;
use crate::domain::client::Client;
use crate::domain::client_secret::ClientSecret;
use crate::domain::ids::{ClientId, SecretId};
use crate::domain::oauth_error::AuthenticationFailure;
use crate::domain::secret::{MAX_LIVE, Secret, SecretDigest};
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
    known: Option<ClientAndSecrets>,
    peppers: &Peppers,
    now: Timestamp,
) -> Result<(Client, Secret), Unauthenticated> {
    let secrets = known.as_ref().map_or(&[][..], |known| &known.secrets);
    let matching = find_match(presented, secrets, peppers);
    let Some(known) = known else {
        return Err(AuthenticationFailure::UnknownClient.into());
    };
    let Some(secret) = matching.and_then(|index| known.secrets.get(index)).cloned() else {
        return Err(AuthenticationFailure::WrongSecret.into());
    };
    if !known.client.token_endpoint_auth_method.takes_secrets() {
        return Err(AuthenticationFailure::OtherMethod.into());
    }
    if !secret.is_live(now) {
        return Err(Unauthenticated {
            failure: AuthenticationFailure::ExpiredSecret,
            tried: Some(Box::new(secret)),
        });
    }
    Ok((known.client, secret))
}

fn find_match(presented: &PresentedSecret, secrets: &[Secret], peppers: &Peppers) -> Option<usize> {
    let nobody = SecretId::from_entropy([0; 16]);
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
