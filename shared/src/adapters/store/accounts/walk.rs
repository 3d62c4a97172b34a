//! Progress of the job's daily walk over all accounts.

use crate::adapters::error::BackendError;
use crate::adapters::store::item;
use crate::adapters::store::keys;
use crate::adapters::store::{Cursor, Store};
use jiff::civil::Date;
use serde::{Deserialize, Serialize};

/// How far the walk of a day has come.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct AccountWalk {
    /// The UTC day.
    pub day: Date,
    /// Where it continues; absent at the beginning.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    after: Option<String>,
    /// Whether every account was visited.
    #[serde(default)]
    pub is_done: bool,
    /// Clients seen so far whose secrets are in Secrets Manager.
    #[serde(default)]
    pub stored_secrets: usize,
    /// The number of these at the end of the last walk.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub last_stored_secrets: Option<usize>,
}

impl AccountWalk {
    /// The walk of a day, after an earlier one.
    #[must_use]
    pub fn begin(day: Date, earlier: Option<&Self>) -> Self {
        let last_stored_secrets = earlier.and_then(|walk| walk.last_stored_secrets);
        Self { day, after: None, is_done: false, stored_secrets: 0, last_stored_secrets }
    }

    /// Where it continues.
    #[must_use]
    pub fn position(&self) -> Option<Cursor> {
        self.after.clone().map(Cursor::from_text)
    }

    /// Continues after a page; without a next one the walk is done.
    pub fn advance(&mut self, next: Option<&Cursor>) {
        self.after = next.map(|next| next.as_str().to_owned());
        self.is_done = next.is_none();
        if self.is_done {
            self.last_stored_secrets = Some(self.stored_secrets);
        }
    }
}

impl Store {
    /// The last walk. Consistent.
    pub async fn load_account_walk(&self) -> Result<Option<AccountWalk>, BackendError> {
        self.load_grant("reading the progress over accounts", &keys::account_walk()).await
    }

    /// Stores the progress. Of two runs at once the later one counts: visiting an account twice does no harm.
    pub async fn save_account_walk(&self, walk: &AccountWalk) -> Result<(), BackendError> {
        self.dynamodb
            .put_item()
            .table_name(&self.tables.grants)
            .set_item(Some(item::write(&keys::account_walk(), walk)?))
            .send()
            .await
            .map(|_| ())
            .map_err(|error| BackendError::aws("storing the progress over accounts", &error))
    }
}
