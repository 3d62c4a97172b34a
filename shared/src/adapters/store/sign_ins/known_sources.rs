//! Sources (an IPv4 address, an IPv6 /64) that members have signed in from lately.

use crate::adapters::error::BackendError;
use crate::adapters::store::Store;
use crate::adapters::store::item::{self, number, text};
use crate::adapters::store::keys;
use crate::domain::sign_in::known_browser::SOURCE_KNOWN_FOR;
use jiff::Timestamp;
use serde::Deserialize;

/// What is read of an item.
#[derive(Deserialize)]
struct KnownSource {
    expires_at: Timestamp,
}

impl Store {
    /// Notes a sign-in. `digest` is a keyed digest of the person's address and the source, which the table does not have.
    pub async fn note_known_source(&self, digest: &str, now: Timestamp) -> Result<(), BackendError> {
        let expires_at = now.saturating_add(SOURCE_KNOWN_FOR).unwrap_or(Timestamp::MAX);
        self.dynamodb
            .put_item()
            .table_name(&self.tables.grants)
            .set_item(Some(item::key(&keys::known_source(digest))))
            .item("expires_at", text(expires_at.to_string()))
            .item("purge_at", number(expires_at.as_second()))
            .send()
            .await
            .map(|_| ())
            .map_err(|error| BackendError::aws("noting where a member signed in", &error))
    }

    /// Whether a sign-in was noted in the last 30 days.
    pub async fn is_known_source(&self, digest: &str, now: Timestamp) -> Result<bool, BackendError> {
        let key = keys::known_source(digest);
        let known: Option<KnownSource> = self.load_grant("reading where a member signed in", &key).await?;
        Ok(known.is_some_and(|known| now < known.expires_at))
    }
}
