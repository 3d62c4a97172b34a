//! Numbers of an account's clients and members. They are changed in the transaction that creates or deletes one.

use crate::adapters::error::BackendError;
use crate::adapters::store::item::{self, number};
use crate::adapters::store::keys;
use crate::adapters::store::transaction::{Condition, Transaction};
use crate::adapters::store::{Store, WriteConflict};
use crate::domain::account::limits::Usage;
use crate::domain::primitives::ids::AccountId;
use aws_sdk_dynamodb::operation::query::builders::QueryFluentBuilder;
use aws_sdk_dynamodb::operation::update_item::builders::UpdateItemFluentBuilder;

/// What is counted.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::adapters::store) enum Counted {
    Clients,
    Members,
}

impl Counted {
    const fn attribute(self) -> &'static str {
        match self {
            Self::Clients => "clients",
            Self::Members => "members",
        }
    }
}

impl Store {
    /// The numbers of an account, which are counted if they are not stored yet. Consistent.
    pub async fn usage(&self, account: &AccountId) -> Result<Usage, BackendError> {
        const OP: &str = "storing the numbers of an account";
        if let Some(usage) = self.load_usage(account).await? {
            return Ok(usage);
        }
        let usage = self.count_usage(account).await?;
        let sent =
            self.storing_usage(account, usage).condition_expression("attribute_not_exists(pk)").send().await;
        match item::updated(OP, sent)? {
            Some(_) => Ok(usage),
            // Another request was faster, and may have changed them already.
            None => Ok(self.load_usage(account).await?.unwrap_or(usage)),
        }
    }

    /// An update that stores these numbers. The caller adds the condition.
    fn storing_usage(&self, account: &AccountId, usage: Usage) -> UpdateItemFluentBuilder {
        self.dynamodb
            .update_item()
            .table_name(&self.tables.directory)
            .set_key(Some(item::key(&keys::usage(account))))
            .update_expression("SET #clients = :clients, #members = :members")
            .expression_attribute_names("#clients", Counted::Clients.attribute())
            .expression_attribute_names("#members", Counted::Members.attribute())
            .expression_attribute_values(":clients", number(usage.clients))
            .expression_attribute_values(":members", number(usage.members))
    }

    /// Corrects the stored numbers by those that were counted since they were read, unless they have changed meanwhile.
    /// The index of clients may be a moment behind; the next count corrects that.
    pub async fn correct_usage(
        &self,
        account: &AccountId,
        stored: Usage,
        counted: Usage,
    ) -> Result<(), BackendError> {
        if stored == counted {
            return Ok(());
        }
        let sent = self
            .storing_usage(account, counted)
            .condition_expression("#clients = :stored_clients AND #members = :stored_members")
            .expression_attribute_values(":stored_clients", number(stored.clients))
            .expression_attribute_values(":stored_members", number(stored.members))
            .send()
            .await;
        item::updated("correcting the numbers of an account", sent).map(|_| ())
    }

    async fn load_usage(&self, account: &AccountId) -> Result<Option<Usage>, BackendError> {
        self.load_item("reading the numbers of an account", &keys::usage(account)).await
    }

    async fn count_usage(&self, account: &AccountId) -> Result<Usage, BackendError> {
        let (clients, members) = tokio::try_join!(self.count_clients(account), self.count_members(account))?;
        Ok(Usage { clients, members })
    }

    async fn count_clients(&self, account: &AccountId) -> Result<u64, BackendError> {
        let query = self
            .dynamodb
            .query()
            .index_name(keys::BY_ACCOUNT)
            .key_condition_expression("list_key = :account")
            .expression_attribute_values(":account", item::text(keys::account_partition(account)));
        self.count(query).await
    }

    async fn count_members(&self, account: &AccountId) -> Result<u64, BackendError> {
        let query = self
            .dynamodb
            .query()
            .consistent_read(true)
            .key_condition_expression("pk = :account AND begins_with(sk, :member)")
            .expression_attribute_values(":account", item::text(keys::account_partition(account)))
            .expression_attribute_values(":member", item::text(keys::MEMBER_PREFIX));
        self.count(query).await
    }

    async fn count(&self, query: QueryFluentBuilder) -> Result<u64, BackendError> {
        let query = query.table_name(&self.tables.directory).projection_expression("pk");
        let mut pages = query.into_paginator().send();
        let mut count = 0;
        while let Some(page) = pages.next().await {
            let page = page.map_err(|error| BackendError::aws("counting what an account has", &error))?;
            count += page.items().len() as u64;
        }
        Ok(count)
    }

    /// Counts one more. [`WriteConflict::LimitReached`] if there are `limit` already, or if the numbers are not stored, as for
    /// older accounts: [`Store::usage`] tells, and stores them.
    pub(in crate::adapters::store) fn count_creation(
        &self,
        transaction: Transaction<WriteConflict>,
        account: &AccountId,
        counted: Counted,
        limit: u32,
    ) -> Result<Transaction<WriteConflict>, BackendError> {
        transaction.add(
            &self.tables.directory,
            &keys::usage(account),
            (counted.attribute(), 1),
            &Condition::Below(counted.attribute(), limit),
            WriteConflict::LimitReached,
        )
    }

    /// Counts one less. The numbers must be stored.
    pub(in crate::adapters::store) fn count_deletion(
        &self,
        transaction: Transaction<WriteConflict>,
        account: &AccountId,
        counted: Counted,
    ) -> Result<Transaction<WriteConflict>, BackendError> {
        transaction.add(
            &self.tables.directory,
            &keys::usage(account),
            (counted.attribute(), -1),
            &Condition::Present,
            WriteConflict::VersionMismatch,
        )
    }
}
