//! Client authentication (RFC 6749 §2.3): the only maker of an [`AuthenticatedClient`].

mod assertion;
mod public;
mod secret;

pub use assertion::{AssertionVerifier, PresentedAssertion};
pub use public::authenticate_public;
pub use secret::PresentedSecret;

use crate::adapters::crypto::peppers::Peppers;
use crate::adapters::store::ClientWithSecrets;
use crate::domain::account::Status;
use crate::domain::client::credential::CredentialId;
use crate::domain::client::secret::Secret;
use crate::domain::client::{Client, GrantType};
use crate::domain::net::ip_allowlist;
use crate::domain::oauth::error::ClientAuthFailure;
use crate::domain::primitives::ids::{AccountId, ClientId};
use jiff::Timestamp;
use jiff::civil::Date;
use std::collections::BTreeSet;
use std::net::IpAddr;

/// Who somebody says that they are, and what they say it with.
#[derive(Debug)]
pub enum ClientCredential {
    /// A secret (RFC 6749 §2.3.1).
    Secret(PresentedSecret),
    /// An assertion (RFC 7521 §4.2).
    Assertion(PresentedAssertion),
    /// Nothing (RFC 6749 §2.1, a public client).
    Public(ClientId),
}

impl ClientCredential {
    /// The client that they say they are.
    #[must_use]
    pub fn client_id(&self) -> &ClientId {
        match self {
            Self::Secret(presented) => &presented.client_id,
            Self::Assertion(presented) => presented.client_id(),
            Self::Public(client_id) => client_id,
        }
    }
}

/// Where and when somebody says it.
#[derive(Clone, Copy, Debug)]
pub struct AuthContext<'a> {
    /// The address of the caller; unknown means that no allowlist lets them in.
    pub source: Option<IpAddr>,
    /// The account whose own token path was used.
    pub path_account: Option<&'a str>,
    /// The disabled accounts.
    pub disabled_accounts: &'a BTreeSet<AccountId>,
    /// When.
    pub now: Timestamp,
}

impl AuthContext<'_> {
    /// Whether the client may act here and now, whatever it proves itself by.
    fn allow(&self, client: &Client) -> Result<(), ClientAuthFailure> {
        if client.status == Status::Disabled {
            return Err(ClientAuthFailure::ClientDisabled);
        }
        if self.disabled_accounts.contains(&client.account_id) {
            return Err(ClientAuthFailure::AccountDisabled);
        }
        if self.path_account.is_some_and(|path| path != client.account_id.as_str()) {
            return Err(ClientAuthFailure::AccountMismatch);
        }
        let allowed = match self.source {
            Some(address) => ip_allowlist::allows(&client.allowed_ips, address),
            None => client.allowed_ips.is_empty(),
        };
        if allowed { Ok(()) } else { Err(ClientAuthFailure::AddressNotAllowed) }
    }
}

/// What a client proved itself by.
#[derive(Debug)]
pub enum VerifiedCredential {
    /// One of its secrets.
    Secret(Secret),
    /// One of its keys, or an outside issuer's word.
    Assertion {
        /// Which.
        credential: CredentialId,
        /// The last day on which it got a token.
        last_used_on: Option<Date>,
    },
    /// Nothing: it is a public client, and whoever knows its id can say that they are it.
    Public,
}

/// A client that has proved who it is, or a public one, which cannot. There is no other way to get one than this module's.
#[derive(Debug)]
pub struct AuthenticatedClient {
    client: Client,
    proof: VerifiedCredential,
}

impl AuthenticatedClient {
    /// The client.
    #[must_use]
    pub fn client(&self) -> &Client {
        &self.client
    }

    /// What it proved itself by.
    #[must_use]
    pub fn proof(&self) -> &VerifiedCredential {
        &self.proof
    }

    /// The secret that it used, if it used one.
    #[must_use]
    pub fn secret(&self) -> Option<&Secret> {
        match &self.proof {
            VerifiedCredential::Secret(secret) => Some(secret),
            VerifiedCredential::Assertion { .. } | VerifiedCredential::Public => None,
        }
    }

    /// Whether it has proved nothing, because it is a public client.
    #[must_use]
    pub fn is_public(&self) -> bool {
        match &self.proof {
            VerifiedCredential::Public => true,
            VerifiedCredential::Secret(_) | VerifiedCredential::Assertion { .. } => false,
        }
    }

    /// Whether it may use this grant. Who has proved nothing never acts in its own name, whatever the client's
    /// `grant_types` say (RFC 6749 §4.4).
    #[must_use]
    pub fn may_use(&self, grant: GrantType) -> bool {
        let in_its_own_name = grant == GrantType::ClientCredentials;
        self.client.grant_types.contains(&grant) && !(in_its_own_name && self.is_public())
    }
}

/// Somebody who did not prove who they are.
#[derive(Debug)]
pub struct SecretAuthError {
    /// Why, for the log.
    pub failure: ClientAuthFailure,
    /// The right secret, which has ended: its owner should be told that it is still in use.
    pub tried: Option<Box<Secret>>,
}

impl From<ClientAuthFailure> for SecretAuthError {
    fn from(failure: ClientAuthFailure) -> Self {
        Self { failure, tried: None }
    }
}

/// Decides whether the presented secret is one of the client's.
///
/// Every answer takes the same work: two digests, one for each secret that a client can have, made up
/// where there is none. The reasons are looked at only afterwards.
pub fn authenticate_by_secret(
    presented: &PresentedSecret,
    known: Option<ClientWithSecrets>,
    peppers: &Peppers,
    circumstances: &AuthContext<'_>,
) -> Result<AuthenticatedClient, SecretAuthError> {
    let (client, secret) = secret::prove(presented, known, peppers, circumstances.now)?;
    circumstances.allow(&client)?;
    Ok(AuthenticatedClient { client, proof: VerifiedCredential::Secret(secret) })
}
