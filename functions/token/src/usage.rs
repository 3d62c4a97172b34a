//! Noting the days on which secrets are used, or tried after their end: at most one write per secret and
//! day. A note neither fails an answer nor delays it for long.

use jiff::Timestamp;
use jiff::civil::Date;
use jiff::tz::TimeZone;
use shared::adapters::fault::Fault;
use shared::assembly::App;
use shared::domain::ids::ClientId;
use shared::domain::secret::Secret;
use std::time::Duration;

/// How long an answer waits for a note.
const WITHIN: Duration = Duration::from_millis(200);

/// Notes that a secret was used, beside whatever it was used for.
pub async fn note_use(app: &App, client: &ClientId, secret: &Secret, now: Timestamp) {
    let today = today(now);
    if secret.last_used_on.is_none_or(|day| day < today) {
        bounded(app.store.note_use(client, &secret.secret_id, today)).await;
    }
}

/// Notes that the right secret was presented after its end, so that its owner is told.
pub async fn note_try(app: &App, client: &ClientId, secret: &Secret, now: Timestamp) {
    let today = today(now);
    if secret.tried_on.is_none_or(|day| day < today) {
        bounded(app.store.note_try(client, &secret.secret_id, today)).await;
    }
}

fn today(now: Timestamp) -> Date {
    now.to_zoned(TimeZone::UTC).date()
}

async fn bounded(note: impl Future<Output = Result<(), Fault>>) {
    match tokio::time::timeout(WITHIN, note).await {
        Ok(Ok(())) => {}
        Ok(Err(fault)) => tracing::warn!(cause = %fault, "the use of a secret was not noted"),
        Err(_) => tracing::warn!("noting the use of a secret took too long"),
    }
}
