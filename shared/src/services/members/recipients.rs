//! Who gets the e-mails of an account about its clients: at the time of sending, the members who may manage clients, and the
//! contacts of the client; but none who has stopped these e-mails, or does not get them. Each address once, whatever its case;
//! never one of another account.

use crate::adapters::error::BackendError;
use crate::adapters::store::{AccountMail, Store};
use crate::domain::account::Member;
use crate::domain::management::ManagementScope;
use crate::domain::primitives::email::EmailAddress;
use crate::domain::primitives::ids::AccountId;
use crate::domain::primitives::language::Language;
use jiff::Timestamp;
use std::collections::{BTreeMap, BTreeSet};

/// Members that are read at a time.
const PAGE_SIZE: i32 = 200;

/// What decides who gets the e-mails of an account.
#[derive(Debug, Default)]
pub struct MailRecipients {
    /// The members who may manage clients and want e-mails.
    managers: BTreeSet<EmailAddress>,
    /// The members who want no e-mails.
    silent: BTreeSet<EmailAddress>,
    /// The languages that members have chosen.
    languages: BTreeMap<EmailAddress, Language>,
    /// What is known of the account's e-mails.
    pub mail: AccountMail,
}

impl MailRecipients {
    /// Reads the members of an account, and what is known of its e-mails.
    pub async fn load(store: &Store, account: &AccountId) -> Result<Self, BackendError> {
        let (mail, mut known) =
            tokio::try_join!(store.load_account_mail(account), Self::members(store, account))?;
        known.mail = mail;
        Ok(known)
    }

    async fn members(store: &Store, account: &AccountId) -> Result<Self, BackendError> {
        let (mut known, mut after) = (Self::default(), None);
        loop {
            let page = store.list_members(account, PAGE_SIZE, after.as_ref()).await?;
            page.items.into_iter().for_each(|member| known.add(member));
            after = page.next;
            if after.is_none() {
                return Ok(known);
            }
        }
    }

    fn add(&mut self, member: Member) {
        self.languages.extend(member.locale.map(|language| (member.email.clone(), language)));
        if !member.mail {
            self.silent.insert(member.email);
        } else if member.permissions.contains(&ManagementScope::ClientsManage) {
            self.managers.insert(member.email);
        }
    }

    /// The recipients of e-mails about a client with these contacts.
    #[must_use]
    pub fn of(&self, contacts: &[EmailAddress], now: Timestamp) -> BTreeSet<EmailAddress> {
        let is_reached = |email: &&EmailAddress| {
            !self.silent.contains(*email) && self.mail.suppression(email, now).is_none()
        };
        self.managers.iter().chain(contacts).filter(is_reached).cloned().collect()
    }

    /// Whether an address is one of a member who may manage clients and wants e-mails.
    #[must_use]
    pub fn is_manager(&self, email: &EmailAddress) -> bool {
        self.managers.contains(email)
    }

    /// The language that a member has chosen.
    #[must_use]
    pub fn language_of(&self, recipient: &EmailAddress) -> Option<Language> {
        self.languages.get(recipient).copied()
    }
}
