//! Members of accounts.

use super::page::Listing;
use super::transaction::Condition;
use super::{Outcome, Page, Position, Record, Refused, Store, item, keys};
use crate::adapters::fault::Fault;
use crate::domain::account::Member;
use crate::domain::email::EmailAddress;
use crate::domain::ids::AccountId;

impl Store {
    /// Adds a person to an account, unless they are in it or the account is not active.
    pub async fn add_member(&self, member: &Member, record: &Record<'_>) -> Result<Outcome, Fault> {
        let directory = &self.tables.directory;
        let item = item::write(&keys::member(&member.account_id, &member.email), member)?;
        let transaction = self
            .change("adding a member", record)?
            .put(directory, item, &Condition::Absent, Refused::Taken)?
            .check(
                directory,
                &keys::account(&member.account_id),
                &Condition::ActiveAccount,
                Refused::AccountGone,
            )?;
        self.finish(transaction).await
    }

    /// Replaces a member if the entry is still as it was read.
    pub async fn update_member(
        &self,
        member: &Member,
        read_version: u64,
        record: &Record<'_>,
    ) -> Result<Outcome, Fault> {
        let item = item::write(&keys::member(&member.account_id, &member.email), member)?;
        let transaction = self.change("changing a member", record)?.put(
            &self.tables.directory,
            item,
            &Condition::Version(read_version),
            Refused::Changed,
        )?;
        self.finish(transaction).await
    }

    /// Removes a member if the entry is still as it was read.
    pub async fn remove_member(&self, member: &Member, record: &Record<'_>) -> Result<Outcome, Fault> {
        let transaction = self.change("removing a member", record)?.delete(
            &self.tables.directory,
            &keys::member(&member.account_id, &member.email),
            &Condition::Version(member.version),
            Refused::Changed,
        )?;
        self.finish(transaction).await
    }

    /// One member. Consistent.
    pub async fn load_member(
        &self,
        account: &AccountId,
        email: &EmailAddress,
    ) -> Result<Option<Member>, Fault> {
        self.load_item("reading a member", &keys::member(account, email)).await
    }

    /// An account's members in the order of their addresses. Consistent.
    pub async fn list_members(
        &self,
        account: &AccountId,
        limit: i32,
        after: Option<&Position>,
    ) -> Result<Page<Member>, Fault> {
        let listing = Listing {
            doing: "listing members",
            table: &self.tables.directory,
            index: None,
            partition: keys::account_partition(account),
            prefix: keys::MEMBER_PREFIX,
            newest_first: false,
        };
        self.read_page(&listing, limit, after).await
    }
}
