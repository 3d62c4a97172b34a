//! What operators see across accounts. Each page takes a few reads, of items that are derived of each account.

mod search;

pub use search::{AccountList, FoundAccount};

use super::{AccountError, Accounts};
use crate::adapters::store::{Cursor, Page};
use crate::domain::account::index::{AccountEnds, AccountSummary, ENDING_WITHIN_DAYS};
use crate::domain::account::{Account, Status};
use crate::domain::client::Client;
use crate::domain::client::attention::Attention;
use crate::domain::primitives::ids::{AccountId, ClientId};
use jiff::{SignedDuration, Timestamp};
use std::collections::HashMap;

/// Accounts on a page of those that need attention.
const NEEDING: usize = 25;
/// Accounts on a page of ends: with at most four clients each they are 100 items, which one read returns.
const ENDING: i32 = 20;

/// An account with clients that need attention.
#[derive(Debug)]
pub struct NeedingAccount {
    /// The account as it is now.
    pub account: Account,
    /// The reasons, as of the job's last look.
    pub summary: AccountSummary,
}

/// A client with a credential that ends soon, as it is now.
#[derive(Debug)]
pub struct ClientEndingSoon {
    /// The client.
    pub client: Client,
    /// When.
    pub ends_at: Timestamp,
}

/// An account with clients whose credentials end soon.
#[derive(Debug)]
pub struct EndingAccount {
    /// The account as it is now.
    pub account: Account,
    /// The numbers, as of the job's last look.
    pub ends: AccountEnds,
    /// Its first clients to end, as they are now.
    pub clients: Vec<ClientEndingSoon>,
}

impl Accounts<'_> {
    /// Active accounts with clients that need attention, for a reason if one is named; those with most of them first.
    pub async fn needing_attention(
        &self,
        reason: Option<Attention>,
        after: Option<&Cursor>,
    ) -> Result<Page<NeedingAccount>, AccountError> {
        let store = self.ctx.store();
        let page = store.accounts_needing_attention(reason, NEEDING, after).await?;
        let ids: Vec<AccountId> = page.items.iter().map(|summary| summary.account_id.clone()).collect();
        let (accounts, _) = store.load_accounts_and_clients(&ids, &[]).await?;
        let mut accounts = active(accounts);
        let items = page.items.into_iter().filter_map(|summary| {
            Some(NeedingAccount { account: accounts.remove(&summary.account_id)?, summary })
        });
        Ok(Page { items: items.collect(), next: page.next })
    }

    /// Active accounts with clients whose credentials end within 30 days, the first end first. Clients that have got
    /// another end since are left out.
    pub async fn ending_soon(&self, after: Option<&Cursor>) -> Result<Page<EndingAccount>, AccountError> {
        let store = self.ctx.store();
        let page = store.accounts_with_ends(ENDING, after).await?;
        let accounts: Vec<AccountId> = page.items.iter().map(|ends| ends.account_id.clone()).collect();
        let clients: Vec<ClientId> =
            page.items.iter().flat_map(|ends| &ends.first).map(|end| end.client_id.clone()).collect();
        let (accounts, clients) = store.load_accounts_and_clients(&accounts, &clients).await?;
        let mut accounts = active(accounts);
        let mut clients: HashMap<ClientId, Client> =
            clients.into_iter().map(|client| (client.client_id.clone(), client)).collect();
        let items = page.items.into_iter().filter_map(|ends| {
            let account = accounts.remove(&ends.account_id)?;
            let found = ends.first.iter().filter_map(|end| clients.remove(&end.client_id));
            let found: Vec<_> = found.filter_map(|client| ending(client, self.ctx.now())).collect();
            (!found.is_empty()).then_some(EndingAccount { account, ends, clients: found })
        });
        Ok(Page { items: items.collect(), next: page.next })
    }
}

fn active(accounts: Vec<Account>) -> HashMap<AccountId, Account> {
    let active = accounts.into_iter().filter(|account| account.status == Status::Active);
    active.map(|account| (account.account_id.clone(), account)).collect()
}

/// A client whose next end is soon, if it is active.
fn ending(client: Client, now: Timestamp) -> Option<ClientEndingSoon> {
    let ends_at = client.next_end(now)?;
    let within = SignedDuration::from_hours(24 * i64::from(ENDING_WITHIN_DAYS));
    let is_soon = client.status == Status::Active && ends_at.duration_since(now) <= within;
    is_soon.then_some(ClientEndingSoon { client, ends_at })
}
