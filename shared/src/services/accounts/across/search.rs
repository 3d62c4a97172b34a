//! Finding accounts: by their id, the id of a client, the address of a member, or words of their name.

use crate::adapters::store::{AccountRow, Cursor, MAX_ROWS};
use crate::domain::account::index::{has_words, name_words};
use crate::domain::primitives::email::EmailAddress;
use crate::domain::primitives::ids::{AccountId, ClientId};
use crate::services::accounts::{AccountError, Accounts};
use std::collections::BTreeSet;

/// An account of a list.
#[derive(Debug)]
pub struct FoundAccount {
    /// The account with its numbers.
    pub row: AccountRow,
    /// Its client that was looked for.
    pub client: Option<ClientId>,
}

/// A page of accounts.
#[derive(Debug)]
pub struct AccountList {
    /// The accounts.
    pub items: Vec<FoundAccount>,
    /// The position of the next page; `None` on the last one.
    pub next: Option<Cursor>,
}

impl Accounts<'_> {
    /// All accounts with their numbers, in the order of their ids.
    pub async fn list_with_numbers(&self, after: Option<&Cursor>) -> Result<AccountList, AccountError> {
        let page = self.ctx.store().list_accounts(MAX_ROWS, after).await?;
        let ids: Vec<AccountId> = page.items.into_iter().map(|account| account.account_id).collect();
        Ok(AccountList { items: self.rows(&ids, None).await?, next: page.next })
    }

    /// The accounts that a text stands for. The address of a member, the id of an account and that of a client are compared
    /// exactly; of a name, each word by its beginning and without regard to case. A page can have fewer accounts than fit,
    /// although there are more.
    pub async fn search(&self, text: &str, after: Option<&Cursor>) -> Result<AccountList, AccountError> {
        if let Ok(email) = EmailAddress::parse(text) {
            return self.of_member(&email).await;
        }
        let exact = match after {
            None => self.exact(text).await?,
            Some(_) => None,
        };
        let words = name_words(text);
        let store = self.ctx.store();
        // The longest word leads to the fewest accounts.
        let Some(longest) = words.iter().max_by_key(|word| word.chars().count()) else {
            let (ids, client) = exact.unzip();
            return Ok(AccountList {
                items: self.rows(&Vec::from_iter(ids), client.flatten()).await?,
                next: None,
            });
        };
        let (exact, client) = exact.unzip();
        let limit = MAX_ROWS - i32::from(exact.is_some());
        let page = store.accounts_by_word(longest, limit, after).await?;
        let others = page.items.into_iter().filter(|id| Some(id) != exact.as_ref());
        let ids: Vec<AccountId> = exact.clone().into_iter().chain(others).collect();
        let mut items = self.rows(&ids, client.flatten()).await?;
        items.retain(|found| {
            let account = &found.row.account;
            Some(&account.account_id) == exact.as_ref() || has_words(account.account_name.as_str(), &words)
        });
        Ok(AccountList { items, next: page.next })
    }

    async fn of_member(&self, email: &EmailAddress) -> Result<AccountList, AccountError> {
        let found = self.ctx.store().memberships_of(email).await?;
        let ids: BTreeSet<AccountId> =
            found.items.into_iter().map(|membership| membership.account.account_id).collect();
        Ok(AccountList { items: self.rows(&Vec::from_iter(ids), None).await?, next: None })
    }

    /// The account of this id, or of the client of this id.
    async fn exact(&self, text: &str) -> Result<Option<(AccountId, Option<ClientId>)>, AccountError> {
        let account = Vec::from_iter(AccountId::parse(text));
        let client = Vec::from_iter(ClientId::parse(text));
        if account.is_empty() && client.is_empty() {
            return Ok(None);
        }
        let (accounts, clients) = self.ctx.store().load_accounts_and_clients(&account, &client).await?;
        let of_account = accounts.into_iter().next().map(|account| (account.account_id, None));
        let of_client = clients.into_iter().next().map(|client| (client.account_id, Some(client.client_id)));
        Ok(of_account.or(of_client))
    }

    async fn rows(
        &self,
        ids: &[AccountId],
        client: Option<ClientId>,
    ) -> Result<Vec<FoundAccount>, AccountError> {
        let rows = self.ctx.store().load_account_rows(ids).await?;
        let mut client = client;
        Ok(rows.into_iter().map(|row| FoundAccount { row, client: client.take() }).collect())
    }
}
