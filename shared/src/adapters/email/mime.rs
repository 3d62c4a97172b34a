//! An automatic e-mail as one MIME message (RFC 5322), with a text and an HTML part of the same content.

use crate::adapters::error::BackendError;
use crate::domain::primitives::email::EmailAddress;
use jiff::Timestamp;
use mail_builder::MessageBuilder;
use mail_builder::headers::raw::Raw;
use std::error::Error;

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
        message
            .text_body(text.map_err(|error| BackendError::new(operation, error))?)
            .html_body(html.map_err(|error| BackendError::new(operation, error))?)
            .write_to_vec()
            .map_err(|error| BackendError::new(operation, error))
    }

    fn full_message_id(&self) -> String {
        let safe = |c: &char| c.is_ascii_alphanumeric() || matches!(c, '.' | '_' | '-');
        let id: String = self.message_id.chars().filter(safe).collect();
        let domain = self.from.as_str().rsplit('@').next().unwrap_or_default();
        format!("{id}@{domain}")
    }
}
