//! The settings in force. None of them is a secret.

use crate::state::ConsoleState;
use shared::app::MailConfig;
use shared::domain::client::SecretStorage;
use shared::domain::client::secret_expiry::MaxLifetime;
use shared::texts::Texts;

/// A fact: its label, the setting that it comes from, and its value.
pub struct Fact {
    /// What it is.
    pub label: String,
    /// The environment variable.
    pub setting: &'static str,
    /// Its value.
    pub value: String,
}

/// The settings, with what they mean.
pub fn settings(state: &ConsoleState, texts: Texts) -> Vec<Fact> {
    let config = &state.app().config;
    let fact = |label: String, setting, value: String| Fact { label, setting, value };
    let sender = config.mail.as_ref().map(|mail: &MailConfig| mail.sender.to_string());
    let max_days = match config.secret_limits.max {
        MaxLifetime::Days(days) | MaxLifetime::OfAccount(days) => texts.count("days", u64::from(days)),
        MaxLifetime::TwoYears => texts.get("setting-24-months"),
    };
    let limits = config.account_limits;
    let duration = |seconds: i64| {
        let (unit, size) = if seconds % 3_600 == 0 { ("hours", 3_600) } else { ("minutes", 60) };
        texts.count(unit, u64::try_from(seconds / size).unwrap_or_default())
    };
    let days: Vec<String> = config.reminder_days.days().iter().map(ToString::to_string).collect();
    vec![
        fact(texts.get("setting-stage"), "STAGE", config.stage.clone()),
        fact(texts.get("setting-sender"), "MAIL_SENDER", sender.unwrap_or_else(|| "–".to_owned())),
        fact(texts.get("setting-reminders"), "REMINDER_DAYS", days.join(", ")),
        fact(
            texts.get("setting-provider"),
            "UPSTREAM_ISSUER",
            config.upstream.as_ref().map_or_else(|| "–".to_owned(), |upstream| upstream.issuer.to_string()),
        ),
        fact(
            texts.get("setting-token-default"),
            "ACCESS_TOKEN_LIFETIME_DEFAULT",
            duration(config.default_access_token_lifetime.into()),
        ),
        fact(
            texts.get("setting-token-max"),
            "ACCESS_TOKEN_LIFETIME_MAX",
            duration(config.max_access_token_lifetime.into()),
        ),
        fact(
            texts.get("setting-secret-default"),
            "SECRET_DEFAULT_DAYS",
            texts.count("days", u64::from(config.secret_limits.default_days)),
        ),
        fact(texts.get("setting-secret-max"), "SECRET_MAX_DAYS", max_days),
        fact(
            texts.get("secret-storage"),
            "SECRET_STORAGE",
            texts.get(match config.secret_storage {
                SecretStorage::DigestOnly => "secret-storage-digest",
                SecretStorage::SecretsManager => "secret-storage-manager",
            }),
        ),
        fact(texts.get("setting-clients"), "CLIENTS_PER_ACCOUNT", limits.clients.to_string()),
        fact(texts.get("setting-members"), "MEMBERS_PER_ACCOUNT", limits.members.to_string()),
        fact(texts.get("limit-mail"), "MAIL_RECIPIENTS_PER_DAY", limits.mail_recipients_per_day.to_string()),
        fact(texts.get("setting-language"), "LOCALE", config.locale.tag().to_owned()),
        fact(
            texts.get("setting-audit"),
            "AUDIT_RETENTION_DAYS",
            config.audit_retention.map_or_else(
                || texts.get("setting-for-ever"),
                |kept| texts.count("days", u64::try_from(kept.as_hours() / 24).unwrap_or_default()),
            ),
        ),
        fact(
            texts.get("setting-console-idle"),
            "CONSOLE_IDLE_MINUTES",
            duration(config.console_sessions.idle.as_secs()),
        ),
        fact(
            texts.get("setting-console-session"),
            "CONSOLE_SESSION_HOURS",
            texts.count(
                "hours",
                u64::try_from(config.console_sessions.absolute.as_hours()).unwrap_or_default(),
            ),
        ),
        fact(
            texts.get("setting-events"),
            "EVENT_BUS",
            config.event_bus.clone().unwrap_or_else(|| "–".to_owned()),
        ),
        fact(
            texts.get("setting-edge"),
            "ORIGIN_SECRET_SHA256",
            texts.get(if config.origin_secrets.is_some() { "yes" } else { "no" }),
        ),
    ]
}
