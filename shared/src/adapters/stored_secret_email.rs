//! The mail that tells a client's owners that the stored value of a live secret is gone: subject, text and HTML, as one
//! MIME message.

use super::fault::Fault;
use super::letter::words;
use crate::domain::email::EmailAddress;
use crate::domain::ids::{AccountId, ClientId};
use crate::domain::text::Name;
use askama::Template;
use jiff::Timestamp;
use mail_builder::MessageBuilder;
use mail_builder::headers::raw::Raw;
use std::fmt;

/// The operation, in errors.
const OP: &str = "write a mail about a stored secret";

/// One message to one recipient about one client.
#[derive(Clone, Copy, Debug)]
pub struct StoredSecretEmail<'a> {
    /// The sender; its domain is the Message-ID's.
    pub from: &'a EmailAddress,
    /// The one recipient.
    pub to: &'a EmailAddress,
    /// The client's account.
    pub account_id: &'a AccountId,
    /// The client.
    pub client_id: &'a ClientId,
    /// The client's name.
    pub client_name: &'a Name,
    /// The last four characters of each secret whose value is gone.
    pub hints: &'a [String],
    /// Where to act, with `{account_id}` and `{client_id}` to be filled in.
    pub link: &'a str,
    /// When it is written.
    pub now: Timestamp,
    /// Random, unique to the message: for Message-ID. In hexadecimal.
    pub message_id: &'a str,
}

#[derive(Template)]
#[template(path = "stored_secret_missing.txt")]
struct Text<'a>(Words<'a>);

#[derive(Template)]
#[template(path = "stored_secret_missing.html")]
struct Html<'a>(Words<'a>);

#[derive(Clone, Copy)]
struct Words<'a> {
    subject: &'a str,
    account_id: &'a str,
    client: &'a str,
    client_id: &'a str,
    hints: &'a [String],
    link: &'a str,
}

impl StoredSecretEmail<'_> {
    /// One line that says what it is about.
    #[must_use]
    pub fn subject(&self) -> String {
        let name = words::quoted(&words::plain(self.client_name.as_str()));
        words::subject("Stored secret of \"", &name, "\" is gone")
    }

    /// The whole message (RFC 5322), with a text and an HTML part that say the same.
    pub fn mime(&self) -> Result<Vec<u8>, Fault> {
        let unwritten = |error: &dyn fmt::Display| Fault::new(OP, error);
        let (account_id, client_id) = (self.account_id.as_str(), self.client_id.as_str());
        let link = self.link.replace("{account_id}", account_id).replace("{client_id}", client_id);
        let hints: Vec<String> = self.hints.iter().map(|hint| format!("…{}", words::plain(hint))).collect();
        let words = Words {
            subject: &self.subject(),
            account_id,
            client: &words::plain(self.client_name.as_str()),
            client_id,
            hints: &hints,
            link: &link,
        };
        let domain = self.from.as_str().rsplit('@').next().unwrap_or_default();
        MessageBuilder::new()
            .from(self.from.as_str())
            .to(self.to.as_str())
            .subject(words.subject)
            .date(self.now.as_second())
            .message_id(format!("{}@{domain}", self.message_id))
            // RFC 3834 §5, and what Exchange heeds instead: no out-of-office note comes back.
            .header("Auto-Submitted", Raw::new("auto-generated"))
            .header("X-Auto-Response-Suppress", Raw::new("All"))
            .text_body(Text(words).render().map_err(|error| unwritten(&error))?)
            .html_body(Html(words).render().map_err(|error| unwritten(&error))?)
            .write_to_vec()
            .map_err(|error| unwritten(&error))
    }
}
