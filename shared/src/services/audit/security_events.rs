//! Events of security that are no change by a caller of the management: a code that is presented again, a token that is
//! revoked, keys that are rotated, a person who signs in.

use crate::adapters::event_bus::EventPublisher;
use crate::adapters::store::Store;
use crate::domain::audit::AuditEntry;
use crate::domain::audit::event::DomainEvent;
use std::time::Duration;

/// The most time that an entry and its event may take together. What they are about has been decided already.
const TIMEOUT: Duration = Duration::from_secs(2);

/// Where they are recorded.
#[derive(Clone, Copy, Debug)]
pub struct SecurityEvents<'a> {
    /// The audit trail.
    pub store: &'a Store,
    /// The event bus.
    pub events: &'a EventPublisher,
}

impl SecurityEvents<'_> {
    /// Writes an entry to the audit trail, and sends it as an event. Never fails: an entry that cannot be written is
    /// logged as an error, and the response stays what it is.
    pub async fn record(&self, entry: &AuditEntry) {
        let (action, account_id) = (entry.action.as_str(), entry.account_id.as_str());
        // On the heap: every request would else be as large as the calls that few of them make.
        let recording = Box::pin(async {
            if let Err(cause) = self.store.append_audit(entry).await {
                tracing::error!(action, account_id, %cause, "audit entry not written");
            }
            self.events.send(&[DomainEvent::Change(entry)]).await;
        });
        if tokio::time::timeout(TIMEOUT, recording).await.is_err() {
            tracing::error!(action, account_id, cause = "timed out", "audit entry may not be written");
        }
    }

    /// Sends an entry that is written already as an event. Never fails.
    pub async fn publish(&self, entry: &AuditEntry) {
        let (action, account_id) = (entry.action.as_str(), entry.account_id.as_str());
        let changes = [DomainEvent::Change(entry)];
        if tokio::time::timeout(TIMEOUT, self.events.send(&changes)).await.is_err() {
            tracing::error!(action, account_id, cause = "timed out", "event may not be sent");
        }
    }
}
