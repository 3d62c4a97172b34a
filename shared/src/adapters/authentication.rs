//! Client authentication (RFC 6749 §2.3): the only maker of an [`AuthenticatedClient`].

use super::peppers::Peppers;
use super::store::ClientAndSecrets;
use crate::domain::account::Status;
use crate::domain::client::Client;
use crate::domain::client_secret::ClientSecret;
use crate::domain::ids::{AccountId, ClientId, SecretId};
use crate::domain::ip_allowlist;
use crate::domain::oauth_error::AuthenticationFailure;
use crate::domain::secret::{MAX_LIVE, Secret, SecretDigest};
use jiff::Timestamp;
use std::collections::BTreeSet;
use std::net::IpAddr;

/// Who somebody says that they are, and the secret that they say it with.
#[derive(Debug)]
pub struct PresentedSecret {
    /// The client.
    pub client_id: ClientId,
    /// Its secret.
    pub secret: ClientSecret,
}

/// Where and when somebody says it.
#[derive(Clone, Copy, Debug)]
pub struct Circumstances<'a> {
    /// The address of the caller; unknown means that no allowlist lets them in.
    pub source: Option<IpAddr>,
    /// The account whose own token path was used.
    pub account_path: Option<&'a str>,
    /// The disabled accounts.
    pub suspended_accounts: &'a BTreeSet<AccountId>,
    /// When.
    pub now: Timestamp,
}

/// A client that has proved who it is. There is no other way to get one than [`authenticate`].
#[derive(Debug)]
pub struct AuthenticatedClient {
    client: Client,
    secret: Secret,
}

impl AuthenticatedClient {
    /// The client.
    #[must_use]
    pub fn client(&self) -> &Client {
        &self.client
    }

    /// The secret that it used.
    #[must_use]
    pub fn secret(&self) -> &Secret {
        &self.secret
    }
}

/// Somebody who did not prove who they are.
#[derive(Debug)]
pub struct Unauthenticated {
    /// Why, for the log.
    pub failure: AuthenticationFailure,
    /// The right secret, which has ended: its owner should be told that it is still in use.
    pub tried: Option<Box<Secret>>,
}

impl From<AuthenticationFailure> for Unauthenticated {
    fn from(failure: AuthenticationFailure) -> Self {
        Self { failure, tried: None }
    }
}

/// Decides whether the presented secret is one of the client's.
///
/// Every answer takes the same work: two digests, one for each secret that a client can have, made up
/// where there is none. The reasons are looked at only afterwards.
pub fn authenticate(
    presented: &PresentedSecret,
    known: Option<ClientAndSecrets>,
    peppers: &Peppers,
    circumstances: &Circumstances<'_>,
) -> Result<AuthenticatedClient, Unauthenticated> {
    let secrets = known.as_ref().map_or(&[][..], |known| &known.secrets);
    let matching = find_match(presented, secrets, peppers);
    let Some(known) = known else {
        return Err(AuthenticationFailure::UnknownClient.into());
    };
    let Some(secret) = matching.and_then(|index| known.secrets.get(index)).cloned() else {
        return Err(AuthenticationFailure::WrongSecret.into());
    };
    let client = known.client;
    if !secret.is_live(circumstances.now) {
        return Err(Unauthenticated {
            failure: AuthenticationFailure::ExpiredSecret,
            tried: Some(Box::new(secret)),
        });
    }
    if client.status == Status::Disabled {
        return Err(AuthenticationFailure::ClientDisabled.into());
    }
    if circumstances.suspended_accounts.contains(&client.account_id) {
        return Err(AuthenticationFailure::AccountDisabled.into());
    }
    if circumstances.account_path.is_some_and(|path| path != client.account_id.as_str()) {
        return Err(AuthenticationFailure::OtherAccount.into());
    }
    let allowed = match circumstances.source {
        Some(address) => ip_allowlist::allows(&client.allowed_ips, address),
        None => client.allowed_ips.is_empty(),
    };
    if !allowed {
        return Err(AuthenticationFailure::AddressNotAllowed.into());
    }
    Ok(AuthenticatedClient { client, secret })
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
