//! Failures of fetching from a host that a customer named, so that all instances leave a broken host alone together.

use crate::adapters::error::{BackendError, ok_or_expected};
use crate::adapters::store::Store;
use crate::adapters::store::item::{self, number, text};
use crate::adapters::store::keys;
use crate::domain::net::fetch_failures::FetchFailures;
use aws_sdk_dynamodb::operation::put_item::PutItemError;
use jiff::{SignedDuration, Timestamp};

/// How long failures are remembered after the last one.
const RETENTION: SignedDuration = SignedDuration::from_hours(1);

impl Store {
    /// The failures in a row of a source, as of any instance; `None` after a success, or an hour after the last failure.
    /// Consistent.
    pub async fn load_fetch_failures(
        &self,
        source: &str,
        now: Timestamp,
    ) -> Result<Option<FetchFailures>, BackendError> {
        let found: Option<FetchFailures> =
            self.load_grant("reading the failures of a host", &keys::fetch_failures(source)).await?;
        Ok(found.filter(|found| now.duration_since(found.failed_at) < RETENTION))
    }

    /// Writes the failures of a source, if they are still those that were `read`; whether they were. So of the instances that
    /// would try the source again after its pause, one does.
    pub async fn record_fetch_failure(
        &self,
        source: &str,
        read: Option<&FetchFailures>,
        next: &FetchFailures,
    ) -> Result<bool, BackendError> {
        const OP: &str = "noting the failure of a host";
        let mut entry = item::write(&keys::fetch_failures(source), next)?;
        let purge_at = next.failed_at.saturating_add(RETENTION).unwrap_or(next.failed_at);
        entry.insert("purge_at".to_owned(), number(purge_at.as_second()));
        let put = self.dynamodb.put_item().table_name(&self.tables.grants).set_item(Some(entry));
        let put = match read {
            None => put
                .condition_expression("attribute_not_exists(pk) OR purge_at <= :now")
                .expression_attribute_values(":now", number(next.failed_at.as_second())),
            Some(read) => put
                .condition_expression("attribute_not_exists(pk) OR failed_at = :read")
                .expression_attribute_values(":read", text(read.failed_at.to_string())),
        };
        let sent = put.send().await;
        ok_or_expected(OP, sent, PutItemError::is_conditional_check_failed_exception)
            .map(|written| written.is_some())
    }

    /// Forgets the failures of a source that works again.
    pub async fn forget_fetch_failures(&self, source: &str) -> Result<(), BackendError> {
        self.dynamodb
            .delete_item()
            .table_name(&self.tables.grants)
            .set_key(Some(item::key(&keys::fetch_failures(source))))
            .send()
            .await
            .map(|_| ())
            .map_err(|error| BackendError::aws("forgetting the failures of a host", &error))
    }
}
