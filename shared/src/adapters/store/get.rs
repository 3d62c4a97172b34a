//! Reading one record by its key. Consistent.

use crate::adapters::error::BackendError;
use crate::adapters::store::Store;
use crate::adapters::store::item;
use crate::adapters::store::keys;
use serde::de::DeserializeOwned;

impl Store {
    /// Of the directory.
    pub(super) async fn load_item<T: DeserializeOwned>(
        &self,
        operation: &'static str,
        at: &keys::Key,
    ) -> Result<Option<T>, BackendError> {
        self.load_from(&self.tables.directory, operation, at).await
    }

    /// Of the short-lived things. One past its end may still be there.
    pub(super) async fn load_grant<T: DeserializeOwned>(
        &self,
        operation: &'static str,
        at: &keys::Key,
    ) -> Result<Option<T>, BackendError> {
        self.load_from(&self.tables.grants, operation, at).await
    }

    async fn load_from<T: DeserializeOwned>(
        &self,
        table: &str,
        operation: &'static str,
        at: &keys::Key,
    ) -> Result<Option<T>, BackendError> {
        let output = self
            .dynamodb
            .get_item()
            .table_name(table)
            .set_key(Some(item::key(at)))
            .consistent_read(true)
            .send()
            .await
            .map_err(|error| BackendError::aws(operation, &error))?;
        output.item.map(|found| item::read(operation, found)).transpose()
    }
}
