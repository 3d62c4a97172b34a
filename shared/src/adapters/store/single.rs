//! Reading one record by its key. Consistent.

use super::{Store, item, keys};
use crate::adapters::fault::Fault;
use serde::de::DeserializeOwned;

impl Store {
    /// Of the directory.
    pub(super) async fn load_item<T: DeserializeOwned>(
        &self,
        doing: &'static str,
        at: &keys::Key,
    ) -> Result<Option<T>, Fault> {
        self.load_from(&self.tables.directory, doing, at).await
    }

    /// Of the short-lived things. One past its end may still be there.
    pub(super) async fn load_grant<T: DeserializeOwned>(
        &self,
        doing: &'static str,
        at: &keys::Key,
    ) -> Result<Option<T>, Fault> {
        self.load_from(&self.tables.grants, doing, at).await
    }

    async fn load_from<T: DeserializeOwned>(
        &self,
        table: &str,
        doing: &'static str,
        at: &keys::Key,
    ) -> Result<Option<T>, Fault> {
        let output = self
            .dynamodb
            .get_item()
            .table_name(table)
            .set_key(Some(item::key(at)))
            .consistent_read(true)
            .send()
            .await
            .map_err(|error| Fault::aws(doing, &error))?;
        output.item.map(|found| item::read(doing, found)).transpose()
    }
}
