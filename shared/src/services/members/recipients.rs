//! Who gets the e-mails of an account about its clients: at the time of sending, the members who may manage clients, and the
//! contacts of the account and of the client; but none who has stopped these e-mails, or does not get them. Each address once, whatever its case;
//! never one of another account.

use crate::adapters::error::BackendError;
use crate::adapters::store::{AccountMail, Page, Store};
use crate::domain::account::{Account, Member};
use crate::domain::management::ManagementScope;
use crate::domain::primitives::email::EmailAddress;
use crate::domain::primitives::ids::AccountId;
use crate::domain::primitives::language::Language;
use jiff::Timestamp;
use std::collections::{BTreeMap, BTreeSet};

/// Members that are read at a time where one of them may be enough.
const FEW: i32 = 25;

/// Whether anyone gets the reminders about the clients of an account. Members are read until one is found who gets those
/// about all of them.
#[derive(Debug)]
pub struct ReminderReach {
    has_manager: bool,
    /// The members who want no e-mails, if all were read.
    silent: BTreeSet<EmailAddress>,
    /// The contacts of the account.
    contacts: Vec<EmailAddress>,
}

impl ReminderReach {
    /// That of an account, and what is known of its e-mails.
    pub async fn load(
        store: &Store,
        account: &Account,
        now: Timestamp,
    ) -> Result<(Self, AccountMail), BackendError> {
        let id = &account.account_id;
        let first = store.list_members(id, FEW, None);
        let (mail, first) = tokio::try_join!(store.load_account_mail(id), first)?;
        Ok((Self::from_members(store, account, first, &mail, now).await?, mail))
    }

    /// That of an account of which no e-mails are known.
    pub async fn without_mail(
        store: &Store,
        account: &Account,
        now: Timestamp,
    ) -> Result<Self, BackendError> {
        let first = store.list_members(&account.account_id, FEW, None).await?;
        Self::from_members(store, account, first, &AccountMail::default(), now).await
    }

    async fn from_members(
        store: &Store,
        account: &Account,
        first: Page<Member>,
        mail: &AccountMail,
        now: Timestamp,
    ) -> Result<Self, BackendError> {
        let (mut silent, mut page) = (BTreeSet::new(), first);
        loop {
            let is_reached =
                |member: &Member| is_reminded(member) && mail.suppression(&member.email, now).is_none();
            if page.items.iter().any(is_reached) {
                return Ok(Self::of_manager());
            }
            silent.extend(page.items.into_iter().filter(|member| !member.mail).map(|member| member.email));
            if page.next.is_none() {
                return Ok(Self { has_manager: false, silent, contacts: account.contacts.clone() });
            }
            page = store.list_members(&account.account_id, FEW, page.next.as_ref()).await?;
        }
    }

    /// That of an account whose recipients were read.
    #[must_use]
    pub fn of(recipients: &MailRecipients, now: Timestamp) -> Self {
        Self {
            has_manager: !recipients.of_all(now).is_empty(),
            silent: recipients.silent.clone(),
            contacts: recipients.contacts.clone(),
        }
    }

    /// That of an account with a member who gets reminders.
    #[must_use]
    pub const fn of_manager() -> Self {
        Self { has_manager: true, silent: BTreeSet::new(), contacts: Vec::new() }
    }

    /// Whether anyone gets the reminders about a client with these contacts.
    #[must_use]
    pub fn reaches(&self, contacts: &[EmailAddress], mail: &AccountMail, now: Timestamp) -> bool {
        let is_reached =
            |email: &EmailAddress| !self.silent.contains(email) && mail.suppression(email, now).is_none();
        self.has_manager || self.contacts.iter().chain(contacts).any(is_reached)
    }
}

/// Whether a member gets reminders about all clients of the account.
#[must_use]
pub fn is_reminded(member: &Member) -> bool {
    member.mail && member.permissions.contains(&ManagementScope::ClientsManage)
}

/// What decides who gets the e-mails of an account.
#[derive(Debug, Default)]
pub struct MailRecipients {
    /// The members who may manage clients and want e-mails.
    managers: BTreeSet<EmailAddress>,
    /// The members who want no e-mails.
    silent: BTreeSet<EmailAddress>,
    /// The contacts of the account.
    contacts: Vec<EmailAddress>,
    /// The languages that members have chosen.
    languages: BTreeMap<EmailAddress, Language>,
    /// What is known of the account's e-mails.
    pub mail: AccountMail,
}

impl MailRecipients {
    /// Reads the members of an account with these contacts, and what is known of its e-mails.
    pub async fn load(
        store: &Store,
        account: &AccountId,
        contacts: &[EmailAddress],
    ) -> Result<Self, BackendError> {
        let (mail, members) =
            tokio::try_join!(store.load_account_mail(account), store.load_members(account))?;
        Ok(Self::new(members, contacts, mail))
    }

    /// Those of an account with these members and contacts, of whose e-mails this is known.
    #[must_use]
    pub fn new(members: Vec<Member>, contacts: &[EmailAddress], mail: AccountMail) -> Self {
        let mut known = Self { contacts: contacts.to_vec(), mail, ..Self::default() };
        for member in members {
            known.add(member);
        }
        known
    }

    fn add(&mut self, member: Member) {
        self.languages.extend(member.locale.map(|language| (member.email.clone(), language)));
        if is_reminded(&member) {
            self.managers.insert(member.email);
        } else if !member.mail {
            self.silent.insert(member.email);
        }
    }

    /// The recipients of e-mails about a client with these contacts.
    #[must_use]
    pub fn of(&self, contacts: &[EmailAddress], now: Timestamp) -> BTreeSet<EmailAddress> {
        let is_reached = |email: &&EmailAddress| {
            !self.silent.contains(*email) && self.mail.suppression(email, now).is_none()
        };
        self.managers.iter().chain(&self.contacts).chain(contacts).filter(is_reached).cloned().collect()
    }

    /// The members who get the e-mails about every client.
    #[must_use]
    pub fn of_all(&self, now: Timestamp) -> BTreeSet<&EmailAddress> {
        let is_reached = |email: &&EmailAddress| self.mail.suppression(email, now).is_none();
        self.managers.iter().filter(is_reached).collect()
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
