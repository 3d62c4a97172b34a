//! The daily walk over all accounts.

use crate::{Job, Summary};
use jiff::Timestamp;
use jiff::tz::TimeZone;
use shared::adapters::error::BackendError;
use shared::adapters::store::AccountWalk;
use shared::domain::account::Account;
use shared::domain::account::index::AccountIndexBuilder;
use shared::domain::account::limits::Usage;
use shared::domain::client::credential::CredentialId;
use shared::domain::client::{Client, SecretStorage};
use shared::domain::primitives::ids::ClientId;
use shared::services::clients::AttentionInputs;
use std::sync::Arc;

/// Accounts between two records of the progress.
const ACCOUNTS: i32 = 20;
/// Clients and members that are read at once.
const PAGE_SIZE: u16 = 200;

impl Job {
    /// Once a UTC day: corrects the numbers of each account, derives what pages across accounts show, writes down the `sub` of members and the last uses of secrets of
    /// earlier versions where they belong, and counts the secrets in Secrets Manager. A run that is out of time leaves the
    /// rest to the next one.
    pub(crate) async fn walk_accounts(&self, now: Timestamp, stop_at: Timestamp, summary: &mut Summary) {
        if let Err(error) = self.try_walk(now, stop_at, summary).await {
            tracing::warn!(cause = %error, "accounts could not be listed");
            summary.unreadable += 1;
        }
    }

    async fn try_walk(
        &self,
        now: Timestamp,
        stop_at: Timestamp,
        summary: &mut Summary,
    ) -> Result<(), BackendError> {
        let store = &self.management.app.store;
        let today = now.to_zoned(TimeZone::UTC).date();
        let stored = store.load_account_walk().await?;
        let mut walk = match stored {
            Some(walk) if walk.day == today => walk,
            earlier => AccountWalk::begin(today, earlier.as_ref()),
        };
        while !walk.is_done && self.now() < stop_at {
            let page = store.list_accounts(ACCOUNTS, walk.position().as_ref()).await?;
            for account in page.items {
                let account = Arc::new(account);
                match self.visit(&account, now).await {
                    Ok(stored_secrets) => walk.stored_secrets += stored_secrets,
                    Err(error) => {
                        let account_id = account.account_id.as_str();
                        tracing::warn!(account_id, cause = %error, "account could not be counted");
                        summary.unreadable += 1;
                    }
                }
            }
            walk.advance(page.next.as_ref());
            store.save_account_walk(&walk).await?;
        }
        summary.stored_secrets = walk.last_stored_secrets;
        Ok(())
    }

    /// Corrects the numbers of one account, and derives from its clients what pages across accounts show. Returns how many of
    /// its clients keep their secrets in Secrets Manager.
    async fn visit(&self, whole: &Arc<Account>, now: Timestamp) -> Result<usize, BackendError> {
        let (store, account) = (&self.management.app.store, &whole.account_id);
        let catalogue = self.management.app.catalogue(now).await?.value;
        let inputs = AttentionInputs::of_account(store, Arc::clone(whole), catalogue, now).await?;
        let mut index = AccountIndexBuilder::new(whole, now);
        let stored = store.usage(account).await?;
        let (mut counted, mut stored_secrets, mut after) = (Usage::default(), 0, None);
        loop {
            let page = store.list_clients(account, PAGE_SIZE.into(), after.as_ref(), |_| true).await?;
            counted.clients += page.items.len() as u64;
            stored_secrets += page.items.iter().filter(|client| has_stored_secret(client)).count();
            page.items.iter().for_each(|client| index.add(client, &inputs.of(client)));
            for client in page.items.iter().filter(|client| has_unused_secret(client)) {
                // The numbers of an account do not depend on it, and the run of the next day tries again.
                if let Err(cause) = self.copy_last_uses(&client.client_id).await {
                    tracing::warn!(client_id = client.client_id.as_str(), %cause, "last uses not copied");
                }
            }
            after = page.next;
            if after.is_none() {
                break;
            }
        }
        loop {
            let page = store.list_members(account, PAGE_SIZE.into(), after.as_ref()).await?;
            counted.members += page.items.len() as u64;
            for member in page.items.iter().filter(|member| member.sub.is_none()) {
                store.store_subject(member).await?;
            }
            after = page.next;
            if after.is_none() {
                break;
            }
        }
        store.correct_usage(account, stored, counted).await?;
        store.store_account_index(&index.finish()).await?;
        Ok(stored_secrets)
    }

    /// Copies to a client, where lists find them, the last uses of its secrets that an earlier version recorded with the
    /// secrets.
    async fn copy_last_uses(&self, client_id: &ClientId) -> Result<(), BackendError> {
        let store = &self.management.app.store;
        let Some(known) = store.load_client(client_id).await? else { return Ok(()) };
        for secret in known.secrets {
            let credential = CredentialId::of_secret(&secret.secret_id);
            let recorded = known.client.last_uses.get(&credential).copied();
            if let Some(day) = secret.last_used_on.filter(|day| recorded != Some(*day)) {
                store.record_credential_use(client_id, &credential, day).await?;
            }
        }
        Ok(())
    }
}

fn has_unused_secret(client: &Client) -> bool {
    let mut secrets = client.secrets.iter();
    secrets.any(|secret| !client.last_uses.contains_key(&CredentialId::of_secret(&secret.secret_id)))
}

fn has_stored_secret(client: &Client) -> bool {
    client.secret_storage == SecretStorage::SecretsManager
        && client.token_endpoint_auth_method.takes_secrets()
}
