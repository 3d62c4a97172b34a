//! Authenticating the client of a request, and recording the days on which its credentials are used: at most one write
//! per credential and day.

use crate::adapters::crypto::peppers::Peppers;
use crate::adapters::error::BackendError;
use crate::adapters::remote::JwksCache;
use crate::adapters::store::{Store, is_replaced_by};
use crate::adapters::telemetry::emf;
use crate::domain::account::{Account, Status};
use crate::domain::client::Client;
use crate::domain::client::credential::CredentialId;
use crate::domain::client::secret::Secret;
use crate::domain::oauth::error::ClientAuthFailure;
use crate::domain::primitives::ids::{AccountId, ClientId};
use crate::services::caches::AccountCache;
use crate::services::client_auth::public::identify_public;
use crate::services::client_auth::secret::verify_secret;
use crate::services::client_auth::{
    AuthContext, AuthenticatedClient, ClientAuthError, ClientCredential, RefusalLog, VerifiedClient,
    VerifiedCredential,
};
use jiff::Timestamp;
use jiff::civil::Date;
use jiff::tz::TimeZone;
use std::sync::{Arc, OnceLock};
use std::time::Duration;

/// Longest time for which a response waits until a use is recorded.
const RECORD_TIMEOUT: Duration = Duration::from_millis(200);

/// Authenticates clients.
#[derive(Clone, Copy)]
pub struct ClientAuthenticator<'a> {
    /// Clients, and the ids of used assertions.
    pub store: &'a Store,
    /// Their accounts.
    pub accounts: &'a AccountCache,
    /// The refusals that were noted.
    pub refusals: &'a RefusalLog,
    /// Keys that clients and external issuers publish.
    pub jwks_cache: &'a JwksCache,
    /// The issuer of this deployment: the audience of a client's own assertions.
    pub issuer: &'a str,
    /// The deployment's stage, for the metric.
    pub stage: &'a str,
}

impl ClientAuthenticator<'_> {
    /// Authenticates the client of a request, with one read of the client and one of its account, unless that is in
    /// memory. `peppers` is awaited for secrets only, at the same time as the client; so is the account, if the path names
    /// it.
    ///
    /// The use of an expired secret is recorded, so that the reminders of its expiry can mention it. A refusal is noted for
    /// the owner of the client, if there is such a client.
    pub async fn authenticate(
        &self,
        credential: &ClientCredential,
        peppers: impl Future<Output = Result<Arc<Peppers>, BackendError>>,
        context: &AuthContext<'_>,
    ) -> Result<AuthenticatedClient, ClientAuthError> {
        let client_id = credential.client_id();
        // Of the client that exists, whether it is authenticated or not.
        let account_id = OnceLock::new();
        let stored = async {
            let (stored, ()) = tokio::join!(self.store.load_client(client_id), self.read_ahead(context));
            if let Ok(Some(known)) = &stored {
                account_id.get_or_init(|| known.client.account_id.clone());
            }
            stored
        };
        let result = match credential {
            ClientCredential::Secret(presented) => {
                let (stored, peppers) = tokio::join!(stored, peppers);
                match verify_secret(presented, stored?, peppers?.as_ref(), context.now) {
                    Ok(verified) => self.admit(verified, context).await,
                    Err(error) => Err(error),
                }
            }
            ClientCredential::MalformedSecret(_) => {
                self.note_malformed_secret(client_id, context).await;
                return Err(ClientAuthFailure::MalformedSecret.into());
            }
            ClientCredential::Assertion(presented) => {
                self.authenticate_by_assertion(presented, stored.await?, context).await
            }
            ClientCredential::Public(_) => match identify_public(stored.await?) {
                Ok(verified) => self.admit(verified, context).await,
                Err(reason) => Err(reason.into()),
            },
        };
        if let Err(ClientAuthError::Rejected { reason, expired_secret }) = &result {
            let expired = async {
                if let Some(secret) = expired_secret {
                    self.record_expired_attempt(client_id, secret, context.now).await;
                }
            };
            let note = async {
                if let Some(account_id) = account_id.get() {
                    let (client, address) = ((account_id, client_id), context.client_ip);
                    self.refusals.note(self.store, client, (*reason).into(), address, context.now).await;
                }
            };
            tokio::join!(expired, note);
        }
        result
    }

    /// Notes for its owner that the client presented something that is no secret. The client is read only for the first note
    /// of an hour: everything else about such a request is free of reads.
    async fn note_malformed_secret(&self, client_id: &ClientId, context: &AuthContext<'_>) {
        let (reason, now) = (ClientAuthFailure::MalformedSecret, context.now);
        if !self.refusals.may_read_for(client_id, now) {
            return;
        }
        match tokio::time::timeout(RECORD_TIMEOUT, self.store.load_client(client_id)).await {
            Ok(Ok(Some(known))) => {
                let client = (&known.client.account_id, client_id);
                self.refusals.note(self.store, client, reason.into(), context.client_ip, now).await;
            }
            Ok(Ok(None)) => {}
            Ok(Err(error)) => tracing::warn!(cause = %error, "a malformed secret was not noted"),
            Err(_) => tracing::warn!("looking for the client of a malformed secret timed out"),
        }
    }

    /// Reads the account that the path names, so that it is in memory when the client is authenticated. A fault shows
    /// then.
    async fn read_ahead(&self, context: &AuthContext<'_>) {
        if let Some(id) = context.path_account.and_then(|id| AccountId::parse(id).ok()) {
            let _ = self.accounts.get(&id, context.now).await;
        }
    }

    async fn admit(
        &self,
        verified: VerifiedClient,
        context: &AuthContext<'_>,
    ) -> Result<AuthenticatedClient, ClientAuthError> {
        let VerifiedClient { client, credential } = verified;
        let account = self.check_access(&client, context).await?;
        Ok(AuthenticatedClient { client, account, credential })
    }

    /// Checks everything that does not depend on the credentials, last whether the account is active.
    pub(super) async fn check_access(
        &self,
        client: &Client,
        context: &AuthContext<'_>,
    ) -> Result<Arc<Account>, ClientAuthError> {
        context.check_access(client)?;
        let account = self.accounts.get(&client.account_id, context.now).await?;
        let account = account.filter(|account| account.status == Status::Active);
        account.ok_or_else(|| ClientAuthFailure::AccountDisabled.into())
    }

    /// Records that the client's credential was used. Never fails: a use that cannot be recorded in time is logged and
    /// counted.
    pub async fn record_use(&self, client: &AuthenticatedClient, now: Timestamp) {
        let (client_id, today) = (&client.client().client_id, utc_date(now));
        let credential = match client.credential() {
            // The next request records its use with the client.
            VerifiedCredential::Secret { secret, lookup: Some(lookup) }
                if is_replaced_by(secret.last_used_on, today) =>
            {
                let write = self.store.complete_secret(client_id, &secret.secret_id, today, lookup);
                return self.within_timeout(write, now).await;
            }
            VerifiedCredential::Secret { secret, .. } => CredentialId::of_secret(&secret.secret_id),
            VerifiedCredential::Assertion { credential } => credential.clone(),
            VerifiedCredential::Public => return,
        };
        if is_replaced_by(client.client().last_uses.get(&credential).copied(), today) {
            let write = self.store.record_credential_use(client_id, &credential, today);
            self.within_timeout(write, now).await;
        }
    }

    async fn record_expired_attempt(&self, client_id: &ClientId, secret: &Secret, now: Timestamp) {
        let today = utc_date(now);
        if is_replaced_by(secret.tried_on, today) {
            let write = self.store.record_expired_attempt(client_id, &secret.secret_id, today);
            self.within_timeout(write, now).await;
        }
    }

    /// Without the days of use an owner cannot tell whether an old secret is still needed, and no request fails because
    /// of it: so what was not recorded is a metric.
    async fn within_timeout(&self, write: impl Future<Output = Result<(), BackendError>>, now: Timestamp) {
        match tokio::time::timeout(RECORD_TIMEOUT, write).await {
            Ok(Ok(())) => return,
            Ok(Err(error)) => tracing::warn!(cause = %error, "recording the use of a credential failed"),
            Err(_) => tracing::warn!("recording the use of a credential timed out"),
        }
        emf::record(self.stage, now, &[], &[("credential_uses_not_recorded", 1)]);
    }
}

fn utc_date(now: Timestamp) -> Date {
    now.to_zoned(TimeZone::UTC).date()
}
