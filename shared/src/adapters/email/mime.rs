//! An automatic e-mail as one MIME message (RFC 5322), with a text and an HTML part of the same content.

use crate::adapters::error::BackendError;
use crate::domain::primitives::email::EmailAddress;
use jiff::Timestamp;
use mail_builder::MessageBuilder;
use mail_builder::headers::raw::Raw;
use mail_builder::mime::MimePart;
use std::error::Error;

/// Content-ID of the logo.
const LOGO_ID: &str = "logo";

/// The header fields of a message.
#[derive(Clone, Copy, Debug)]
pub struct Envelope<'a> {
    /// The sender; its domain is the Message-ID's.
    pub from: &'a EmailAddress,
    /// The one recipient.
    pub to: &'a EmailAddress,
    /// The subject, on one line.
    pub subject: &'a str,
    /// When the message is written.
    pub now: Timestamp,
    /// Unique to the message, for Message-ID. Only letters, digits, `.`, `_` and `-` are used.
    pub message_id: &'a str,
    /// The link by which the recipient stops such e-mails, if there is one.
    pub stop_link: Option<&'a str>,
    /// The logo, a PNG, that the HTML part shows as `cid:logo`.
    pub logo: Option<&'a [u8]>,
}

impl Envelope<'_> {
    /// The whole message. `operation` is the operation in the error.
    pub fn message<E: Error + Send + Sync + 'static>(
        &self,
        operation: &'static str,
        text: Result<String, E>,
        html: Result<String, E>,
    ) -> Result<Vec<u8>, BackendError> {
        let mut message = MessageBuilder::new()
            .from(self.from.as_str())
            .to(self.to.as_str())
            .subject(self.subject)
            .date(self.now.as_second())
            .message_id(self.full_message_id())
            // RFC 3834 §5, and Exchange's own header: they suppress out-of-office replies.
            .header("Auto-Submitted", Raw::new("auto-generated"))
            .header("X-Auto-Response-Suppress", Raw::new("All"));
        if let Some(link) = self.stop_link {
            // RFC 2369 §3.2 and RFC 8058: mail programs show a button that stops these e-mails by one request.
            message = message
                .header("List-Unsubscribe", Raw::new(format!("<{link}>")))
                .header("List-Unsubscribe-Post", Raw::new("List-Unsubscribe=One-Click"));
        }
        let text = with_crlf(&text.map_err(|error| BackendError::new(operation, error))?);
        let html = with_crlf(&html.map_err(|error| BackendError::new(operation, error))?);
        let message = match self.logo {
            None => message.text_body(text).html_body(html),
            Some(logo) => message.body(with_logo(text, html, logo)),
        };
        message.write_to_vec().map_err(|error| BackendError::new(operation, error))
    }

    fn full_message_id(&self) -> String {
        let safe = |c: &char| c.is_ascii_alphanumeric() || matches!(c, '.' | '_' | '-');
        let id: String = self.message_id.chars().filter(safe).collect();
        let domain = self.from.as_str().rsplit('@').next().unwrap_or_default();
        format!("{id}@{domain}")
    }
}

/// Two parts of which programs show the last that they can: the text, or the HTML with its logo (RFC 2387).
fn with_logo(text: String, html: String, logo: &[u8]) -> MimePart<'_> {
    let logo = MimePart::new("image/png", logo).inline().cid(LOGO_ID);
    let html = MimePart::new("multipart/related", vec![MimePart::new("text/html", html), logo]);
    MimePart::new("multipart/alternative", vec![MimePart::new("text/plain", text), html])
}

/// The text with CRLF at its line ends, whatever they were. A part that is encoded in base64 is its canonical form, so its line
/// breaks must be CRLF before it is encoded (RFC 2045 §6.8).
fn with_crlf(text: &str) -> String {
    text.replace("\r\n", "\n").replace('\n', "\r\n")
}

#[cfg(test)]
mod tests {
    use super::*;
    use base64::Engine;
    use base64::engine::general_purpose::STANDARD;
    use std::fmt;

    fn message(text: &str) -> String {
        let (from, to) = ("latchkey@example.com", "ann@example.com");
        let envelope = Envelope {
            from: &EmailAddress::parse(from).expect("legal"),
            to: &EmailAddress::parse(to).expect("legal"),
            subject: "Subject",
            now: Timestamp::UNIX_EPOCH,
            message_id: "id",
            stop_link: None,
            logo: None,
        };
        let text = || Ok::<_, fmt::Error>(text.to_owned());
        let message = envelope.message("a test", text(), text()).expect("a message");
        String::from_utf8(message).expect("ASCII")
    }

    #[test]
    fn encoded_text_has_crlf_line_breaks() {
        let text = "Clé de «Größenprüfung» für Мюнхен\nистекает завтра\r\n-- \nподпись\n";
        let message = message(text);
        let parts: Vec<_> = message.split("Content-Transfer-Encoding: base64\r\n\r\n").skip(1).collect();
        assert_eq!(parts.len(), 2, "{message}");
        for part in parts {
            let encoded: String =
                part.split("\r\n--").next().unwrap_or_default().split_whitespace().collect();
            let decoded = STANDARD.decode(encoded).expect("base64");
            let expected = text.replace("\r\n", "\n").replace('\n', "\r\n");
            assert_eq!(String::from_utf8(decoded).expect("UTF-8"), expected);
        }
    }

    #[test]
    fn ascii_text_keeps_its_lines() {
        let message = message("one\ntwo\r\nthree");
        assert_eq!(message.matches("one\r\ntwo\r\nthree").count(), 2, "{message}");
        assert!(!message.replace("\r\n", "").contains(['\r', '\n']));
    }
}
