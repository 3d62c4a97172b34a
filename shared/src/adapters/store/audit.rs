//! The audit trail.

use super::{Cursor, Page, Store, keys};
use crate::adapters::error::BackendError;
use crate::adapters::store::query::QuerySpec;
use crate::adapters::store::transaction::audit_item;
use crate::domain::audit::AuditEntry;
use crate::domain::primitives::ids::AccountId;
use jiff::Timestamp;

/// A new entry's id: sorts by time, and is unique.
#[must_use]
pub fn audit_id(at: Timestamp, entropy: [u8; 8]) -> String {
    format!("{}#{:016x}", keys::sortable(at), u64::from_be_bytes(entropy))
}

impl Store {
    /// Writes an entry of its own, without another change. Its id is unique, so that it overwrites no other.
    pub async fn append_audit(&self, entry: &AuditEntry) -> Result<(), BackendError> {
        self.dynamodb
            .put_item()
            .table_name(&self.tables.audit)
            .set_item(Some(audit_item(entry)?))
            .send()
            .await
            .map(|_| ())
            .map_err(|error| BackendError::aws("writing the audit trail", &error))
    }

    /// An account's audit trail, newest first. Consistent.
    pub async fn list_audit(
        &self,
        account: &AccountId,
        limit: i32,
        after: Option<&Cursor>,
    ) -> Result<Page<AuditEntry>, BackendError> {
        let listing = QuerySpec {
            operation: "reading the audit trail",
            table: &self.tables.audit,
            index: None,
            partition: keys::account_partition(account),
            prefix: "",
            newest_first: true,
        };
        self.read_page(&listing, limit, after).await
    }
}
