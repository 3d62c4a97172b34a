//! Records the ids of accounts and the audiences of resources that were stored without.

use crate::{Job, Summary};
use shared::adapters::error::BackendError;

const PAGE_SIZE: i32 = 1_000;

impl Job {
    /// Records what version 0.1.0 did not: that an id, in any case, and an audience are taken. Two that are the same stay
    /// as they are.
    pub(crate) async fn record_names(&self, summary: &mut Summary) {
        for recorded in [self.record_account_ids().await, self.record_audiences().await] {
            if let Err(error) = recorded {
                tracing::warn!(cause = %error, "ids and audiences could not be recorded");
                summary.cleanup_failed += 1;
            }
        }
    }

    async fn record_account_ids(&self) -> Result<(), BackendError> {
        let store = &self.management.app.store;
        let mut after = None;
        loop {
            let page = store.list_accounts(PAGE_SIZE, after.as_ref()).await?;
            for account in page.items.iter().filter(|account| !account.id_recorded) {
                if !store.record_account_id(account).await? {
                    let account_id = account.account_id.as_str();
                    tracing::warn!(account_id, "another account has this id in another case");
                }
            }
            after = page.next;
            if after.is_none() {
                return Ok(());
            }
        }
    }

    async fn record_audiences(&self) -> Result<(), BackendError> {
        let store = &self.management.app.store;
        for resource in store.load_catalogue().await?.resources.values() {
            if store.load_audience_owner(&resource.audience).await?.is_none() {
                store.record_audience(resource).await?;
            }
        }
        Ok(())
    }
}
