//! The mail that tells somebody which secrets and certificates are about to end, or have ended and are missed:
//! its subject, its text, its HTML, as one MIME message.

mod subject;

#[cfg(test)]
mod tests;

use crate::adapters::email::format;
use crate::adapters::email::mime::Envelope;
use crate::adapters::error::BackendError;
use crate::domain::primitives::email::EmailAddress;
use crate::domain::primitives::ids::AccountId;
use crate::domain::reminder::{ExpiringCredential, Notice, NoticeKind};
use askama::Template;
use jiff::Timestamp;

/// What is being done, for a fault.
const OP: &str = "write a reminder";

/// So many notices are shown at length; more become rows of a table.
const CARDS: usize = 5;

/// So many notices are in the HTML: mail programs cut off what is longer than 102 KB. The text has all.
const ROWS: usize = 100;

/// How many characters of a thumbprint are shown.
const THUMBPRINT: usize = 10;

/// How many characters of a name a row of the table shows, for the same reason.
const ROW_NAME: usize = 40;

/// One message to one recipient: everything they must be told about one account.
#[derive(Clone, Copy, Debug)]
pub struct ReminderEmail<'a> {
    /// The sender; its domain is the Message-ID's.
    pub from: &'a EmailAddress,
    /// The one recipient.
    pub to: &'a EmailAddress,
    /// Whose clients it is about.
    pub account_id: &'a AccountId,
    /// Never empty; in any order (the letter sorts: expired first, then soonest end first).
    pub notices: &'a [Notice],
    /// Where to act, with `{account_id}` and `{client_id}` to be filled in, for example
    /// `https://console.example.com/{account_id}/clients/{client_id}`.
    pub link: &'a str,
    /// When it is written.
    pub now: Timestamp,
    /// Random, unique to the message: for Message-ID. Only letters, digits, `.`, `_` and `-` are used.
    pub message_id: &'a str,
}

/// A notice, put into words.
struct Row<'a> {
    ended: bool,
    name: String,
    client_id: &'a str,
    certificate: bool,
    hint: String,
    days: String,
    instant: String,
    used: String,
    link: String,
}

#[derive(Template)]
#[template(path = "reminder.txt")]
struct Text<'a> {
    subject: &'a str,
    account_id: &'a AccountId,
    rows: &'a [Row<'a>],
    advice: Advice,
}

#[derive(Template)]
#[template(path = "reminder.html")]
struct Html<'a> {
    subject: &'a str,
    account_id: &'a AccountId,
    rows: &'a [Row<'a>],
    as_cards: bool,
    /// How many only the text lists.
    more: usize,
    advice: Advice,
}

/// What a letter tells people to do: what there is something to do about.
#[derive(Clone, Copy)]
struct Advice {
    secrets: bool,
    certificates: bool,
}

impl ReminderEmail<'_> {
    /// What a person understands at a glance: one line, in the order of urgency.
    #[must_use]
    pub fn subject(&self) -> String {
        subject::of(self)
    }

    /// The whole message (RFC 5322), with a text and an HTML part that say the same.
    pub fn mime(&self) -> Result<Vec<u8>, BackendError> {
        if self.notices.is_empty() {
            return Err(BackendError::new(OP, "there is nothing to say"));
        }
        let (subject, rows) = (self.subject(), self.rows());
        let text =
            Text { subject: &subject, account_id: self.account_id, rows: &rows, advice: self.advice() };
        let envelope = Envelope {
            from: self.from,
            to: self.to,
            subject: &subject,
            now: self.now,
            message_id: self.message_id,
        };
        envelope.message(OP, text.render(), self.html(&subject, &rows))
    }

    fn html(&self, subject: &str, rows: &[Row<'_>]) -> askama::Result<String> {
        let shown = &rows[..rows.len().min(ROWS)];
        Html {
            subject,
            account_id: self.account_id,
            rows: shown,
            as_cards: rows.len() <= CARDS,
            more: rows.len() - shown.len(),
            advice: self.advice(),
        }
        .render()
    }

    fn advice(&self) -> Advice {
        let certificates = self.notices.iter().filter(|notice| is_certificate(notice)).count();
        Advice { secrets: certificates < self.notices.len(), certificates: certificates > 0 }
    }

    fn sorted(&self) -> Vec<&Notice> {
        let mut sorted: Vec<&Notice> = self.notices.iter().collect();
        sorted
            .sort_by_key(|notice| (!has_ended(notice), notice.expires_at, &notice.client_id, &notice.ending));
        sorted
    }

    fn rows(&self) -> Vec<Row<'_>> {
        self.sorted().into_iter().map(|notice| self.row(notice)).collect()
    }

    fn row<'b>(&self, notice: &'b Notice) -> Row<'b> {
        let ended = has_ended(notice);
        let days = if ended { format::days_ago } else { format::in_days };
        let link = self.link.replace("{account_id}", self.account_id.as_str());
        Row {
            ended,
            name: name(notice),
            client_id: notice.client_id.as_str(),
            certificate: is_certificate(notice),
            hint: hint(notice),
            days: days(notice.expires_at, self.now),
            instant: format::instant(notice.expires_at),
            used: notice.last_used_on.map_or_else(
                || "never used".to_owned(),
                |date| format!("last used on {}", format::day(date)),
            ),
            link: link.replace("{client_id}", notice.client_id.as_str()),
        }
    }
}

impl Row<'_> {
    fn what(&self) -> &'static str {
        if self.certificate { "Certificate" } else { "Secret" }
    }

    /// What its end means: why it is told although it is over.
    fn expired_notice(&self) -> &'static str {
        if self.certificate {
            "The client has nothing else to get tokens with."
        } else {
            "The program that uses it is failing now."
        }
    }

    fn short_name(&self) -> String {
        format::shorten(&self.name, ROW_NAME)
    }
}

fn has_ended(notice: &Notice) -> bool {
    matches!(notice.kind, NoticeKind::Expired)
}

/// What people call the client; its id if nothing of that can be shown.
fn name(notice: &Notice) -> String {
    let name = format::sanitize(notice.client_name.as_str());
    if name.trim().is_empty() { notice.client_id.to_string() } else { name }
}

fn is_certificate(notice: &Notice) -> bool {
    matches!(notice.ending, ExpiringCredential::Certificate { .. })
}

/// What people know it by: the end of a secret, the beginning of a certificate's thumbprint.
fn hint(notice: &Notice) -> String {
    match &notice.ending {
        ExpiringCredential::Secret { hint, .. } => format!("…{}", format::sanitize(hint)),
        ExpiringCredential::Certificate { thumbprint } => {
            format!("{}…", thumbprint.chars().take(THUMBPRINT).collect::<String>())
        }
    }
}
