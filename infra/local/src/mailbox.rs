//! The emails that the emulator's SES was sent.

use crate::error::MailboxError;
use askama::Template;
use jiff::Timestamp;
use serde::Serialize;
use serde_json::Value;

/// Allows only the page's own style and the emails' frames, which run no script.
pub const CONTENT_SECURITY_POLICY: &str = "default-src 'none'; style-src 'unsafe-inline'; img-src data:; frame-src 'self'; base-uri 'none'; form-action 'none'";

/// An email.
#[derive(Debug, Serialize)]
pub struct Message {
    /// All recipients.
    pub to: Vec<String>,
    /// The subject.
    pub subject: String,
    /// The plain-text part.
    pub text: String,
    /// The HTML part, if any.
    pub html: Option<String>,
    /// Time of sending.
    pub sent_at: Timestamp,
    /// The headers that the emulator keeps.
    pub headers: Vec<(String, String)>,
}

#[derive(Template)]
#[template(path = "mailbox.html")]
struct Page<'a> {
    messages: &'a [Message],
}

/// All emails, newest first.
pub async fn read(aws_endpoint: &str) -> Result<Vec<Message>, MailboxError> {
    let url = format!("{aws_endpoint}/_ministack/ses/messages");
    let response: Value = reqwest::get(url).await?.json().await?;
    let accounts = response.get("messages").and_then(Value::as_object);
    let stored =
        accounts.into_iter().flat_map(|accounts| accounts.values()).filter_map(Value::as_array).flatten();
    let mut messages: Vec<Message> = stored.map(message).collect();
    messages.sort_by_key(|message| std::cmp::Reverse(message.sent_at));
    Ok(messages)
}

fn message(stored: &Value) -> Message {
    let text = |name: &str| stored.get(name).and_then(Value::as_str).unwrap_or_default().to_owned();
    let list = |name: &str| {
        let items = stored.get(name).and_then(Value::as_array).into_iter().flatten();
        items.filter_map(Value::as_str).map(str::to_owned).collect::<Vec<_>>()
    };
    let seconds = stored.get("Timestamp").and_then(Value::as_f64).unwrap_or_default();
    #[expect(clippy::cast_possible_truncation, reason = "milliseconds since 1970 fit for 292 million years")]
    let sent_at = Timestamp::from_millisecond((seconds * 1000.0) as i64).unwrap_or_default();
    let (to, subject) = ([list("To"), list("CC"), list("BCC")].concat(), text("Subject"));
    let headers = vec![
        ("From".to_owned(), text("Source")),
        ("To".to_owned(), to.join(", ")),
        ("Subject".to_owned(), subject.clone()),
        ("Message-ID".to_owned(), text("MessageId")),
    ];
    let html = Some(text("BodyHtml")).filter(|html| !html.is_empty());
    Message { to, subject, text: text("BodyText"), html, sent_at, headers }
}

/// The emails as a page.
#[must_use]
pub fn page(messages: &[Message]) -> String {
    Page { messages }.render().unwrap_or_else(|error| error.to_string())
}
