//! What pages across accounts need to know of each account: derived from it and its clients, and stored so that such a page
//! reads little.

use crate::domain::account::{Account, Status};
use crate::domain::client::Client;
use crate::domain::client::attention::Attention;
use crate::domain::primitives::folded::folded;
use crate::domain::primitives::ids::{AccountId, ClientId, ResourceId};
use crate::domain::primitives::unknown_attributes::UnknownAttributes;
use crate::domain::resource::scope::Scope;
use jiff::{SignedDuration, Timestamp};
use serde::{Deserialize, Serialize};
use std::collections::{BTreeMap, BTreeSet};

/// What ends within so many days is on the page across accounts.
pub const ENDING_WITHIN_DAYS: u16 = 30;
/// A day more, since what is derived is up to a day old.
const ENDING_WITHIN: SignedDuration = SignedDuration::from_hours(24 * (ENDING_WITHIN_DAYS as i64 + 1));
/// The most clients of an account whose ends are stored.
pub const MAX_ENDS: usize = 4;
/// The most words of an account's name by which it is found.
const MAX_WORDS: usize = 10;
/// The most characters of such a word.
const MAX_WORD_LENGTH: usize = 40;

/// The attention and the ends of an account's clients.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct AccountSummary {
    /// The account.
    pub account_id: AccountId,
    /// When its clients were looked at.
    pub computed_at: Timestamp,
    /// Active clients that need attention.
    #[serde(default)]
    pub needing_attention: u64,
    /// How many of them have each reason, by its name.
    #[serde(default)]
    pub reasons: BTreeMap<String, u64>,
    /// When the next credential of an active client ends.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub next_end: Option<Timestamp>,
    /// Attributes of a later version.
    #[serde(flatten)]
    pub unknown: UnknownAttributes,
}

/// A client with a credential that ends.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct ClientEnd {
    /// When.
    pub ends_at: Timestamp,
    /// The client.
    pub client_id: ClientId,
}

/// The active clients of an account with a credential that ends soon.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct AccountEnds {
    /// The account.
    pub account_id: AccountId,
    /// When its clients were looked at.
    pub computed_at: Timestamp,
    /// How many there are.
    pub total: u64,
    /// The first ones, at most [`MAX_ENDS`].
    pub first: Vec<ClientEnd>,
    /// Attributes of a later version.
    #[serde(flatten)]
    pub unknown: UnknownAttributes,
}

/// The clients of an account that hold permissions for a resource.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct HeldResource {
    /// The account.
    pub account_id: AccountId,
    /// The resource.
    pub resource_id: ResourceId,
    /// How many clients hold it.
    pub clients: u64,
    /// How many of them hold each scope.
    #[serde(default)]
    pub scopes: BTreeMap<Scope, u64>,
    /// Attributes of a later version.
    #[serde(flatten)]
    pub unknown: UnknownAttributes,
}

/// All that is derived of an account.
#[derive(Clone, Debug)]
pub struct AccountIndex {
    /// The words of its name.
    pub words: BTreeSet<String>,
    /// The attention.
    pub summary: AccountSummary,
    /// What ends soon; `None` if nothing does.
    pub ends: Option<AccountEnds>,
    /// What its clients hold.
    pub held: BTreeMap<ResourceId, HeldResource>,
}

/// Derives an [`AccountIndex`] from an account's clients, one after the other.
#[derive(Debug)]
pub struct AccountIndexBuilder<'a> {
    account: &'a Account,
    now: Timestamp,
    index: AccountIndex,
    ends: Vec<ClientEnd>,
}

/// The words of a name, folded, by which an account is found: at most ten, each of at most 40 characters.
#[must_use]
pub fn name_words(name: &str) -> BTreeSet<String> {
    let folded = folded(name);
    let words = folded.split(|character: char| !character.is_alphanumeric()).filter(|word| !word.is_empty());
    words.map(|word| word.chars().take(MAX_WORD_LENGTH).collect()).take(MAX_WORDS).collect()
}

/// Whether each word that is looked for is the beginning of a word of the name.
#[must_use]
pub fn has_words(name: &str, wanted: &BTreeSet<String>) -> bool {
    let words = name_words(name);
    wanted.iter().all(|wanted| words.iter().any(|word| word.starts_with(wanted)))
}

impl<'a> AccountIndexBuilder<'a> {
    /// Of an account whose clients are looked at now.
    #[must_use]
    pub fn new(account: &'a Account, now: Timestamp) -> Self {
        let summary = AccountSummary {
            account_id: account.account_id.clone(),
            computed_at: now,
            needing_attention: 0,
            reasons: BTreeMap::new(),
            next_end: None,
            unknown: UnknownAttributes::default(),
        };
        let words = name_words(account.account_name.as_str());
        let index = AccountIndex { words, summary, ends: None, held: BTreeMap::new() };
        Self { account, now, index, ends: Vec::new() }
    }

    /// Adds a client, and why it needs attention. A disabled client, and one of a disabled account, needs none.
    pub fn add(&mut self, client: &Client, attention: &[Attention]) {
        self.add_held(client);
        if client.status == Status::Disabled || self.account.status == Status::Disabled {
            return;
        }
        let summary = &mut self.index.summary;
        summary.needing_attention += u64::from(!attention.is_empty());
        for reason in attention {
            *summary.reasons.entry(reason.as_str().to_owned()).or_insert(0) += 1;
        }
        if let Some(ends_at) = client.next_end(self.now) {
            summary.next_end = Some(summary.next_end.map_or(ends_at, |next| next.min(ends_at)));
            if ends_at.duration_since(self.now) <= ENDING_WITHIN {
                self.ends.push(ClientEnd { ends_at, client_id: client.client_id.clone() });
            }
        }
    }

    fn add_held(&mut self, client: &Client) {
        for permission in &client.permissions {
            let held = self.index.held.entry(permission.resource.clone()).or_insert_with(|| HeldResource {
                account_id: self.account.account_id.clone(),
                resource_id: permission.resource.clone(),
                clients: 0,
                scopes: BTreeMap::new(),
                unknown: UnknownAttributes::default(),
            });
            held.clients += 1;
            for scope in permission.scopes.iter() {
                *held.scopes.entry(scope.clone()).or_insert(0) += 1;
            }
        }
    }

    /// What is derived.
    #[must_use]
    pub fn finish(mut self) -> AccountIndex {
        self.ends.sort();
        let total = self.ends.len() as u64;
        self.ends.truncate(MAX_ENDS);
        let ends = AccountEnds {
            account_id: self.account.account_id.clone(),
            computed_at: self.now,
            total,
            first: self.ends,
            unknown: UnknownAttributes::default(),
        };
        AccountIndex { ends: (total > 0).then_some(ends), ..self.index }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn words(name: &str) -> Vec<String> {
        name_words(name).into_iter().collect()
    }

    #[test]
    fn name_is_found_by_the_beginnings_of_its_words() {
        assert_eq!(words("Acme-North GmbH & Co."), ["acme", "co", "gmbh", "north"]);
        assert_eq!(words("STRASSE Straße"), ["strasse"]);
        assert_eq!(words("– & –"), [""; 0]);
        for (wanted, is_found) in
            [("acme", true), ("ACM nor", true), ("north gm", true), ("cme", false), ("acme south", false)]
        {
            assert_eq!(has_words("Acme-North GmbH & Co.", &name_words(wanted)), is_found, "{wanted}");
        }
    }

    #[test]
    fn words_are_limited_in_number_and_length() {
        let long = "x".repeat(60);
        assert_eq!(words(&long), ["x".repeat(40)]);
        assert!(has_words(&long, &name_words(&long)));
        let many = (0..30).map(|number| format!("w{number}")).collect::<Vec<_>>().join(" ");
        assert_eq!(words(&many).len(), 10);
    }
}
