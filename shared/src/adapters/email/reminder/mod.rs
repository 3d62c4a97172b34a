//! The e-mail about secrets and certificates that are about to expire, or have expired and were in use: subject, text and
//! HTML, as one MIME message.

mod content;
mod subject;

#[cfg(test)]
mod tests;

use crate::adapters::email::format;
use crate::adapters::email::frame::MailFrame;
use crate::adapters::email::mime::Envelope;
use crate::adapters::email::reminder::content::{Advice, Content, Row};
use crate::adapters::error::BackendError;
use crate::domain::primitives::email::EmailAddress;
use crate::domain::primitives::ids::AccountId;
use crate::domain::reminder::{ExpiringCredential, NewerSecret, Notice, NoticeKind};
use crate::texts::Texts;
use crate::texts::days::{days_ago, in_days};
use askama::Template;
use jiff::Timestamp;
use jiff::civil::Date;

/// The operation, in errors.
const OP: &str = "write a reminder";

/// The most notices that are shown as cards; more become rows of a table.
const MAX_CARDS: usize = 5;

/// The most notices in the HTML part, because mail programs clip messages over 102 KB. The text part has all.
const MAX_ROWS: usize = 100;

/// The number of characters of a thumbprint that are shown.
const THUMBPRINT_LENGTH: usize = 10;

/// One message to one recipient: all due notices of one account.
#[derive(Clone, Copy, Debug)]
pub struct ReminderEmail<'a> {
    /// The recipient's language, and the operator's brand.
    pub frame: MailFrame<'a>,
    /// The sender; its domain is the Message-ID's.
    pub from: &'a EmailAddress,
    /// The one recipient.
    pub to: &'a EmailAddress,
    /// The clients' account.
    pub account_id: &'a AccountId,
    /// Never empty; in any order. They are shown expired first, then by date of expiry.
    pub notices: &'a [Notice],
    /// Where the secrets of a client are replaced, with the placeholders `{account_id}` and `{client_id}`, for example
    /// `https://console.example.com/{account_id}/clients/{client_id}`.
    pub link: &'a str,
    /// Where its certificate is replaced; with the same placeholders.
    pub certificate_link: &'a str,
    /// When the message is written.
    pub now: Timestamp,
    /// Random, unique to the message: for Message-ID. Only letters, digits, `.`, `_` and `-` are used.
    pub message_id: &'a str,
    /// For a contact, the link by which they stop the account's e-mails. Members of the account have none.
    pub stop_link: Option<&'a str>,
}

#[derive(Template)]
#[template(path = "reminder.txt")]
struct Text<'a> {
    mail: &'a Content<'a>,
}

#[derive(Template)]
#[template(path = "reminder.html")]
struct Html<'a> {
    mail: &'a Content<'a>,
    rows: &'a [Row],
    as_cards: bool,
    /// The number of notices that only the text part lists.
    more: String,
}

impl ReminderEmail<'_> {
    /// The subject, the most urgent notices first.
    #[must_use]
    pub fn subject(&self) -> String {
        subject::of(self)
    }

    /// The whole message (RFC 5322), with a text and an HTML part of the same content.
    pub fn mime(&self) -> Result<Vec<u8>, BackendError> {
        if self.notices.is_empty() {
            return Err(BackendError::new(OP, "there is no notice"));
        }
        let (subject, rows) = (self.subject(), self.rows());
        let mail = &Content {
            frame: self.frame,
            subject: &subject,
            account_id: self.account_id.as_str(),
            rows: &rows,
            advice: self.advice(),
            stop_link: self.stop_link,
        };
        let in_html = &rows[..rows.len().min(MAX_ROWS)];
        let html = Html {
            mail,
            rows: in_html,
            as_cards: rows.len() <= MAX_CARDS,
            more: (rows.len() - in_html.len()).to_string(),
        };
        let envelope = Envelope {
            from: self.from,
            to: self.to,
            subject: &subject,
            now: self.now,
            message_id: self.message_id,
            stop_link: self.stop_link,
            logo: self.frame.logo,
        };
        envelope.message(OP, Text { mail }.render(), html.render())
    }

    fn advice(&self) -> Advice {
        let has_successor = |notice: &&Notice| notice.newer.is_some();
        let mut secrets = self.notices.iter().filter(|notice| !is_certificate(notice));
        Advice {
            secrets: secrets.clone().any(|notice| !has_successor(&notice)),
            older_secrets: secrets.any(|notice| has_successor(&notice)),
            certificates: self.notices.iter().any(is_certificate),
        }
    }

    fn sorted(&self) -> Vec<&Notice> {
        let mut sorted: Vec<&Notice> = self.notices.iter().collect();
        sorted.sort_by_key(|notice| {
            (!is_expired(notice), notice.expires_at, &notice.client_id, &notice.ending)
        });
        sorted
    }

    fn rows(&self) -> Vec<Row> {
        self.sorted().into_iter().map(|notice| self.row(notice)).collect()
    }

    fn row(&self, notice: &Notice) -> Row {
        let texts = self.frame.texts;
        let (is_expired, is_certificate) = (is_expired(notice), is_certificate(notice));
        let days = if is_expired {
            texts.with("ended-when", [("when", days_ago(texts, notice.expires_at, self.now))])
        } else {
            in_days(texts, notice.expires_at, self.now)
        };
        let link = if is_certificate { self.certificate_link } else { self.link };
        let link = link.replace("{account_id}", self.account_id.as_str());
        let ended = if is_certificate { "reminder-certificate-ended" } else { "reminder-secret-ended" };
        Row {
            is_expired,
            name: name(notice),
            client_id: format::name(notice.client_id.as_str()),
            is_certificate,
            kind: texts.get(if is_certificate { "mail-certificate" } else { "mail-secret" }),
            hint: hint(notice),
            days,
            instant: format::instant(texts, notice.expires_at),
            used: used(texts, notice.last_used_on, "reminder-never-used"),
            newer: notice.newer.as_ref().map(|secret| newer(texts, secret)),
            expired_notice: texts.get(ended),
            link: link.replace("{client_id}", notice.client_id.as_str()),
        }
    }
}

fn used(texts: Texts, date: Option<Date>, never: &str) -> String {
    date.map_or_else(
        || texts.get(never),
        |date| texts.with("reminder-last-used", [("date", format::day(texts, date))]),
    )
}

/// The newer secret, and whether programs use it.
fn newer(texts: Texts, secret: &NewerSecret) -> String {
    let used = if secret.is_paused {
        texts.get("reminder-paused")
    } else {
        used(texts, secret.last_used_on, "reminder-not-used-yet")
    };
    format!("…{}, {used}", format::sanitize(&secret.hint))
}

fn is_expired(notice: &Notice) -> bool {
    matches!(notice.kind, NoticeKind::Expired)
}

/// The client's name, or its id if no character of the name can be shown.
fn name(notice: &Notice) -> String {
    let name = format::name(notice.client_name.as_str());
    if name.trim().is_empty() { format::name(notice.client_id.as_str()) } else { name }
}

fn is_certificate(notice: &Notice) -> bool {
    matches!(notice.ending, ExpiringCredential::Certificate { .. })
}

/// A hint that identifies the credential: the end of a secret, the beginning of a certificate's thumbprint.
fn hint(notice: &Notice) -> String {
    match &notice.ending {
        ExpiringCredential::Secret { hint, .. } => format!("…{}", format::sanitize(hint)),
        ExpiringCredential::Certificate { thumbprint } => {
            format!("{}…", thumbprint.chars().take(THUMBPRINT_LENGTH).collect::<String>())
        }
    }
}
