//! Who gets reminders about a client's credentials, and when.

use crate::account_request::AccountRequest;
use crate::state::ConsoleState;
use shared::domain::primitives::email::EmailAddress;
use shared::services::members::recipients::MailRecipients;
use shared::texts::Texts;
use std::collections::BTreeSet;

/// The most addresses that are named.
const NAMED: usize = 5;

/// Who gets e-mails, in a sentence, also if there is no one.
pub fn recipients_text(texts: Texts, recipients: &BTreeSet<EmailAddress>) -> String {
    match in_words(texts, recipients) {
        Some(people) => format!("{}: {people}", texts.get("reminders-go-to")),
        None => texts.get("reminders-to-no-one"),
    }
}

/// When reminders about a secret are sent, and to which of the recipients.
pub fn reminders_text(
    state: &ConsoleState,
    request: &AccountRequest,
    contacts: &[EmailAddress],
    recipients: &MailRecipients,
) -> String {
    let schedule = state.app().config.reminder_days.days();
    let days = schedule.iter().map(ToString::to_string).collect::<Vec<_>>().join(", ");
    match in_words(request.texts, &recipients.of(contacts, request.audit_context.now)) {
        Some(people) => request.texts.with("secret-remind-to", [("days", &days), ("people", &people)]),
        None => request.texts.get("reminders-to-no-one"),
    }
}

/// Addresses in words, of many the first ones; `None` if there are none.
pub fn in_words(texts: Texts, recipients: &BTreeSet<EmailAddress>) -> Option<String> {
    let first: Vec<String> = recipients.iter().take(NAMED).map(ToString::to_string).collect();
    let first = first.join(", ");
    match recipients.len().saturating_sub(NAMED) {
        0 if first.is_empty() => None,
        0 => Some(first),
        more => Some(texts.with("and-more", [("first", &first), ("more", &more.to_string())])),
    }
}
