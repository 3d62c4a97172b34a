//! Refused authentications: one item for each client, reason and hour, and the same again among those of its account.

use crate::adapters::error::BackendError;
use crate::adapters::store::Store;
use crate::adapters::store::item::{self, Item, number};
use crate::adapters::store::keys;
use crate::adapters::store::query::QuerySpec;
use crate::adapters::store::transaction::{Condition, Transaction};
use crate::domain::oauth::refusal::{ACCOUNT_PERIOD, ClientRefusalNote, PERIOD, RefusalNote};
use crate::domain::primitives::ids::{AccountId, ClientId};
use jiff::SignedDuration;

/// The most notes that are read at a time.
const BATCH: i32 = 1_000;

/// An item that DynamoDB may delete when its hour is as long ago as this.
fn kept_for(period: SignedDuration, note: &RefusalNote, mut entry: Item) -> Item {
    let purge_at = note.hour.saturating_add(period).unwrap_or(note.hour);
    entry.insert("purge_at".to_owned(), number(purge_at.as_second()));
    entry
}

impl Store {
    /// Notes a refusal of a client of this account, unless there is a note of the same reason and hour.
    pub async fn note_refusal(
        &self,
        account: &AccountId,
        client: &ClientId,
        note: &RefusalNote,
    ) -> Result<(), BackendError> {
        let of_client = item::write(&keys::refusal(client, note.hour, &note.reason), note)?;
        let of_account = item::write(
            &keys::account_refusal(account, note.hour, client, &note.reason),
            &ClientRefusalNote { client_id: client.clone(), note: note.clone() },
        )?;
        let grants = &self.tables.grants;
        // That another instance has noted it, or is about to, is as good.
        Transaction::new("noting a refusal")
            .put(grants, kept_for(PERIOD, note, of_client), &Condition::Absent, ())?
            .put(grants, kept_for(ACCOUNT_PERIOD, note, of_account), &Condition::Always, ())?
            .commit(&self.dynamodb)
            .await
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

    /// The latest notes of all clients of an account: at most a thousand. Consistent.
    pub async fn load_account_refusals(
        &self,
        account: &AccountId,
    ) -> Result<Vec<ClientRefusalNote>, BackendError> {
        let listing = QuerySpec {
            operation: "reading refusals of an account",
            table: &self.tables.grants,
            index: None,
            partition: keys::account_refusals_partition(account),
            prefix: "",
            newest_first: true,
        };
        Ok(self.read_page(&listing, BATCH, None).await?.items)
    }
}
