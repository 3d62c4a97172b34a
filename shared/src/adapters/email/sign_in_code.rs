//! The e-mail with a one-time code: subject, text and HTML, as one MIME message.

use crate::adapters::email::format;
use crate::adapters::email::frame::MailFrame;
use crate::adapters::email::mime::Envelope;
use crate::adapters::error::BackendError;
use crate::domain::primitives::display_text::Name;
use crate::domain::primitives::email::EmailAddress;
use crate::domain::sign_in::CODE_LIFETIME;
use crate::domain::sign_in::one_time_code::OneTimeCode;
use askama::Template;
use jiff::Timestamp;
use std::net::IpAddr;
use zeroize::Zeroizing;

/// The operation, in errors.
const OP: &str = "write a mail with a one-time code";

/// One message to one end user who signs in.
#[derive(Clone, Copy, Debug)]
pub struct SignInCodeEmail<'a> {
    /// The recipient's language, and the operator's brand.
    pub frame: MailFrame<'a>,
    /// The sender; its domain is the Message-ID's.
    pub from: &'a EmailAddress,
    /// The recipient.
    pub to: &'a EmailAddress,
    /// The one-time code.
    pub code: &'a OneTimeCode,
    /// The client that the end user signs in to.
    pub client_name: &'a Name,
    /// The account of that client, if the end user may be no member of it.
    pub account_name: Option<&'a Name>,
    /// The host of the page into which the code is typed.
    pub host: &'a str,
    /// The address that the code was requested from.
    pub source: Option<IpAddr>,
    /// When the message is written.
    pub now: Timestamp,
    /// Random, unique to the message: for Message-ID. In hexadecimal.
    pub message_id: &'a str,
}

#[derive(Template)]
#[template(path = "sign_in_code.txt")]
struct Text<'a> {
    mail: &'a Content<'a>,
}

#[derive(Template)]
#[template(path = "sign_in_code.html")]
struct Html<'a> {
    mail: &'a Content<'a>,
}

struct Content<'a> {
    frame: MailFrame<'a>,
    subject: &'a str,
    code: &'a str,
    client: &'a str,
    account: Option<&'a str>,
    host: &'a str,
    source: &'a str,
    instant: &'a str,
    minutes: &'a str,
}

impl SignInCodeEmail<'_> {
    /// The subject. The code is not in it: subjects are shown on locked screens, and stored in the logs of mail servers
    /// and in SES's reports.
    #[must_use]
    pub fn subject(&self) -> String {
        let write = |name: &str| self.frame.texts.with("mail-code-subject", [("client", name)]);
        format::subject(&format::name(self.client_name.as_str()), write)
    }

    /// The whole message (RFC 5322), with a text and an HTML part of the same content. Zeroized when dropped.
    pub fn mime(&self) -> Result<Zeroizing<Vec<u8>>, BackendError> {
        let (texts, subject) = (self.frame.texts, self.subject());
        let client = format::name(self.client_name.as_str());
        let account = self.account_name.map(|name| format::name(name.as_str()));
        let source = self.source.map_or_else(|| texts.get("mail-code-unknown-source"), |ip| ip.to_string());
        let mail = &Content {
            frame: self.frame,
            subject: &subject,
            code: self.code.expose(),
            client: &client,
            account: account.as_deref(),
            host: self.host,
            source: &source,
            instant: &format::instant(texts, self.now),
            minutes: &CODE_LIFETIME.as_mins().to_string(),
        };
        let envelope = Envelope {
            from: self.from,
            to: self.to,
            subject: &subject,
            now: self.now,
            message_id: self.message_id,
            stop_link: None,
            logo: self.frame.logo,
        };
        envelope.message(OP, Text { mail }.render(), Html { mail }.render()).map(Zeroizing::new)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::brand::Brand;
    use crate::domain::primitives::language::Language;
    use crate::texts::Texts;
    use mail_parser::MessageParser;

    fn email(client: &str) -> (String, String, String) {
        email_of(client, None)
    }

    fn email_of(client: &str, account: Option<&str>) -> (String, String, String) {
        email_in(Language::English, client, account)
    }

    fn email_in(language: Language, client: &str, account: Option<&str>) -> (String, String, String) {
        let account = account.map(|name| Name::parse(name).expect("legal"));
        let address = |text| EmailAddress::parse(text).expect("legal");
        let code = OneTimeCode::parse("012345").expect("legal");
        let brand = Brand::default();
        let email = SignInCodeEmail {
            frame: MailFrame { texts: Texts::of(language), brand: &brand, logo: None },
            from: &address("latchkey@latchkey.example"),
            to: &address("ann@acme.example"),
            code: &code,
            client_name: &Name::parse(client).expect("legal"),
            account_name: account.as_ref(),
            host: "id.latchkey.example",
            source: Some([192, 0, 2, 1].into()),
            now: Timestamp::UNIX_EPOCH,
            message_id: "0123abcd",
        };
        let mime = email.mime().expect("written");
        let message = MessageParser::default().parse(mime.as_slice()).expect("a message");
        assert_eq!(message.header_raw("Auto-Submitted").map(str::trim), Some("auto-generated"));
        assert_eq!(message.message_id(), Some("0123abcd@latchkey.example"));
        let body = |found: Option<std::borrow::Cow<'_, str>>| found.expect("there").into_owned();
        (message.subject().expect("there").to_owned(), body(message.body_text(0)), body(message.body_html(0)))
    }

    #[test]
    fn both_parts_name_code_client_host_and_source() {
        let (subject, text, html) = email("Order sync");
        assert_eq!(subject, "Your sign-in code for Order sync");
        for part in [&text, &html] {
            for expected in [
                "012345",
                "Order sync",
                "id.latchkey.example",
                "192.0.2.1",
                "10 minutes",
                "will ever ask you",
            ] {
                assert!(part.contains(expected), "{expected} is missing: {part}");
            }
        }
    }

    #[test]
    fn both_parts_are_in_the_persons_language() {
        let (subject, text, html) = email_in(Language::German, "Order sync", Some("Acme"));
        assert_eq!(subject, "Ihr Anmeldecode für Order sync");
        for part in [&text, &html] {
            for expected in ["012345", "10 Minuten", "1. Januar 1970, 00:00:00 UTC", "192.0.2.1"] {
                assert!(part.contains(expected), "{expected} is missing: {part}");
            }
            assert!(!part.contains("code for") && !part.contains("asked for"), "{part}");
        }
        assert!(html.contains("<html lang=\"de\">"), "{html}");
    }

    #[test]
    fn both_parts_name_the_account_where_everyone_may_sign_in() {
        let (_, text, html) = email_of("Order sync", Some("Acme <Shop>"));
        assert!(text.contains("Order sync is an application of Acme <Shop>."), "{text}");
        assert!(html.contains("an application of <bdi>Acme &#60;Shop&#62;</bdi>."), "{html}");
        let (_, text, html) = email("Order sync");
        assert!(!text.contains("an application of") && !html.contains("an application of"), "{text}");
    }

    #[test]
    fn the_client_name_is_escaped() {
        let (subject, text, html) = email("<b>Bank</b> =?utf-8?q?x?= & co");
        assert!(!html.contains("<b>Bank") && html.contains("&#60;b&#62;Bank"), "{html}");
        assert!(text.contains("<b>Bank</b>") && subject.contains("<b>Bank</b> = ?"), "{subject}");
    }
}
