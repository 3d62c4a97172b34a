//! Rows of the table of what ends.

use crate::account_request::AccountRequest;
use crate::frame::display_name;
use crate::pages::clients::badges;
use crate::pages::clients::reminders::in_words;
use crate::pages::parts::time::Instant;
use shared::domain::management::ManagementScope;
use shared::domain::primitives::display_text::Label;
use shared::domain::primitives::visible_text::without_hidden_characters;
use shared::domain::reminder::{ExpiringCredential, NoticeKind, SentReminder};
use shared::services::clients::{Expiry, ExpiryState, NextReminder};
use shared::texts::Texts;

/// The number of characters of a thumbprint that are shown, as in the e-mails.
const THUMBPRINT_LENGTH: usize = 10;

/// A row.
pub struct ExpiryRow {
    /// Name of the client.
    pub client: String,
    /// URL of its page.
    pub href: String,
    /// The credential.
    pub what: String,
    /// What people call it, or the subject of the certificate; empty for none.
    pub label: String,
    /// When it ends.
    pub ends: Instant,
    /// What it is now.
    pub state: String,
    /// Class of the badge that says so.
    pub state_class: &'static str,
    /// The day of its last use.
    pub last_used: String,
    /// Reminders that were sent.
    pub sent: Vec<String>,
    /// The next one.
    pub next: Option<String>,
    /// URL of the page on which it is renewed.
    pub renew: Option<String>,
}

impl ExpiryRow {
    /// The row of a credential.
    pub fn new(request: &AccountRequest, row: &Expiry) -> Self {
        let (texts, now) = (request.texts, request.audit_context.now);
        let href = request.url(&format!("/clients/{}", row.client_id));
        let page = match row.credential {
            ExpiringCredential::Secret { .. } => "credentials/rotate",
            ExpiringCredential::Certificate { .. } => "credentials/keys",
        };
        let (state, state_class) = state(texts, row.state);
        Self {
            client: display_name(&row.client_name),
            renew: request.may(ManagementScope::ClientsManage).then(|| format!("{href}/{page}")),
            href,
            what: what(texts, row),
            label: row
                .label
                .as_ref()
                .map(Label::as_str)
                .or(row.subject.as_deref())
                .map(without_hidden_characters)
                .unwrap_or_default(),
            ends: Instant::new(texts, row.expires_at, now),
            state,
            state_class,
            last_used: badges::used_on(texts, row.last_used_on, now),
            sent: row.reminders.iter().map(|reminder| sent(request, reminder)).collect(),
            next: row.next_reminder.as_ref().map(|reminder| next(request, reminder)),
        }
    }
}

/// A state in words, and the class of its badge.
fn state(texts: Texts, state: ExpiryState) -> (String, &'static str) {
    let (id, class) = match state {
        ExpiryState::InUse => ("expiry-in-use", "on"),
        ExpiryState::NotUsed => ("expiry-not-used", "badge"),
        ExpiryState::Paused => ("expiry-paused", "off"),
        ExpiryState::Expired => ("expiry-expired", "off"),
        ExpiryState::ExpiredInUse => ("expiry-expired-in-use", "alert"),
    };
    (texts.get(id), class)
}

fn sent(request: &AccountRequest, reminder: &SentReminder) -> String {
    let (texts, now) = (request.texts, request.audit_context.now);
    let at = Instant::new(texts, reminder.sent_at, now).utc;
    let people = texts.count("expiry-people", reminder.recipients as u64);
    match reminder.kind {
        NoticeKind::Expiring(days) => {
            let days = texts.count("expiry-days-before", u64::from(days));
            texts.with("expiry-sent", [("at", at.as_str()), ("days", &days), ("people", &people)])
        }
        NoticeKind::Expired => texts.with("expiry-sent-after", [("at", at.as_str()), ("people", &people)]),
    }
}

fn next(request: &AccountRequest, reminder: &NextReminder) -> String {
    let (texts, now) = (request.texts, request.audit_context.now);
    let people = in_words(texts, &reminder.recipients).unwrap_or_else(|| texts.get("expiry-no-one"));
    if reminder.at <= now {
        return texts.with("expiry-next-now", [("people", &people)]);
    }
    let at = Instant::new(texts, reminder.at, now).utc;
    texts.with("expiry-next", [("at", &at), ("people", &people)])
}

/// A credential in words.
pub fn what(texts: Texts, row: &Expiry) -> String {
    match &row.credential {
        ExpiringCredential::Secret { hint, .. } => texts.with("expiry-secret", [("hint", hint)]),
        ExpiringCredential::Certificate { thumbprint } => {
            let hint: String = thumbprint.chars().take(THUMBPRINT_LENGTH).collect();
            texts.with("expiry-certificate", [("hint", &hint)])
        }
    }
}
