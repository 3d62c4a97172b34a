//! Authenticating the client of a request, and recording the days on which its credentials are used: at most one write
//! per credential and day.

use crate::adapters::crypto::peppers::Peppers;
use crate::adapters::error::BackendError;
use crate::adapters::remote::JwksCache;
use crate::adapters::store::{Store, is_replaced_by};
use crate::adapters::telemetry::emf;
use crate::domain::client::secret::Secret;
use crate::domain::primitives::ids::ClientId;
use crate::services::client_auth::public::authenticate_public;
use crate::services::client_auth::secret::authenticate_by_secret;
use crate::services::client_auth::{
    AuthContext, AuthenticatedClient, ClientAuthError, ClientCredential, VerifiedCredential,
};
use jiff::Timestamp;
use jiff::civil::Date;
use jiff::tz::TimeZone;
use std::sync::Arc;
use std::time::Duration;

/// Longest time for which a response waits until a use is recorded.
const RECORD_TIMEOUT: Duration = Duration::from_millis(200);

/// Authenticates clients.
#[derive(Clone, Copy, Debug)]
pub struct ClientAuthenticator<'a> {
    /// Clients, and the ids of used assertions.
    pub store: &'a Store,
    /// Keys that clients and external issuers publish.
    pub jwks_cache: &'a JwksCache,
    /// The issuer of this deployment: the audience of a client's own assertions.
    pub issuer: &'a str,
    /// The deployment's stage, for the metric.
    pub stage: &'a str,
}

impl ClientAuthenticator<'_> {
    /// Authenticates the client of a request, with one read of the client. `peppers` is awaited for secrets only, at the
    /// same time as that read.
    ///
    /// The use of an expired secret is recorded, so that the reminders of its expiry can mention it.
    pub async fn authenticate(
        &self,
        credential: &ClientCredential,
        peppers: impl Future<Output = Result<Arc<Peppers>, BackendError>>,
        context: &AuthContext<'_>,
    ) -> Result<AuthenticatedClient, ClientAuthError> {
        let client_id = credential.client_id();
        let result = match credential {
            ClientCredential::Secret(presented) => {
                let (stored, peppers) = tokio::join!(self.store.load_client(client_id), peppers);
                authenticate_by_secret(presented, stored?, peppers?.as_ref(), context)
            }
            ClientCredential::Assertion(presented) => {
                let stored = self.store.load_client(client_id).await?;
                self.authenticate_by_assertion(presented, stored, context).await
            }
            ClientCredential::Public(_) => {
                let stored = self.store.load_client(client_id).await?;
                authenticate_public(stored, context).map_err(ClientAuthError::from)
            }
        };
        if let Err(ClientAuthError::Rejected { expired_secret: Some(secret), .. }) = &result {
            self.record_expired_attempt(client_id, secret, context.now).await;
        }
        result
    }

    /// Records that the client's credential was used. Never fails: a use that cannot be recorded in time is logged and
    /// counted.
    pub async fn record_use(&self, client: &AuthenticatedClient, now: Timestamp) {
        let (client_id, today) = (&client.client().client_id, utc_date(now));
        match client.credential() {
            VerifiedCredential::Secret(secret) if is_replaced_by(secret.last_used_on, today) => {
                let write = self.store.record_secret_use(client_id, &secret.secret_id, today);
                self.within_timeout(write, now).await;
            }
            VerifiedCredential::Assertion { credential, last_used_on }
                if is_replaced_by(*last_used_on, today) =>
            {
                let write = self.store.record_credential_use(client_id, credential, today);
                self.within_timeout(write, now).await;
            }
            VerifiedCredential::Secret(_)
            | VerifiedCredential::Assertion { .. }
            | VerifiedCredential::Public => {}
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
