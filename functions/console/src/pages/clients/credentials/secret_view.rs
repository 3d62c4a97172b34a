//! A secret as pages show it: everything but its value.

use crate::pages::clients::badges;
use crate::pages::parts::time::Instant;
use jiff::Timestamp;
use shared::domain::client::secret::{Secret, SecretState};
use shared::domain::primitives::visible_text::without_hidden_characters;
use shared::texts::Texts;

/// A secret, in words.
pub struct SecretView {
    /// Its label; without one, its last four characters.
    pub name: String,
    /// `…x7Qd`.
    pub hint: String,
    /// What it is now.
    pub state: StateBadge,
    /// When it was created.
    pub created: Instant,
    /// When it ends, or ended.
    pub ends: Instant,
    /// Whether programs used it lately.
    pub is_in_use: bool,
    /// Day of its last use.
    pub last_used: String,
    /// Day on which it was presented after its end.
    pub tried: Option<String>,
    /// Whether reminders are sent.
    pub reminds: bool,
    /// When the next one is due.
    pub next_reminder: Option<Instant>,
}

/// The state of a secret, with an icon and a word.
pub struct StateBadge {
    /// Class of its colour; empty for the usual one.
    pub class: &'static str,
    /// Icon.
    pub icon: &'static str,
    /// Word.
    pub text: String,
}

impl SecretView {
    /// The secret as it is seen at `now`.
    pub fn new(texts: Texts, secret: &Secret, now: Timestamp) -> Self {
        let hint = format!("…{}", secret.hint);
        Self {
            name: match &secret.label {
                Some(label) => without_hidden_characters(label.as_str()),
                None => texts.with("secret-ending-in", [("hint", &hint)]),
            },
            state: StateBadge::new(texts, secret, now),
            created: Instant::new(texts, secret.created_at, now),
            ends: Instant::new(texts, secret.expires_at, now),
            is_in_use: secret.is_in_use(now),
            last_used: badges::used_on(texts, secret.last_used_on, now),
            tried: secret.tried_on.map(|day| badges::used_on(texts, Some(day), now)),
            reminds: secret.remind,
            next_reminder: None,
            hint,
        }
    }

    /// The same secret with when its next reminder is due.
    pub fn reminded(self, texts: Texts, next: Option<Timestamp>, now: Timestamp) -> Self {
        Self { next_reminder: next.map(|at| Instant::new(texts, at, now)), ..self }
    }
}

impl StateBadge {
    fn new(texts: Texts, secret: &Secret, now: Timestamp) -> Self {
        let (class, icon, id) = match secret.state(now) {
            SecretState::Expired => ("bad", "✕", "secret-state-ended"),
            SecretState::Paused => ("warn", "❚❚", "secret-state-paused"),
            SecretState::Active if secret.is_in_use(now) => ("good", "●", "secret-state-in-use"),
            SecretState::Active if secret.last_used_on.is_some() => ("", "○", "secret-state-idle"),
            SecretState::Active => ("", "○", "secret-state-unused"),
        };
        Self { class, icon, text: texts.get(id) }
    }
}
