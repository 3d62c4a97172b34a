//! What both parts of a reminder show.

use crate::adapters::email::format;
use crate::adapters::email::frame::MailFrame;

/// The most characters of a name in a row of the HTML part, because mail programs clip messages over 102 KB.
const MAX_ROW_NAME: usize = 40;

/// A notice as the templates show it.
pub struct Row {
    pub is_expired: bool,
    pub name: String,
    pub client_id: String,
    pub is_certificate: bool,
    pub kind: String,
    pub hint: String,
    pub days: String,
    pub instant: String,
    pub used: String,
    /// What is to be said of a newer secret.
    pub newer: Option<String>,
    /// The consequence of the expiry, for a credential that has expired.
    pub expired_notice: String,
    pub link: String,
}

impl Row {
    pub fn short_name(&self) -> String {
        format::shorten(&self.name, MAX_ROW_NAME)
    }
}

/// What the message gives advice on.
#[derive(Clone, Copy)]
pub struct Advice {
    /// Secrets that have no successor.
    pub secrets: bool,
    /// Secrets that have one.
    pub older_secrets: bool,
    pub certificates: bool,
}

/// The content of a message.
pub struct Content<'a> {
    pub frame: MailFrame<'a>,
    pub subject: &'a str,
    pub account_id: &'a str,
    pub rows: &'a [Row],
    pub advice: Advice,
    pub stop_link: Option<&'a str>,
}

impl Content<'_> {
    /// The heading of the advice on secrets without a successor.
    pub fn secrets_heading(&self) -> String {
        self.heading(if self.advice.older_secrets {
            "reminder-each-secret-without"
        } else {
            "reminder-each-secret"
        })
    }

    /// The heading of the advice on secrets that have one.
    pub fn older_heading(&self) -> String {
        self.heading("reminder-each-older")
    }

    /// The heading of the advice on certificates.
    pub fn certificates_heading(&self) -> String {
        self.heading("reminder-each-certificate")
    }

    fn heading(&self, for_each: &str) -> String {
        self.frame.texts.get(if self.rows.len() > 1 { for_each } else { "mail-what-to-do" })
    }

    /// How to get to the page. A contact may be no member.
    pub fn open(&self) -> String {
        if self.stop_link.is_some() {
            self.frame.texts.with("reminder-open-contact", [("account", self.account_id)])
        } else {
            self.frame.texts.get("reminder-open-member")
        }
    }

    /// Why the reader gets the message.
    pub fn why(&self) -> String {
        let id = if self.stop_link.is_some() { "mail-why-contact" } else { "mail-why-member" };
        self.frame.texts.with(id, [("account", self.account_id), ("brand", self.frame.name())])
    }
}
