//! The mail with a one-time code: its subject, its text, its HTML, as one MIME message.

use crate::adapters::email::format;
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

/// What is being done, for a fault.
const OP: &str = "write a mail with a one-time code";

/// One message to one person who signs in.
#[derive(Clone, Copy, Debug)]
pub struct SignInCodeEmail<'a> {
    /// The sender; its domain is the Message-ID's.
    pub from: &'a EmailAddress,
    /// The person.
    pub to: &'a EmailAddress,
    /// What they are to type in.
    pub code: &'a OneTimeCode,
    /// Which client they sign in to.
    pub client_name: &'a Name,
    /// On which host the page is that asks for the code.
    pub host: &'a str,
    /// Where the request came from.
    pub source: Option<IpAddr>,
    /// When it is written.
    pub now: Timestamp,
    /// Random, unique to the message: for Message-ID. In hexadecimal.
    pub message_id: &'a str,
}

#[derive(Template)]
#[template(path = "sign_in_code.txt")]
struct Text<'a>(TemplateData<'a>);

#[derive(Template)]
#[template(path = "sign_in_code.html")]
struct Html<'a>(TemplateData<'a>);

#[derive(Clone, Copy)]
struct TemplateData<'a> {
    code: &'a str,
    client: &'a str,
    host: &'a str,
    source: &'a str,
    instant: &'a str,
    minutes: i64,
}

impl SignInCodeEmail<'_> {
    /// One line that says what it is about. The code is not in it: subjects are shown on locked screens, and kept in
    /// the logs of mail servers and in what SES reports of each message.
    #[must_use]
    pub fn subject(&self) -> String {
        format::subject("Your sign-in code for ", &format::sanitize(self.client_name.as_str()), "")
    }

    /// The whole message (RFC 5322), with a text and an HTML part that say the same. Wiped when dropped.
    pub fn mime(&self) -> Result<Zeroizing<Vec<u8>>, BackendError> {
        let client = format::sanitize(self.client_name.as_str());
        let source = self.source.map_or_else(|| "an unknown address".to_owned(), |ip| ip.to_string());
        let words = TemplateData {
            code: self.code.expose(),
            client: &client,
            host: self.host,
            source: &source,
            instant: &format::instant(self.now),
            minutes: CODE_LIFETIME.as_mins(),
        };
        let envelope = Envelope {
            from: self.from,
            to: self.to,
            subject: &self.subject(),
            now: self.now,
            message_id: self.message_id,
        };
        envelope.message(OP, Text(words).render(), Html(words).render()).map(Zeroizing::new)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use mail_parser::MessageParser;

    fn letter(client: &str) -> (String, String, String) {
        let address = |text| EmailAddress::parse(text).expect("legal");
        let code = OneTimeCode::parse("012345").expect("legal");
        let letter = SignInCodeEmail {
            from: &address("latchkey@latchkey.example"),
            to: &address("ann@acme.example"),
            code: &code,
            client_name: &Name::parse(client).expect("legal"),
            host: "id.latchkey.example",
            source: Some([192, 0, 2, 1].into()),
            now: Timestamp::UNIX_EPOCH,
            message_id: "0123abcd",
        };
        let mime = letter.mime().expect("written");
        let message = MessageParser::default().parse(mime.as_slice()).expect("a message");
        assert_eq!(message.header_raw("Auto-Submitted").map(str::trim), Some("auto-generated"));
        assert_eq!(message.message_id(), Some("0123abcd@latchkey.example"));
        let body = |found: Option<std::borrow::Cow<'_, str>>| found.expect("there").into_owned();
        (message.subject().expect("there").to_owned(), body(message.body_text(0)), body(message.body_html(0)))
    }

    #[test]
    fn both_parts_say_the_code_the_client_the_place_and_the_origin() {
        let (subject, text, html) = letter("Order sync");
        assert_eq!(subject, "Your sign-in code for Order sync");
        for part in [&text, &html] {
            for said in ["012345", "Order sync", "id.latchkey.example", "192.0.2.1", "10 minutes", "Nobody"] {
                assert!(part.contains(said), "{said} is missing: {part}");
            }
        }
    }

    #[test]
    fn a_client_s_name_is_only_text() {
        let (subject, text, html) = letter("<b>Bank</b> =?utf-8?q?x?= & co");
        assert!(!html.contains("<b>Bank") && html.contains("&#60;b&#62;Bank"), "{html}");
        assert!(text.contains("<b>Bank</b>") && subject.contains("<b>Bank</b> = ?"), "{subject}");
    }
}
