//! Recipients of notices, and what each of them gets.

use crate::reminders::find_due::DueClient;
use crate::{Job, Summary};
use jiff::Timestamp;
use shared::adapters::crypto::mail_link::seal_mail_link;
use shared::adapters::crypto::peppers::Peppers;
use shared::adapters::email::frame::MailFrame;
use shared::adapters::error::BackendError;
use shared::adapters::store::AccountMail;
use shared::domain::account::mail::MailRecipient;
use shared::domain::brand::logo::LogoImage;
use shared::domain::primitives::email::EmailAddress;
use shared::domain::primitives::ids::AccountId;
use shared::domain::primitives::language::Language;
use shared::domain::reminder::Notice;
use shared::services::members::recipients::MailRecipients;
use shared::texts::Texts;
use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

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
    recipients: MailRecipients,
    /// The language of those who have chosen none.
    language: Language,
}

impl AccountRecipients {
    /// The language of a recipient's e-mails: the member's, else the account's, else the deployment's.
    pub fn language_of(&self, recipient: &EmailAddress) -> Language {
        self.recipients.language_of(recipient).unwrap_or(self.language)
    }

    /// What is known of the account's e-mails.
    pub const fn mail(&self) -> &AccountMail {
        &self.recipients.mail
    }
}

impl Job {
    /// Reads the members of an account, and what is known of its e-mails.
    pub(crate) async fn load_recipients(
        &self,
        account: &AccountId,
    ) -> Result<AccountRecipients, BackendError> {
        let app = &self.management.app;
        let stored = app.accounts.get(account, self.now()).await?;
        let contacts = stored.as_ref().map_or(&[][..], |stored| &stored.contacts);
        let recipients = MailRecipients::load(&app.store, account, contacts).await?;
        let language = stored.as_ref().and_then(|stored| stored.locale).unwrap_or(app.config.locale);
        Ok(AccountRecipients { account_id: account.clone(), recipients, language })
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
        account.recipients.of(contacts, self.now())
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
        if account.recipients.is_manager(recipient) || *recipient == self.mail.operator {
            return None;
        }
        let recipient = MailRecipient { account_id: account.account_id.clone(), email: recipient.clone() };
        let issuer = &self.management.app.config.issuer;
        Some(format!("{issuer}/mail/stop/{}", seal_mail_link(peppers, &recipient)))
    }
}
