//! Refused authentications of a client: one item for each reason and hour.

use crate::adapters::error::{BackendError, ok_or_expected};
use crate::adapters::store::Store;
use crate::adapters::store::item::{self, number};
use crate::adapters::store::keys;
use crate::adapters::store::query::QuerySpec;
use crate::domain::oauth::refusal::{PERIOD, RefusalNote};
use crate::domain::primitives::ids::ClientId;
use aws_sdk_dynamodb::operation::put_item::PutItemError;

/// The most notes that are read at a time.
const BATCH: i32 = 1_000;

impl Store {
    /// Notes a refusal, unless there is a note of the same reason and hour.
    pub async fn note_refusal(&self, client: &ClientId, note: &RefusalNote) -> Result<(), BackendError> {
        let mut entry = item::write(&keys::refusal(client, note.hour, &note.reason), note)?;
        let purge_at = note.hour.saturating_add(PERIOD).unwrap_or(note.hour);
        entry.insert("purge_at".to_owned(), number(purge_at.as_second()));
        let sent = self
            .dynamodb
            .put_item()
            .table_name(&self.tables.grants)
            .set_item(Some(entry))
            .condition_expression("attribute_not_exists(pk)")
            .send()
            .await;
        ok_or_expected("noting a refusal", sent, PutItemError::is_conditional_check_failed_exception)
            .map(|_| ())
    }

    /// Every note of a client that is stored. Consistent.
    pub async fn load_refusals(&self, client: &ClientId) -> Result<Vec<RefusalNote>, BackendError> {
        let listing = QuerySpec {
            operation: "reading refusals",
            table: &self.tables.grants,
            index: None,
            partition: keys::refusals_partition(client),
            prefix: "",
            newest_first: true,
        };
        let (mut notes, mut after) = (Vec::new(), None);
        loop {
            let page = self.read_page(&listing, BATCH, after.as_ref()).await?;
            notes.extend(page.items);
            after = page.next;
            if after.is_none() {
                return Ok(notes);
            }
        }
    }
}
