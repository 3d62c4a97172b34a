//! Noting the days on which secrets and keys are used, or secrets tried after their end: at most one write per
//! credential and day. A note neither fails an answer nor delays it for long.

use jiff::Timestamp;
use jiff::civil::Date;
use jiff::tz::TimeZone;
use shared::adapters::error::BackendError;
use shared::adapters::store::is_replaced_by;
use shared::app::App;
use shared::domain::client::secret::Secret;
use shared::domain::primitives::ids::ClientId;
use shared::services::client_auth::{AuthenticatedClient, VerifiedCredential};
use std::time::Duration;

/// How long an answer waits for a note.
const TIMEOUT: Duration = Duration::from_millis(200);

/// Notes that a secret or a key was used, beside whatever it was used for.
pub async fn record_use(app: &App, client: &AuthenticatedClient, now: Timestamp) {
    let (id, today) = (&client.client().client_id, today(now));
    match client.proof() {
        VerifiedCredential::Secret(secret) if is_replaced_by(secret.last_used_on, today) => {
            with_timeout(app.store.record_secret_use(id, &secret.secret_id, today)).await;
        }
        VerifiedCredential::Assertion { credential, last_used_on }
            if is_replaced_by(*last_used_on, today) =>
        {
            with_timeout(app.store.record_credential_use(id, credential, today)).await;
        }
        VerifiedCredential::Secret(_) | VerifiedCredential::Assertion { .. } | VerifiedCredential::Public => {
        }
    }
}

/// Notes that the right secret was presented after its end, so that its owner is told.
pub async fn record_expired_attempt(app: &App, client: &ClientId, secret: &Secret, now: Timestamp) {
    let today = today(now);
    if is_replaced_by(secret.tried_on, today) {
        with_timeout(app.store.record_expired_attempt(client, &secret.secret_id, today)).await;
    }
}

fn today(now: Timestamp) -> Date {
    now.to_zoned(TimeZone::UTC).date()
}

async fn with_timeout(note: impl Future<Output = Result<(), BackendError>>) {
    match tokio::time::timeout(TIMEOUT, note).await {
        Ok(Ok(())) => {}
        Ok(Err(fault)) => tracing::warn!(cause = %fault, "the use of a credential was not noted"),
        Err(_) => tracing::warn!("noting the use of a credential took too long"),
    }
}
