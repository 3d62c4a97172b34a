//! Client authentication (RFC 6749 §2.3): the only source of an [`AuthenticatedClient`].

mod assertion;
mod authenticator;
mod public;
mod refusals;
mod secret;

pub use assertion::PresentedAssertion;
pub use authenticator::ClientAuthenticator;
pub use refusals::RefusalLog;
pub use secret::{PresentedSecret, verify_secret};

use crate::adapters::error::BackendError;
use crate::domain::account::{Account, Status};
use crate::domain::client::credential::CredentialId;
use crate::domain::client::secret::{Secret, SecretLookup};
use crate::domain::client::{Client, GrantType};
use crate::domain::net::ip_allowlist;
use crate::domain::oauth::error::ClientAuthFailure;
use crate::domain::primitives::ids::ClientId;
use jiff::Timestamp;
use std::net::IpAddr;
use std::sync::Arc;

/// Error of client authentication.
#[derive(Debug, thiserror::Error)]
pub enum ClientAuthError {
    /// The client is not authenticated.
    #[error("client authentication failed: {}", .reason.as_str())]
    Rejected {
        /// The reason, for the log.
        reason: ClientAuthFailure,
        /// The presented secret, if it is one of the client's and has expired.
        expired_secret: Option<Box<Secret>>,
    },
    /// A store did not answer, so nothing is known of the client.
    #[error(transparent)]
    Backend(#[from] BackendError),
}

impl From<ClientAuthFailure> for ClientAuthError {
    fn from(reason: ClientAuthFailure) -> Self {
        Self::Rejected { reason, expired_secret: None }
    }
}

/// Credentials that a request presents, not yet verified.
#[derive(Debug)]
pub enum ClientCredential {
    /// A secret (RFC 6749 §2.3.1).
    Secret(PresentedSecret),
    /// A text that has not the form of a secret, for this client.
    MalformedSecret(ClientId),
    /// An assertion (RFC 7521 §4.2).
    Assertion(Box<PresentedAssertion>),
    /// None, as a public client (RFC 6749 §2.1).
    Public(ClientId),
}

impl ClientCredential {
    /// The client that the request names.
    #[must_use]
    pub fn client_id(&self) -> &ClientId {
        match self {
            Self::Secret(presented) => &presented.client_id,
            Self::Assertion(presented) => presented.client_id(),
            Self::MalformedSecret(client_id) | Self::Public(client_id) => client_id,
        }
    }
}

/// Inputs of an authentication other than the credentials.
#[derive(Clone, Copy, Debug)]
pub struct AuthContext<'a> {
    /// Address of the caller. Without it, only clients that have no allowlist are authenticated.
    pub client_ip: Option<IpAddr>,
    /// The account whose own token path was used.
    pub path_account: Option<&'a str>,
    /// The current time.
    pub now: Timestamp,
}

impl AuthContext<'_> {
    /// Checks everything that depends neither on the credentials nor on the account: status, path and allowlist.
    pub(in crate::services) fn check_access(&self, client: &Client) -> Result<(), ClientAuthFailure> {
        if client.status == Status::Disabled {
            return Err(ClientAuthFailure::ClientDisabled);
        }
        if self.path_account.is_some_and(|path| path != client.account_id.as_str()) {
            return Err(ClientAuthFailure::AccountMismatch);
        }
        if ip_allowlist::allows_caller(&client.allowed_ips, self.client_ip) {
            Ok(())
        } else {
            Err(ClientAuthFailure::AddressNotAllowed)
        }
    }
}

/// The credential by which a client was authenticated.
#[derive(Debug)]
pub enum VerifiedCredential {
    /// One of its secrets.
    Secret {
        /// The secret.
        secret: Box<Secret>,
        /// What is to be stored with its next use, if it is a secret of an earlier version.
        lookup: Option<SecretLookup>,
    },
    /// One of its keys, or an identity at an external issuer.
    Assertion {
        /// The key or identity.
        credential: CredentialId,
    },
    /// None: a public client, for which any caller that knows its id can act.
    Public,
}

/// A client whose credential is verified, and of which nothing else is checked.
#[derive(Debug)]
pub struct VerifiedClient {
    client: Client,
    credential: VerifiedCredential,
}

/// An authenticated client, or a public one. Only this module creates it.
#[derive(Debug)]
pub struct AuthenticatedClient {
    client: Client,
    account: Arc<Account>,
    credential: VerifiedCredential,
}

impl AuthenticatedClient {
    /// The client.
    #[must_use]
    pub fn client(&self) -> &Client {
        &self.client
    }

    /// Its account, at most a minute old.
    #[must_use]
    pub fn account(&self) -> &Account {
        &self.account
    }

    /// The credential that was verified.
    #[must_use]
    pub fn credential(&self) -> &VerifiedCredential {
        &self.credential
    }

    /// The secret that was verified, if it was a secret.
    #[must_use]
    pub fn secret(&self) -> Option<&Secret> {
        match &self.credential {
            VerifiedCredential::Secret { secret, .. } => Some(secret),
            VerifiedCredential::Assertion { .. } | VerifiedCredential::Public => None,
        }
    }

    /// Whether it is a public client, of which nothing was verified.
    #[must_use]
    pub fn is_public(&self) -> bool {
        match &self.credential {
            VerifiedCredential::Public => true,
            VerifiedCredential::Secret { .. } | VerifiedCredential::Assertion { .. } => false,
        }
    }

    /// Whether it may use this grant. A public client never uses the client credentials grant, whatever its
    /// `grant_types` are (RFC 6749 §4.4).
    #[must_use]
    pub fn may_use(&self, grant: GrantType) -> bool {
        let needs_authentication = grant == GrantType::ClientCredentials;
        self.client.grant_types.contains(&grant) && !(needs_authentication && self.is_public())
    }
}
