//! From a verified access token to its client as it is now.

use crate::adapters::error::BackendError;
use crate::adapters::store::Store;
use crate::domain::account::{EndUserPolicy, Status};
use crate::domain::net::ip_allowlist;
use crate::domain::oauth::access_token::AccessTokenClaims;
use crate::domain::oauth::token_generation;
use crate::domain::oauth::token_status::{self, RevocationReason};
use crate::domain::resource::scope::ScopeSet;
use crate::services::principal::{ClientPrincipal, Principal, management_scopes};
use jiff::Timestamp;
use std::net::IpAddr;
use std::sync::Arc;

/// Why an access token authenticates no principal.
#[derive(Debug, thiserror::Error)]
pub enum AuthenticationError {
    /// The token was issued for a person.
    #[error("the token acts for a person")]
    ActsForPerson,
    /// The token was revoked, or its client is disabled or deleted.
    #[error("the token is no longer active: {}", .0.as_str())]
    Inactive(RevocationReason),
    /// The account of the client is disabled or missing.
    #[error("the account of the client is disabled")]
    AccountDisabled,
    /// The request comes from a network that the client is not allowed at.
    #[error("the client is not allowed at this address")]
    AddressNotAllowed,
    /// A store failed.
    #[error(transparent)]
    Backend(#[from] BackendError),
}

impl Principal {
    /// The client of a token whose signature, audience and time are verified. Reads the client and its account, so that
    /// disabling, deleting, removing a permission and a change of the allowlist act at once.
    pub async fn from_claims(
        store: &Store,
        claims: &AccessTokenClaims,
        client_ip: Option<IpAddr>,
        now: Timestamp,
    ) -> Result<Self, AuthenticationError> {
        // Fail closed: a consent of a person does not cover management on their behalf.
        if !claims.is_client_subject() {
            return Err(AuthenticationError::ActsForPerson);
        }
        let (known, revocation) = tokio::try_join!(
            store.load_client(&claims.client_id),
            store.revocation_status(claims, EndUserPolicy::Members, now)
        )?;
        let generation = token_generation::of_jti(&claims.jti);
        let client =
            token_status::require_active_client(known.map(|known| known.client), generation, revocation)
                .map_err(AuthenticationError::Inactive)?;
        if !ip_allowlist::allows_caller(&client.allowed_ips, client_ip) {
            return Err(AuthenticationError::AddressNotAllowed);
        }
        let account = store.load_account(&client.account_id).await?;
        let account = account
            .filter(|account| account.status == Status::Active)
            .ok_or(AuthenticationError::AccountDisabled)?;
        let in_token = ScopeSet::parse(&claims.scope).unwrap_or_default();
        let held = management_scopes(&client.permissions);
        let scopes = held.into_iter().filter(|scope| in_token.contains(scope.as_str())).collect();
        Ok(Self::Client(ClientPrincipal { client: Box::new(client), account: Arc::new(account), scopes }))
    }
}
