//! The client that a sign-in is for.

use crate::adapters::cache::CacheEntry;
use crate::adapters::store::ResourceCatalog;
use crate::domain::account::{Account, Status};
use crate::domain::client::Client;
use std::sync::Arc;

/// A client that may request codes now, with a catalogue that has all resources of its permissions.
#[derive(Debug)]
pub struct ActiveClient {
    /// The client.
    pub client: Client,
    /// Its account, at most a minute old.
    pub account: Arc<Account>,
    /// The catalogue.
    pub catalogue: CacheEntry<ResourceCatalog>,
}

/// Reason why a client may not act. For the log only: a page that tells a disabled client from an unknown one would
/// disclose who is a customer.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum InactiveClientReason {
    /// No client has this id.
    UnknownClient,
    /// The client is disabled.
    ClientDisabled,
    /// The client's account is disabled.
    AccountDisabled,
    /// The client's account does not exist.
    AccountDeleted,
    /// The requested resource was deleted during the sign-in.
    ResourceDeleted,
}

impl InactiveClientReason {
    /// Name in the log.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::UnknownClient => "unknown_client",
            Self::ClientDisabled => "client_disabled",
            Self::AccountDisabled => "account_disabled",
            Self::AccountDeleted => "account_gone",
            Self::ResourceDeleted => "resource_gone",
        }
    }
}

impl ActiveClient {
    /// Checks that neither the client nor its account is disabled.
    pub fn new(
        client: Client,
        account: Option<Arc<Account>>,
        catalogue: CacheEntry<ResourceCatalog>,
    ) -> Result<Self, InactiveClientReason> {
        if client.status == Status::Disabled {
            return Err(InactiveClientReason::ClientDisabled);
        }
        let account = account.ok_or(InactiveClientReason::AccountDeleted)?;
        if account.status == Status::Disabled {
            return Err(InactiveClientReason::AccountDisabled);
        }
        Ok(Self { client, account, catalogue })
    }
}
