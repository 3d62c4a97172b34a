//! Keys of what is derived of accounts. It is in the index by account, each kind in a list of its own.

use super::Key;
use crate::domain::primitives::ids::{AccountId, ResourceId};
use jiff::Timestamp;

/// `list_key` of the words of accounts' names.
pub(in crate::adapters::store) const ACCOUNT_WORDS: &str = "ACCOUNT_WORDS";
/// `list_key` of the accounts with clients that need attention.
pub(in crate::adapters::store) const ATTENTION: &str = "ATTENTION";
/// `list_key` of the accounts with clients whose credentials end soon.
pub(in crate::adapters::store) const ENDS: &str = "ENDS";

/// Partition of what is derived of an account.
pub(in crate::adapters::store) fn account_index_partition(id: &AccountId) -> String {
    format!("ACCOUNT_INDEX#{id}")
}

pub(in crate::adapters::store) fn account_summary(id: &AccountId) -> Key {
    Key::new(account_index_partition(id), "SUMMARY")
}

pub(in crate::adapters::store) fn account_ends(id: &AccountId) -> Key {
    Key::new(account_index_partition(id), "ENDS")
}

pub(in crate::adapters::store) fn account_word(id: &AccountId, word: &str) -> Key {
    Key::new(account_index_partition(id), format!("WORD#{word}"))
}

pub(in crate::adapters::store) fn held_resource(id: &AccountId, resource: &ResourceId) -> Key {
    Key::new(account_index_partition(id), format!("HELD#{resource}"))
}

/// `list_key` of the accounts whose clients hold a resource.
pub(in crate::adapters::store) fn holders(resource: &ResourceId) -> String {
    format!("HELD#{resource}")
}

/// `list_sort` of an account with clients that need attention: those with most of them first.
pub(in crate::adapters::store) fn attention_order(id: &AccountId, clients: u64) -> String {
    format!("{:010}#{id}", 9_999_999_999_u64.saturating_sub(clients))
}

/// `list_sort` of an account with ends: the first one first.
pub(in crate::adapters::store) fn ends_order(id: &AccountId, first: Timestamp) -> String {
    format!("{}#{id}", super::sortable(first))
}

/// `list_sort` of a word of an account's name.
pub(in crate::adapters::store) fn word_order(id: &AccountId, word: &str) -> String {
    format!("{word}#{id}")
}
