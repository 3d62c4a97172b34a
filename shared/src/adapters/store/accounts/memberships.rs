//! Accounts together with a member: those of one person, and one of them.

use crate::adapters::error::BackendError;
use crate::adapters::store::Store;
use crate::adapters::store::item::{self, Item};
use crate::adapters::store::keys::{self, Key};
use crate::domain::account::{Account, Member};
use crate::domain::primitives::email::EmailAddress;
use crate::domain::primitives::ids::AccountId;

/// The most accounts of one person that are read.
pub const MAX_MEMBERSHIPS: usize = 100;

/// A member and the account, as they are now. The account may be disabled.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Membership {
    /// The account.
    pub account: Account,
    /// The member.
    pub member: Member,
}

/// The accounts of a person.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Memberships {
    /// In the order of the accounts' ids; at most [`MAX_MEMBERSHIPS`].
    pub items: Vec<Membership>,
    /// Whether the person is a member of further accounts, which were not read.
    pub is_truncated: bool,
}

impl Store {
    /// The accounts in which a person of this address is a member now. The index that leads to them is eventually
    /// consistent: a place in an account that was given a moment ago may be missing. One that was taken is not in the
    /// result, since accounts and members are read consistently.
    pub async fn memberships_of(&self, email: &EmailAddress) -> Result<Memberships, BackendError> {
        const OP: &str = "finding the accounts of a person";
        let one_more = i32::try_from(MAX_MEMBERSHIPS + 1).unwrap_or(i32::MAX);
        let output = self
            .dynamodb
            .query()
            .table_name(&self.tables.directory)
            .index_name(keys::BY_EMAIL)
            .key_condition_expression("#email = :email")
            .expression_attribute_names("#email", "email")
            .expression_attribute_values(":email", item::text(email.as_str()))
            .limit(one_more)
            .send()
            .await
            .map_err(|error| BackendError::aws(OP, &error))?;
        let has_more = output.last_evaluated_key.is_some_and(|key| !key.is_empty());
        let found = output.items.unwrap_or_default();
        let accounts = found
            .iter()
            .take(MAX_MEMBERSHIPS)
            .map(|found| AccountId::parse(item::string(found, "account_id")))
            .collect::<Result<Vec<_>, _>>()
            .map_err(|error| BackendError::new(OP, error))?;
        let pairs = accounts.iter().flat_map(|account| pair(account, email)).collect::<Vec<_>>();
        let mut read = self.load_batch(OP, &self.tables.directory, &pairs).await?;
        let memberships = accounts.iter().map(|account| take_membership(OP, &mut read, account, email));
        let memberships: Vec<Option<Membership>> = memberships.collect::<Result<_, _>>()?;
        Ok(Memberships {
            items: memberships.into_iter().flatten().collect(),
            is_truncated: has_more || found.len() > MAX_MEMBERSHIPS,
        })
    }

    /// An account and one of its members, by one consistent read; `None` if one of them does not exist. The account may be
    /// disabled.
    pub async fn load_account_and_member(
        &self,
        account: &AccountId,
        email: &EmailAddress,
    ) -> Result<Option<Membership>, BackendError> {
        const OP: &str = "reading an account and a member";
        let mut read = self.load_batch(OP, &self.tables.directory, &pair(account, email)).await?;
        take_membership(OP, &mut read, account, email)
    }

    /// An account and all of its members, by one query where they fit its response; `None` if the account does not exist. It
    /// may be disabled. Consistent.
    pub async fn load_account_and_members(
        &self,
        account: &AccountId,
    ) -> Result<Option<(Account, Vec<Member>)>, BackendError> {
        const OP: &str = "reading an account and its members";
        let own = keys::account(account);
        let pages = self
            .dynamodb
            .query()
            .table_name(&self.tables.directory)
            .key_condition_expression("pk = :pk AND sk BETWEEN :account AND :end")
            .expression_attribute_values(":pk", item::text(&*own.pk))
            .expression_attribute_values(":account", item::text(&*own.sk))
            .expression_attribute_values(":end", item::text(keys::MEMBERS_END))
            .consistent_read(true)
            .into_paginator()
            .items()
            .send();
        let found: Vec<Item> =
            pages.collect::<Result<_, _>>().await.map_err(|error| BackendError::aws(OP, &error))?;
        let (mut account, mut members) = (None::<Account>, Vec::new());
        for found in found {
            if item::string(&found, "sk") == own.sk {
                account = Some(item::read(OP, found)?);
            } else {
                members.push(item::read(OP, found)?);
            }
        }
        let account = account.filter(|account| account.deleted_at.is_none());
        Ok(account.map(|account| (account, members)))
    }
}

fn pair(account: &AccountId, email: &EmailAddress) -> [Key; 2] {
    [keys::account(account), keys::member(account, email)]
}

/// Takes the items of an account and a member from those that were read.
fn take_membership(
    operation: &'static str,
    read: &mut Vec<Item>,
    account: &AccountId,
    email: &EmailAddress,
) -> Result<Option<Membership>, BackendError> {
    let [account, member] = pair(account, email);
    let mut take = |at: &Key| {
        let position = read
            .iter()
            .position(|found| item::string(found, "pk") == at.pk && item::string(found, "sk") == at.sk);
        position.map(|position| read.swap_remove(position))
    };
    let (Some(account), Some(member)) = (take(&account), take(&member)) else { return Ok(None) };
    let account: Account = item::read(operation, account)?;
    let member = item::read(operation, member)?;
    Ok(account.deleted_at.is_none().then_some(Membership { account, member }))
}
