//! The audit trail.

use super::{Cursor, Page, Store, keys};
use crate::adapters::error::{BackendError, ok_or_expected};
use crate::adapters::store::item::{self, Item, text};
use crate::adapters::store::query::position_after;
use crate::adapters::store::transaction::audit_item;
use crate::domain::audit::AuditEntry;
use crate::domain::audit::filter::{AuditFilter, FilterText, FilterTime};
use crate::domain::primitives::ids::AccountId;
use aws_sdk_dynamodb::operation::put_item::PutItemError;
use jiff::Timestamp;
use std::collections::HashMap;

/// A new entry's id: sorts by time, and is unique.
#[must_use]
pub fn audit_id(at: Timestamp, entropy: [u8; 8]) -> String {
    format!("{}#{:016x}", keys::sortable(at), u64::from_be_bytes(entropy))
}

impl Store {
    /// Writes an entry of its own, without another change. It overwrites none: where its id exists, an attempt whose
    /// response was lost has written it.
    pub async fn append_audit(&self, entry: &AuditEntry) -> Result<(), BackendError> {
        let sent = self
            .dynamodb
            .put_item()
            .table_name(&self.tables.audit)
            .set_item(Some(audit_item(entry, self.audit_retention)?))
            .condition_expression("attribute_not_exists(pk)")
            .send()
            .await;
        ok_or_expected("writing the audit trail", sent, PutItemError::is_conditional_check_failed_exception)
            .map(|_| ())
    }

    /// The entries of an account's audit trail that pass the filter, newest first.
    ///
    /// One query, which reads at most 1 MB: a page can be short, or empty, although there are more. It is consistent
    /// except by client, which is read from an index.
    pub async fn list_audit(
        &self,
        account: &AccountId,
        filter: &AuditFilter,
        limit: usize,
        after: Option<&Cursor>,
    ) -> Result<Page<AuditEntry>, BackendError> {
        const OP: &str = "reading the audit trail";
        let partition = match &filter.client_id {
            None => keys::account_partition(account),
            Some(client) => keys::audited_client(account, client),
        };
        let mut terms = QueryTerms::of_partition(filter.client_id.is_some(), partition);
        terms.between(filter.from, filter.to);
        terms.only(filter);
        // Without a condition on what is read, DynamoDB reads no more than the page has.
        let is_filtered = !terms.conditions.is_empty();
        let output = self
            .dynamodb
            .query()
            .table_name(&self.tables.audit)
            .set_index_name(filter.client_id.is_some().then(|| keys::BY_CLIENT.to_owned()))
            .consistent_read(filter.client_id.is_none())
            .key_condition_expression(terms.key_condition)
            .set_filter_expression(is_filtered.then(|| terms.conditions.join(" AND ")))
            .set_expression_attribute_names(Some(terms.names))
            .set_expression_attribute_values(Some(terms.values))
            .scan_index_forward(false)
            .set_limit(if is_filtered { None } else { i32::try_from(limit).ok() })
            .set_exclusive_start_key(after.and_then(Cursor::position))
            .send()
            .await
            .map_err(|error| BackendError::aws(OP, &error))?;
        let mut found = output.items.unwrap_or_default();
        let mut next = output.last_evaluated_key.filter(|key| !key.is_empty());
        if found.len() > limit {
            found.truncate(limit);
            next = found.last().map(|last| position_after(last, &["pk", "sk", "client_key"]));
        }
        let items = found.into_iter().map(|entry| item::read(OP, entry)).collect::<Result<_, _>>()?;
        Ok(Page { items, next: next.as_ref().map(Cursor::of) })
    }
}

/// The expressions of a query, with their names and values.
struct QueryTerms {
    key_condition: String,
    conditions: Vec<String>,
    names: HashMap<String, String>,
    values: Item,
}

impl QueryTerms {
    fn of_partition(is_of_client: bool, partition: String) -> Self {
        let key = if is_of_client { "client_key" } else { "pk" };
        Self {
            key_condition: "#pk = :pk".to_owned(),
            conditions: Vec::new(),
            names: HashMap::from([("#pk".to_owned(), key.to_owned())]),
            values: HashMap::from([(":pk".to_owned(), text(partition))]),
        }
    }

    /// From `from` on, and before `to`. No entry's sort key is an instant alone, so that `to` itself is not included.
    fn between(&mut self, from: Option<FilterTime>, to: Option<FilterTime>) {
        self.key_condition += match (from, to) {
            (None, None) => return,
            (Some(_), None) => " AND #sk >= :from",
            (None, Some(_)) => " AND #sk < :to",
            (Some(_), Some(_)) => " AND #sk BETWEEN :from AND :to",
        };
        self.names.insert("#sk".to_owned(), "sk".to_owned());
        for (name, time) in [(":from", from), (":to", to)] {
            self.values.extend(time.map(|time| (name.to_owned(), text(keys::sortable(time.0)))));
        }
    }

    fn only(&mut self, filter: &AuditFilter) {
        if let Some(action) = &filter.action {
            self.add("#action = :action", &["action"], (":action", action));
        }
        if let Some(group) = filter.group {
            let names: Vec<String> = group
                .actions()
                .enumerate()
                .map(|(n, action)| {
                    let name = format!(":action{n}");
                    self.values.insert(name.clone(), text(action));
                    name
                })
                .collect();
            self.names.insert("#action".to_owned(), "action".to_owned());
            self.conditions.push(format!("#action IN ({})", names.join(", ")));
        }
        if let Some(actor) = &filter.actor {
            let condition =
                "(#actor.#client_id = :actor OR #actor.#email = :actor OR #actor.#system = :actor)";
            self.add(condition, &["actor", "client_id", "email", "system"], (":actor", actor));
        }
    }

    fn add(&mut self, condition: &str, names: &[&str], (name, value): (&str, &FilterText)) {
        self.conditions.push(condition.to_owned());
        self.names.extend(names.iter().map(|name| (format!("#{name}"), (*name).to_owned())));
        self.values.insert(name.to_owned(), text(value.as_str()));
    }
}
