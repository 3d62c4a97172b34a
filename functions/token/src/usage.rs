//! Noting the days on which secrets and keys are used, or secrets tried after their end: at most one write per
//! credential and day. A note neither fails an answer nor delays it for long.

use jiff::Timestamp;
use jiff::civil::Date;
use jiff::tz::TimeZone;
use shared::adapters::authentication::{AuthenticatedClient, Proof};
use shared::adapters::fault::Fault;
use shared::adapters::store::is_replaced_by;
use shared::assembly::App;
use shared::domain::ids::ClientId;
use shared::domain::secret::Secret;
use std::time::Duration;

/// How long an answer waits for a note.
const WITHIN: Duration = Duration::from_millis(200);

/// Notes that a secret or a key was used, beside whatever it was used for.
pub async fn note_use(app: &App, client: &AuthenticatedClient, now: Timestamp) {
    let (id, today) = (&client.client().client_id, today(now));
    match client.proof() {
        Proof::Secret(secret) if is_replaced_by(secret.last_used_on, today) => {
            bounded(app.store.note_use(id, &secret.secret_id, today)).await;
        }
        Proof::Assertion { credential, last_used_on } if is_replaced_by(*last_used_on, today) => {
            bounded(app.store.note_credential_use(id, credential, today)).await;
        }
        Proof::Secret(_) | Proof::Assertion { .. } | Proof::Public => {}
    }
}

/// Notes that the right secret was presented after its end, so that its owner is told.
pub async fn note_try(app: &App, client: &ClientId, secret: &Secret, now: Timestamp) {
    let today = today(now);
    if is_replaced_by(secret.tried_on, today) {
        bounded(app.store.note_try(client, &secret.secret_id, today)).await;
    }
}

fn today(now: Timestamp) -> Date {
    now.to_zoned(TimeZone::UTC).date()
}

async fn bounded(note: impl Future<Output = Result<(), Fault>>) {
    match tokio::time::timeout(WITHIN, note).await {
        Ok(Ok(())) => {}
        Ok(Err(fault)) => tracing::warn!(cause = %fault, "the use of a credential was not noted"),
        Err(_) => tracing::warn!("noting the use of a credential took too long"),
    }
}
