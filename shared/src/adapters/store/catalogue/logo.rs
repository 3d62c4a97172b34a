//! The operator's logo: one item.

use crate::adapters::error::BackendError;
use crate::adapters::store::transaction::Condition;
use crate::adapters::store::{AuditRecord, Store, WriteConflict, WriteOutcome, item, keys};
use crate::domain::brand::logo::Logo;

impl Store {
    /// The logo, if there is one. Consistent.
    pub async fn load_logo(&self) -> Result<Option<Logo>, BackendError> {
        self.load_item("reading the logo", &keys::logo()).await
    }

    /// Stores the logo if the present one has the expected version, or if there is none and none is expected.
    pub async fn save_logo(
        &self,
        logo: &Logo,
        expected_version: Option<u64>,
        record: &AuditRecord<'_>,
    ) -> Result<WriteOutcome, BackendError> {
        let condition = expected_version.map_or(Condition::Absent, Condition::Version);
        let item = item::write(&keys::logo(), logo)?;
        let transaction = self.change("storing the logo", record)?.put(
            &self.tables.directory,
            item,
            &condition,
            WriteConflict::VersionMismatch,
        )?;
        self.finish(transaction).await
    }

    /// Deletes the logo if it has this version.
    pub async fn delete_logo(
        &self,
        version: u64,
        record: &AuditRecord<'_>,
    ) -> Result<WriteOutcome, BackendError> {
        let transaction = self.change("deleting the logo", record)?.delete(
            &self.tables.directory,
            &keys::logo(),
            &Condition::Version(version),
            WriteConflict::VersionMismatch,
        )?;
        self.finish(transaction).await
    }
}
