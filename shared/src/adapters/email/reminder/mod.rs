//! The e-mail about secrets and certificates that are about to expire, or have expired and were in use: subject, text and
//! HTML, as one MIME message.

mod subject;

#[cfg(test)]
mod tests;

use crate::adapters::email::format;
use crate::adapters::email::mime::Envelope;
use crate::adapters::error::BackendError;
use crate::domain::primitives::email::EmailAddress;
use crate::domain::primitives::ids::AccountId;
use crate::domain::reminder::{ExpiringCredential, NewerSecret, Notice, NoticeKind};
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

/// The most characters of a name in a row of the table, for the same reason.
const MAX_ROW_NAME: usize = 40;

/// One message to one recipient: all due notices of one account.
#[derive(Clone, Copy, Debug)]
pub struct ReminderEmail<'a> {
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

/// A notice as the templates show it.
struct Row {
    is_expired: bool,
    name: String,
    client_id: String,
    is_certificate: bool,
    hint: String,
    days: String,
    instant: String,
    used: String,
    /// What is to be said of a newer secret.
    newer: Option<String>,
    link: String,
}

#[derive(Template)]
#[template(path = "reminder.txt")]
struct Text<'a> {
    subject: &'a str,
    account_id: &'a AccountId,
    rows: &'a [Row],
    advice: Advice,
    stop_link: Option<&'a str>,
}

#[derive(Template)]
#[template(path = "reminder.html")]
struct Html<'a> {
    subject: &'a str,
    account_id: &'a AccountId,
    rows: &'a [Row],
    as_cards: bool,
    /// The number of notices that only the text part lists.
    more: usize,
    advice: Advice,
    stop_link: Option<&'a str>,
}

/// What the message gives advice on.
#[derive(Clone, Copy)]
struct Advice {
    /// Secrets that have no successor.
    secrets: bool,
    /// Secrets that have one.
    older_secrets: bool,
    certificates: bool,
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
        let text = Text {
            subject: &subject,
            account_id: self.account_id,
            rows: &rows,
            advice: self.advice(),
            stop_link: self.stop_link,
        };
        let envelope = Envelope {
            from: self.from,
            to: self.to,
            subject: &subject,
            now: self.now,
            message_id: self.message_id,
            stop_link: self.stop_link,
        };
        envelope.message(OP, text.render(), self.html(&subject, &rows))
    }

    fn html(&self, subject: &str, rows: &[Row]) -> askama::Result<String> {
        let in_html = &rows[..rows.len().min(MAX_ROWS)];
        Html {
            subject,
            account_id: self.account_id,
            rows: in_html,
            as_cards: rows.len() <= MAX_CARDS,
            more: rows.len() - in_html.len(),
            advice: self.advice(),
            stop_link: self.stop_link,
        }
        .render()
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
        let is_expired = is_expired(notice);
        let days = if is_expired { format::days_ago } else { format::in_days };
        let link = if is_certificate(notice) { self.certificate_link } else { self.link };
        let link = link.replace("{account_id}", self.account_id.as_str());
        Row {
            is_expired,
            name: name(notice),
            client_id: format::name(notice.client_id.as_str()),
            is_certificate: is_certificate(notice),
            hint: hint(notice),
            days: days(notice.expires_at, self.now),
            instant: format::instant(notice.expires_at),
            used: notice.last_used_on.map_or_else(|| "never used".to_owned(), last_used),
            newer: notice.newer.as_ref().map(newer),
            link: link.replace("{client_id}", notice.client_id.as_str()),
        }
    }
}

fn last_used(date: Date) -> String {
    format!("last used on {}", format::day(date))
}

/// The newer secret, and whether programs use it.
fn newer(secret: &NewerSecret) -> String {
    let used = match secret.last_used_on {
        _ if secret.is_paused => "paused, so that no program can use it".to_owned(),
        None => "not used yet".to_owned(),
        Some(date) => last_used(date),
    };
    format!("…{}, {used}", format::sanitize(&secret.hint))
}

impl Row {
    fn kind(&self) -> &'static str {
        if self.is_certificate { "Certificate" } else { "Secret" }
    }

    /// The consequence of the expiry, for a credential that has expired.
    fn expired_notice(&self) -> &'static str {
        if self.is_certificate {
            "The client has nothing else to get tokens with."
        } else {
            "The program that uses it is failing now."
        }
    }

    fn short_name(&self) -> String {
        format::shorten(&self.name, MAX_ROW_NAME)
    }
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
