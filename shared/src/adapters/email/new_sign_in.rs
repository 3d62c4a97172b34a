//! The e-mail to a person who has signed in to the console from a browser that was not seen before: subject, text and HTML,
//! as one MIME message. It has no link that lets its reader in.

use crate::adapters::email::format;
use crate::adapters::email::frame::MailFrame;
use crate::adapters::email::mime::Envelope;
use crate::adapters::error::BackendError;
use crate::domain::primitives::display_text::Name;
use crate::domain::primitives::email::EmailAddress;
use askama::Template;
use jiff::Timestamp;
use jiff::tz::TimeZone;
use std::net::IpAddr;

/// The operation, in errors.
const OP: &str = "write a mail about a sign-in";

/// One message to one member.
#[derive(Clone, Copy)]
pub struct NewSignInEmail<'a> {
    /// The member's language, and the operator's brand.
    pub frame: MailFrame<'a>,
    /// The sender; its domain is the Message-ID's.
    pub from: &'a EmailAddress,
    /// The member who has signed in.
    pub to: &'a EmailAddress,
    /// The account that the member signed in to.
    pub account_name: &'a Name,
    /// The URL of the console's first page.
    pub console: &'a str,
    /// The address that the sign-in came from.
    pub source: Option<IpAddr>,
    /// When the member signed in, which is when the message is written.
    pub now: Timestamp,
    /// Random, unique to the message: for Message-ID. In hexadecimal.
    pub message_id: &'a str,
}

#[derive(Template)]
#[template(path = "new_sign_in.txt")]
struct Text<'a> {
    mail: TemplateData<'a>,
}

#[derive(Template)]
#[template(path = "new_sign_in.html")]
struct Html<'a> {
    mail: TemplateData<'a>,
}

#[derive(Clone, Copy)]
struct TemplateData<'a> {
    frame: MailFrame<'a>,
    subject: &'a str,
    email: &'a str,
    account: &'a str,
    instant: &'a str,
    source: &'a str,
    console: &'a str,
}

impl NewSignInEmail<'_> {
    /// The subject.
    #[must_use]
    pub fn subject(&self) -> String {
        self.frame.texts.get("new-sign-in")
    }

    /// The whole message (RFC 5322), with a text and an HTML part of the same content.
    pub fn mime(&self) -> Result<Vec<u8>, BackendError> {
        let unknown = || self.frame.texts.get("new-sign-in-unknown-address");
        let mail = TemplateData {
            frame: self.frame,
            subject: &self.subject(),
            email: self.to.as_str(),
            account: &format::name(self.account_name.as_str()),
            instant: &self.now.to_zoned(TimeZone::UTC).strftime("%Y-%m-%d %H:%M UTC").to_string(),
            source: &self.source.map_or_else(unknown, |address| address.to_string()),
            console: self.console,
        };
        let envelope = Envelope {
            from: self.from,
            to: self.to,
            subject: mail.subject,
            now: self.now,
            message_id: self.message_id,
            stop_link: None,
            logo: self.frame.logo,
        };
        envelope.message(OP, Text { mail }.render(), Html { mail }.render())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::brand::Brand;
    use crate::domain::primitives::language::Language;
    use crate::texts::Texts;
    use mail_parser::MessageParser;

    fn parts(language: Language, account: &str) -> (String, String, String) {
        let address = |text| EmailAddress::parse(text).expect("legal");
        let email = NewSignInEmail {
            frame: MailFrame { texts: Texts::of(language), brand: &Brand::default(), logo: None },
            from: &address("latchkey@latchkey.example"),
            to: &address("ann@acme.example"),
            account_name: &Name::parse(account).expect("legal"),
            console: "https://id.latchkey.example/console",
            source: Some([192, 0, 2, 1].into()),
            now: "2026-12-04T09:30:15Z".parse().expect("a timestamp"),
            message_id: "0123abcd",
        };
        let mime = email.mime().expect("written");
        let message = MessageParser::default().parse(mime.as_slice()).expect("a message");
        assert_eq!(message.header_raw("Auto-Submitted").map(str::trim), Some("auto-generated"));
        let body = |found: Option<std::borrow::Cow<'_, str>>| found.expect("there").replace("\r\n", "\n");
        (message.subject().expect("there").to_owned(), body(message.body_text(0)), body(message.body_html(0)))
    }

    #[test]
    fn the_text_says_who_when_from_where_and_what_to_do() {
        let (subject, text, _) = parts(Language::English, "Acme Ltd");
        assert_eq!(subject, "New sign-in to the console");
        assert_eq!(
            text.trim(),
            "New sign-in to the console\n\n\
             ann@acme.example has signed in to the console, account Acme Ltd, in a browser that was not used for it before.\n\n\
             Time: 2026-12-04 09:30 UTC\n\
             Address: 192.0.2.1\n\n\
             If this was you, there is nothing to do.\n\n\
             If this was not you:\n\n\
             1. Sign in yourself, and end all other sessions on the page about you:\n   \
             https://id.latchkey.example/console\n\
             2. Change the password of your mailbox: who reads your mail can sign in as you.\n\
             3. Tell an administrator of your account, who sees in the audit trail what was changed."
        );
    }

    #[test]
    fn both_parts_have_the_same_facts_in_every_language() {
        for language in [Language::English, Language::German] {
            let (_, text, html) = parts(language, "Acme Ltd");
            for part in [&text, &html] {
                for fact in [
                    "ann@acme.example",
                    "Acme Ltd",
                    "2026-12-04 09:30 UTC",
                    "192.0.2.1",
                    "https://id.latchkey.example/console",
                ] {
                    assert!(part.contains(fact), "{fact}: {part}");
                }
            }
            assert_eq!(html.matches("href=").count(), 1, "one plain link");
        }
    }

    #[test]
    fn names_are_escaped() {
        let (_, text, html) = parts(Language::English, "<b>Bank</b>");
        assert!(
            text.contains("<b>Bank</b>") && !html.contains("<b>Bank") && html.contains("&#60;b&#62;Bank")
        );
    }
}
