//! The e-mail about a live secret whose stored value is gone from Secrets Manager: subject, text and HTML, as one MIME
//! message.

use crate::adapters::email::format;
use crate::adapters::email::frame::MailFrame;
use crate::adapters::email::mime::Envelope;
use crate::adapters::error::BackendError;
use crate::domain::primitives::display_text::Name;
use crate::domain::primitives::email::EmailAddress;
use crate::domain::primitives::ids::{AccountId, ClientId};
use askama::Template;
use jiff::Timestamp;

/// The operation, in errors.
const OP: &str = "write a mail about a stored secret";

/// One message to one recipient about one client.
#[derive(Clone, Copy, Debug)]
pub struct StoredSecretEmail<'a> {
    /// The recipient's language, and the operator's brand.
    pub frame: MailFrame<'a>,
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
    /// The link to the client, with the placeholders `{account_id}` and `{client_id}`.
    pub link: &'a str,
    /// When the message is written.
    pub now: Timestamp,
    /// Random, unique to the message: for Message-ID. In hexadecimal.
    pub message_id: &'a str,
    /// For a contact, the link by which they stop the account's e-mails. Members of the account have none.
    pub stop_link: Option<&'a str>,
}

#[derive(Template)]
#[template(path = "stored_secret_missing.txt")]
struct Text<'a> {
    mail: &'a Content<'a>,
}

#[derive(Template)]
#[template(path = "stored_secret_missing.html")]
struct Html<'a> {
    mail: &'a Content<'a>,
}

struct Content<'a> {
    frame: MailFrame<'a>,
    subject: &'a str,
    account_id: &'a str,
    client: &'a str,
    client_id: &'a str,
    hints: &'a [String],
    link: &'a str,
    stop_link: Option<&'a str>,
}

impl Content<'_> {
    fn gone(&self) -> String {
        let is_one = self.hints.len() == 1;
        self.frame.texts.get(if is_one { "mail-missing-gone-one" } else { "mail-missing-gone-all" })
    }

    fn works(&self) -> String {
        let id = if self.hints.len() == 1 { "mail-missing-works-one" } else { "mail-missing-works-all" };
        self.frame.texts.with(id, [("brand", self.frame.name())])
    }

    fn why(&self) -> String {
        let is_contact = self.stop_link.is_some();
        let id = if is_contact { "mail-missing-why-contact" } else { "mail-missing-why-member" };
        self.frame.texts.with(id, [("account", self.account_id), ("brand", self.frame.name())])
    }
}

impl StoredSecretEmail<'_> {
    /// The subject.
    #[must_use]
    pub fn subject(&self) -> String {
        let write = |name: &str| self.frame.texts.with("mail-missing-subject", [("client", name)]);
        format::subject(&format::quote(&format::name(self.client_name.as_str())), write)
    }

    /// The whole message (RFC 5322), with a text and an HTML part of the same content.
    pub fn mime(&self) -> Result<Vec<u8>, BackendError> {
        let (account_id, client_id) = (self.account_id.as_str(), self.client_id.as_str());
        let link = self.link.replace("{account_id}", account_id).replace("{client_id}", client_id);
        let hints: Vec<String> =
            self.hints.iter().map(|hint| format!("…{}", format::sanitize(hint))).collect();
        let mail = &Content {
            frame: self.frame,
            subject: &self.subject(),
            account_id,
            client: &format::name(self.client_name.as_str()),
            client_id: &format::name(client_id),
            hints: &hints,
            link: &link,
            stop_link: self.stop_link,
        };
        let envelope = Envelope {
            from: self.from,
            to: self.to,
            subject: mail.subject,
            now: self.now,
            message_id: self.message_id,
            stop_link: self.stop_link,
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

    fn email(client: &str, hints: &[&str]) -> (String, String, String) {
        let address = |text| EmailAddress::parse(text).expect("legal");
        let hints: Vec<String> = hints.iter().map(|hint| (*hint).to_owned()).collect();
        let brand = Brand::default();
        let email = StoredSecretEmail {
            frame: MailFrame { texts: Texts::of(Language::English), brand: &brand, logo: None },
            from: &address("latchkey@latchkey.example"),
            to: &address("ann@acme.example"),
            account_id: &AccountId::parse("T12345678").expect("legal"),
            client_id: &ClientId::parse("lk_1").expect("legal"),
            client_name: &Name::parse(client).expect("legal"),
            hints: &hints,
            link: "https://console.example/{account_id}/{client_id}",
            now: Timestamp::UNIX_EPOCH,
            message_id: "0123abcd",
            stop_link: None,
        };
        let mime = email.mime().expect("written");
        let message = MessageParser::default().parse(mime.as_slice()).expect("a message");
        assert_eq!(message.header_raw("Auto-Submitted").map(str::trim), Some("auto-generated"));
        let body = |found: Option<std::borrow::Cow<'_, str>>| found.expect("there").into_owned();
        (message.subject().expect("there").to_owned(), body(message.body_text(0)), body(message.body_html(0)))
    }

    #[test]
    fn both_parts_name_client_secrets_and_link() {
        let (subject, text, html) = email("Order sync", &["x7Qd", "b2Lm"]);
        assert_eq!(subject, "Stored secret of \"Order sync\" is gone");
        for part in [&text, &html] {
            for word in [
                "Order sync",
                "lk_1",
                "…x7Qd",
                "…b2Lm",
                "https://console.example/T12345678/lk_1",
                "go on working",
            ] {
                assert!(part.contains(word), "{word} is missing: {part}");
            }
        }
    }

    #[test]
    fn the_client_name_is_escaped() {
        let (subject, text, html) = email("<b>Bank</b> =?utf-8?q?x?= \"co\"", &["x7Qd"]);
        assert!(html.contains("&#60;b&#62;Bank") && !html.contains("<b>Bank"), "{html}");
        assert!(text.contains("<b>Bank</b>") && subject.contains("<b>Bank</b> = ?"), "{subject}");
        let (subject, ..) = email(&"n".repeat(100), &["x7Qd"]);
        assert!(subject.chars().count() <= 77, "{subject}");
    }
}
