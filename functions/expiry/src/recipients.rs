//! Recipients of notices: at the time of sending, the members of the account who may manage clients, and the contacts of
//! the client; but none who has stopped these e-mails, or does not get them. Each address once, whatever its case; never
//! one of another account.

use crate::find_due::DueClient;
use crate::{Job, Summary};
use jiff::Timestamp;
use shared::adapters::crypto::mail_link::seal_mail_link;
use shared::adapters::crypto::peppers::Peppers;
use shared::adapters::email::frame::MailFrame;
use shared::adapters::error::BackendError;
use shared::adapters::store::AccountMail;
use shared::domain::account::mail::MailRecipient;
use shared::domain::brand::logo::LogoImage;
use shared::domain::management::ManagementScope;
use shared::domain::primitives::email::EmailAddress;
use shared::domain::primitives::ids::AccountId;
use shared::domain::primitives::language::Language;
use shared::domain::reminder::Notice;
use shared::texts::Texts;
use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

const PAGE_SIZE: i32 = 200;

/// The notices that are due for each recipient.
pub type NoticesByRecipient = BTreeMap<EmailAddress, Vec<Notice>>;

/// One email that may be due.
pub struct PendingEmail {
    pub account_id: AccountId,
    pub recipient: EmailAddress,
    /// Never empty.
    pub notices: Vec<Notice>,
    /// The link by which the recipient stops the account's e-mails, for contacts.
    pub stop_link: Option<String>,
    /// The language of the recipient's e-mails.
    pub language: Language,
}

impl PendingEmail {
    /// The soonest expiry.
    pub fn urgency(&self) -> Option<Timestamp> {
        self.notices.iter().map(|notice| notice.expires_at).min()
    }
}

/// The recipients of the e-mails of an account.
pub struct AccountRecipients {
    account_id: AccountId,
    /// The members who may manage clients and want e-mails.
    managers: BTreeSet<EmailAddress>,
    /// The members who want no e-mails.
    silent: BTreeSet<EmailAddress>,
    /// The languages that members have chosen.
    languages: BTreeMap<EmailAddress, Language>,
    /// The language of everyone else.
    language: Language,
    /// What is known of the account's e-mails.
    pub mail: AccountMail,
}

impl AccountRecipients {
    /// The language of a recipient's e-mails: the member's, else the account's, else the deployment's.
    pub fn language_of(&self, recipient: &EmailAddress) -> Language {
        self.languages.get(recipient).copied().unwrap_or(self.language)
    }
}

impl Job {
    /// Reads the members of an account, and what is known of its e-mails.
    pub(crate) async fn load_recipients(
        &self,
        account: &AccountId,
    ) -> Result<AccountRecipients, BackendError> {
        let store = &self.management.app.store;
        let mail = store.load_account_mail(account).await?;
        let stored = self.management.app.accounts.get(account, self.now()).await?;
        let language = stored.and_then(|stored| stored.locale).unwrap_or(self.management.app.config.locale);
        let (mut managers, mut silent, mut languages) = (BTreeSet::new(), BTreeSet::new(), BTreeMap::new());
        let mut after = None;
        loop {
            let page = store.list_members(account, PAGE_SIZE, after.as_ref()).await?;
            for member in page.items {
                languages.extend(member.locale.map(|language| (member.email.clone(), language)));
                if !member.mail {
                    silent.insert(member.email);
                } else if member.permissions.contains(&ManagementScope::ClientsManage) {
                    managers.insert(member.email);
                }
            }
            after = page.next;
            if after.is_none() {
                let account_id = account.clone();
                return Ok(AccountRecipients { account_id, managers, silent, languages, language, mail });
            }
        }
    }

    /// What e-mails in a language have in common, with the logo of [`Self::logo`].
    pub(crate) fn mail_frame<'a>(&'a self, language: Language, logo: Option<&'a LogoImage>) -> MailFrame<'a> {
        let brand = &self.management.app.config.brand;
        MailFrame { texts: Texts::of(language), brand, logo: logo.and_then(LogoImage::for_mail) }
    }

    /// The operator's logo.
    pub(crate) async fn logo(&self) -> Option<Arc<LogoImage>> {
        self.management.app.logo.get(self.now()).await
    }

    /// The recipients of e-mails about a client with these contacts. If there are none, they go to the operator.
    pub(crate) fn recipients_of(
        &self,
        account: &AccountRecipients,
        contacts: &[EmailAddress],
    ) -> BTreeSet<EmailAddress> {
        let now = self.now();
        let is_reached = |email: &&EmailAddress| {
            !account.silent.contains(*email) && account.mail.suppression(email, now).is_none()
        };
        account.managers.iter().chain(contacts).filter(is_reached).cloned().collect()
    }

    /// Groups the notices of one account by recipient. Notices without a recipient go to the operator.
    pub(crate) fn group_by_recipient(
        &self,
        account: &AccountRecipients,
        clients: &[DueClient],
        summary: &mut Summary,
    ) -> NoticesByRecipient {
        let (mut by_recipient, mut is_any_without) = (NoticesByRecipient::new(), false);
        for client in clients {
            let mut recipients = self.recipients_of(account, &client.contacts);
            if recipients.is_empty() {
                recipients.insert(self.mail.operator.clone());
                is_any_without = true;
            }
            for recipient in recipients {
                by_recipient.entry(recipient).or_default().extend(client.notices.iter().cloned());
            }
        }
        summary.without_recipient += usize::from(is_any_without);
        by_recipient
    }

    /// The link by which a recipient stops the account's e-mails, for contacts. Members have none: an administrator of the
    /// account decides who of them gets e-mails, so that the last one cannot be lost by a click.
    pub(crate) fn stop_link(
        &self,
        account: &AccountRecipients,
        recipient: &EmailAddress,
        peppers: &Peppers,
    ) -> Option<String> {
        if account.managers.contains(recipient) || *recipient == self.mail.operator {
            return None;
        }
        let recipient = MailRecipient { account_id: account.account_id.clone(), email: recipient.clone() };
        let issuer = &self.management.app.config.issuer;
        Some(format!("{issuer}/mail/stop/{}", seal_mail_link(peppers, &recipient)))
    }
}
