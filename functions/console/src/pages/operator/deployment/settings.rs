//! The settings in force. None of them is a secret.

use shared::app::Config;
use shared::domain::brand::colour::BrandColour;
use shared::domain::client::secret_expiry::MaxLifetime;
use shared::domain::client::{SecretStorage, SecretStorageChoice};
use shared::domain::primitives::display_text::Name;
use shared::domain::primitives::link_url::LinkUrl;
use shared::domain::sign_in::standard_claims::UnverifiedEmailPolicy;
use shared::texts::Texts;
use std::fmt::Display;

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
pub fn settings(config: &Config, texts: Texts) -> Vec<Fact> {
    let mut facts = Facts { texts, all: Vec::new() };
    facts.deployment(config);
    facts.limits(config);
    facts.mail(config);
    facts.sign_in(config);
    facts.brand(config);
    facts.all
}

/// The facts so far.
struct Facts {
    texts: Texts,
    all: Vec<Fact>,
}

impl Facts {
    fn add(&mut self, label: String, setting: &'static str, value: impl Display) {
        self.all.push(Fact { label, setting, value: value.to_string() });
    }

    fn add_optional(&mut self, label: String, setting: &'static str, value: Option<impl Display>) {
        self.add(label, setting, value.map_or_else(|| "–".to_owned(), |value| value.to_string()));
    }

    fn duration(&self, seconds: i64) -> String {
        let (unit, size) = if seconds % 3_600 == 0 { ("hours", 3_600) } else { ("minutes", 60) };
        self.texts.count(unit, u64::try_from(seconds / size).unwrap_or_default())
    }

    fn days(&self, days: u16) -> String {
        self.texts.count("days", u64::from(days))
    }

    fn deployment(&mut self, config: &Config) {
        let texts = self.texts;
        self.add(texts.get("setting-stage"), "STAGE", &config.stage);
        self.add(texts.get("setting-region"), "AWS_REGION", &config.aws.region);
        self.add(texts.get("setting-log-level"), "LOG_LEVEL", &config.log_level);
        let kept = config.audit_retention.map_or_else(
            || texts.get("setting-for-ever"),
            |kept| texts.count("days", u64::try_from(kept.as_hours() / 24).unwrap_or_default()),
        );
        self.add(texts.get("setting-audit"), "AUDIT_RETENTION_DAYS", kept);
        self.add_optional(texts.get("setting-events"), "EVENT_BUS", config.event_bus.as_ref());
        let has_edge = texts.get(if config.origin_secrets.is_some() { "yes" } else { "no" });
        self.add(texts.get("setting-edge"), "ORIGIN_SECRET_SHA256", has_edge);
    }

    fn limits(&mut self, config: &Config) {
        let texts = self.texts;
        let (default, max) = (config.default_access_token_lifetime, config.max_access_token_lifetime);
        self.add(
            texts.get("setting-token-default"),
            "ACCESS_TOKEN_LIFETIME_DEFAULT",
            self.duration(default.into()),
        );
        self.add(texts.get("setting-token-max"), "ACCESS_TOKEN_LIFETIME_MAX", self.duration(max.into()));
        let limits = config.secret_limits;
        self.add(texts.get("setting-secret-default"), "SECRET_DEFAULT_DAYS", self.days(limits.default_days));
        self.add(texts.get("setting-secret-min"), "SECRET_MIN_DAYS", self.days(limits.min_days));
        let max = match limits.max {
            MaxLifetime::Days(days) | MaxLifetime::OfAccount(days) => self.days(days),
            MaxLifetime::TwoYears => texts.get("setting-24-months"),
        };
        self.add(texts.get("setting-secret-max"), "SECRET_MAX_DAYS", max);
        let storage = match config.secret_storage {
            SecretStorage::DigestOnly => "secret-storage-digest",
            SecretStorage::SecretsManager => "secret-storage-manager",
        };
        self.add(texts.get("secret-storage"), "SECRET_STORAGE", texts.get(storage));
        let choice = match config.secret_storage_choice {
            SecretStorageChoice::Fixed => "setting-choice-fixed",
            SecretStorageChoice::Operator => "setting-choice-operator",
            SecretStorageChoice::Account => "setting-choice-account",
        };
        self.add(texts.get("setting-choice"), "SECRET_STORAGE_CHOICE", texts.get(choice));
        let limits = config.account_limits;
        self.add(texts.get("setting-clients"), "CLIENTS_PER_ACCOUNT", limits.clients);
        self.add(texts.get("setting-members"), "MEMBERS_PER_ACCOUNT", limits.members);
        self.add(texts.get("limit-mail"), "MAIL_RECIPIENTS_PER_DAY", limits.mail_recipients_per_day);
    }

    fn mail(&mut self, config: &Config) {
        let (texts, mail) = (self.texts, config.mail.as_ref());
        self.add_optional(texts.get("setting-sender"), "MAIL_SENDER", mail.map(|mail| &mail.sender));
        self.add_optional(texts.get("setting-operator"), "OPERATOR_EMAIL", mail.map(|mail| &mail.operator));
        let days: Vec<String> = config.reminder_days.days().iter().map(ToString::to_string).collect();
        self.add(texts.get("setting-reminders"), "REMINDER_DAYS", days.join(", "));
        self.add_optional(texts.get("setting-console-link"), "CONSOLE_LINK", mail.map(|mail| &mail.link));
        let set = mail.and_then(|mail| mail.configuration_set.as_ref());
        self.add_optional(texts.get("setting-configuration-set"), "SES_CONFIGURATION_SET", set);
    }

    fn sign_in(&mut self, config: &Config) {
        let (texts, upstream) = (self.texts, config.upstream.as_ref());
        let idle = self.duration(config.console_sessions.idle.as_secs());
        self.add(texts.get("setting-console-idle"), "CONSOLE_IDLE_MINUTES", idle);
        let absolute = u64::try_from(config.console_sessions.absolute.as_hours()).unwrap_or_default();
        self.add(
            texts.get("setting-console-session"),
            "CONSOLE_SESSION_HOURS",
            texts.count("hours", absolute),
        );
        self.add_optional(
            texts.get("setting-provider"),
            "UPSTREAM_ISSUER",
            upstream.map(|upstream| &upstream.issuer),
        );
        self.add_optional(
            texts.get("setting-provider-client"),
            "UPSTREAM_CLIENT_ID",
            upstream.map(|upstream| &upstream.client_id),
        );
        let unverified = upstream.map(|upstream| {
            texts.get(match upstream.unverified_email {
                UnverifiedEmailPolicy::Refuse => "setting-unverified-refuse",
                UnverifiedEmailPolicy::Accept => "setting-unverified-accept",
            })
        });
        self.add_optional(texts.get("setting-unverified"), "UPSTREAM_EMAIL_UNVERIFIED", unverified);
        let audiences = upstream.map(|upstream| upstream.trusted_audiences.join(", "));
        let audiences = audiences.filter(|audiences| !audiences.is_empty());
        self.add_optional(texts.get("setting-audiences"), "UPSTREAM_TRUSTED_AUDIENCES", audiences);
    }

    fn brand(&mut self, config: &Config) {
        let (texts, brand) = (self.texts, &config.brand);
        self.add(texts.get("setting-language"), "LOCALE", config.locale.tag());
        let name = brand.name.as_ref().map(Name::as_str);
        self.add_optional(texts.get("setting-brand"), "BRAND_NAME", name);
        self.add_optional(texts.get("setting-colour"), "BRAND_COLOR", brand.colour.map(BrandColour::colour));
        let url = |link: &Option<LinkUrl>| link.as_ref().map(|link| link.as_str().to_owned());
        self.add_optional(texts.get("setting-support"), "SUPPORT_URL", url(&brand.support_url));
        self.add_optional(texts.get("setting-docs"), "DOCS_URL", url(&brand.docs_url));
        self.add_optional(texts.get("setting-legal"), "LEGAL_URL", url(&brand.legal_url));
    }
}
