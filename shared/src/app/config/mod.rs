//! The configuration: environment variables, read once. A missing or invalid one is an error that names it.

mod aws;
mod brand;
mod console;
mod limits;
mod reminders;
mod secrets;
mod sign_in;

pub use aws::{AwsConfig, Endpoints};
pub use reminders::MailConfig;

use crate::adapters::lambda::OriginSecrets;
use crate::adapters::oidc::OidcConfig;
use crate::adapters::remote::Network;
use crate::adapters::secrets_manager::tags::ExtraTags;
use crate::adapters::store::Tables;
use crate::domain::account::limits::EffectiveLimits;
use crate::domain::brand::Brand;
use crate::domain::client::secret_expiry::SecretLimits;
use crate::domain::client::{SecretStorage, SecretStorageChoice};
use crate::domain::console::session::SessionLifetime;
use crate::domain::oauth::lifetime;
use crate::domain::primitives::ids::AccountId;
use crate::domain::primitives::language::Language;
use crate::domain::reminder::ReminderSchedule;
use jiff::SignedDuration;
use std::str::FromStr;
use std::sync::Arc;
use url::Url;

/// The configuration. The README's table describes each variable.
#[derive(Clone)]
pub struct Config {
    /// `STAGE`: part of the names of client secrets in Secrets Manager.
    pub stage: String,
    /// `ISSUER`: an https URL without a path, query or trailing slash (http only for loopback).
    pub issuer: String,
    /// `DIRECTORY_TABLE`, `GRANTS_TABLE`, `AUDIT_TABLE`.
    pub tables: Tables,
    /// `AUDIT_RETENTION_DAYS`: how long entries of the audit trail are kept; `None` (0) for ever.
    pub audit_retention: Option<SignedDuration>,
    /// `SIGNING_KEYS_SECRET`: name or ARN.
    pub signing_keys_secret: String,
    /// `VERIFICATION_KEYS_SECRET`: name or ARN.
    pub verification_keys_secret: String,
    /// `PEPPER_SECRET`: name or ARN.
    pub pepper_secret: String,
    /// `EXTRA_TAGS`: tags of the secrets that are made at runtime.
    pub extra_tags: ExtraTags,
    /// `EVENT_BUS`: name or ARN of the EventBridge bus for changes; `None` for no events.
    pub event_bus: Option<String>,
    /// `SECRETS_KMS_KEY`: ARN of the KMS key of new client secrets; `None` for Secrets Manager's own.
    pub secrets_kms_key: Option<String>,
    /// `SECRET_STORAGE`: the default of new clients.
    pub secret_storage: SecretStorage,
    /// `SECRET_STORAGE_CHOICE`: who may say otherwise for a client.
    pub secret_storage_choice: SecretStorageChoice,
    /// `CLIENTS_PER_ACCOUNT`, `MEMBERS_PER_ACCOUNT`, `MAIL_RECIPIENTS_PER_DAY`: limits of accounts that have none of their
    /// own.
    pub account_limits: EffectiveLimits,
    /// `SECRET_DEFAULT_DAYS` (0 for 90, or what the others allow), `SECRET_MIN_DAYS`, `SECRET_MAX_DAYS` (0
    /// for 24 months).
    pub secret_limits: SecretLimits,
    /// `ACCESS_TOKEN_LIFETIME_DEFAULT`, in seconds: of new clients that name none.
    pub default_access_token_lifetime: u32,
    /// `ACCESS_TOKEN_LIFETIME_MAX`, in seconds.
    pub max_access_token_lifetime: u32,
    /// `REMINDER_DAYS`: how many days before an expiry reminders are sent.
    pub reminder_days: ReminderSchedule,
    /// The configuration of e-mail; `None` if none is sent.
    pub mail: Option<MailConfig>,
    /// `CONSOLE_IDLE_MINUTES`, `CONSOLE_SESSION_HOURS`: how long sessions of the console last.
    pub console_sessions: SessionLifetime,
    /// The sign-in provider; `None` without one.
    pub upstream: Option<OidcConfig>,
    /// `LOCALE`: the language of pages and e-mails for readers who have chosen none.
    pub locale: Language,
    /// `BRAND_NAME`, `BRAND_COLOR`, `SUPPORT_URL`, `DOCS_URL`, `LEGAL_URL`.
    pub brand: Brand,
    /// `ORIGIN_SECRET_SHA256`: requests must come through the edge; `None` without an edge.
    pub origin_secrets: Option<Arc<OriginSecrets>>,
    /// `LOG_LEVEL`.
    pub log_level: String,
    /// The network for hosts other than AWS. Not set by a variable.
    pub internet: Network,
    /// `AWS_REGION`, the credentials, and the endpoints.
    pub aws: AwsConfig,
}

/// A variable is missing or invalid.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{variable}: expected {expected}, got {got}")]
pub struct ConfigError {
    /// The variable.
    pub variable: &'static str,
    /// What was expected.
    pub expected: &'static str,
    /// The value. For credentials, only whether there was one.
    pub got: String,
}

struct EnvReader<'a>(&'a dyn Fn(&str) -> Option<String>);

impl EnvReader<'_> {
    fn text(&self, variable: &'static str, expected: &'static str) -> Result<String, ConfigError> {
        self.optional(variable).ok_or_else(|| ConfigError { variable, expected, got: "nothing".into() })
    }

    fn optional(&self, variable: &str) -> Option<String> {
        (self.0)(variable).filter(|value| !value.is_empty())
    }

    fn number<T: FromStr + Copy>(
        &self,
        variable: &'static str,
        expected: &'static str,
        default: T,
        legal: impl Fn(T) -> bool,
    ) -> Result<T, ConfigError> {
        let Some(text) = self.optional(variable) else {
            return Ok(default);
        };
        text.parse().ok().filter(|number| legal(*number)).ok_or(ConfigError { variable, expected, got: text })
    }
}

impl Config {
    /// Reads the configuration through `variable`, which is `std::env::var` in Lambda.
    pub fn read(variable: &dyn Fn(&str) -> Option<String>) -> Result<Self, ConfigError> {
        let read = EnvReader(variable);
        Ok(Self {
            stage: stage(&read)?,
            issuer: issuer(&read)?,
            tables: Tables {
                directory: read.text("DIRECTORY_TABLE", "the name of a DynamoDB table")?,
                grants: read.text("GRANTS_TABLE", "the name of a DynamoDB table")?,
                audit: read.text("AUDIT_TABLE", "the name of a DynamoDB table")?,
            },
            audit_retention: audit_retention(&read)?,
            signing_keys_secret: read.text("SIGNING_KEYS_SECRET", "the name or ARN of a secret")?,
            verification_keys_secret: read.text("VERIFICATION_KEYS_SECRET", "the name or ARN of a secret")?,
            pepper_secret: read.text("PEPPER_SECRET", "the name or ARN of a secret")?,
            extra_tags: extra_tags(&read)?,
            event_bus: read.optional("EVENT_BUS"),
            secrets_kms_key: read.optional("SECRETS_KMS_KEY"),
            secret_storage: secrets::secret_storage(&read)?,
            secret_storage_choice: secrets::secret_storage_choice(&read)?,
            account_limits: limits::account_limits(&read)?,
            secret_limits: secrets::secret_limits(&read)?,
            default_access_token_lifetime: read.number(
                "ACCESS_TOKEN_LIFETIME_DEFAULT",
                "seconds, from 60 to 259200",
                lifetime::DEFAULT_ACCESS_SECONDS,
                |seconds| (lifetime::MIN_SECONDS..=lifetime::MAX_ACCESS_SECONDS).contains(&seconds),
            )?,
            max_access_token_lifetime: read.number(
                "ACCESS_TOKEN_LIFETIME_MAX",
                "seconds, from 60 to 259200",
                lifetime::DEFAULT_MAX_ACCESS_SECONDS,
                |seconds| (lifetime::MIN_SECONDS..=lifetime::MAX_ACCESS_SECONDS).contains(&seconds),
            )?,
            reminder_days: reminders::days(&read)?,
            mail: reminders::mail(&read)?,
            console_sessions: console::sessions(&read)?,
            upstream: sign_in::upstream(&read)?,
            locale: brand::locale(&read)?,
            brand: brand::brand(&read)?,
            origin_secrets: origin_secrets(&read)?,
            log_level: log_level(&read)?,
            internet: Network::System,
            aws: aws::aws(&read)?,
        })
    }

    /// Reads the configuration from the process's environment.
    pub fn from_env() -> Result<Self, ConfigError> {
        Self::read(&environment_variable)
    }

    /// Reads only the sign-in provider from the process's environment.
    pub fn upstream_from_env() -> Result<Option<OidcConfig>, ConfigError> {
        sign_in::upstream(&EnvReader(&environment_variable))
    }
}

#[expect(clippy::disallowed_methods, reason = "this is the one place where the environment is read")]
fn environment_variable(name: &str) -> Option<String> {
    std::env::var(name).ok()
}

fn stage(read: &EnvReader<'_>) -> Result<String, ConfigError> {
    const EXPECTED: &str = "letters, digits, . _ and -";
    let text = read.text("STAGE", EXPECTED)?;
    match AccountId::parse(&text) {
        Ok(_) => Ok(text),
        Err(_) => Err(ConfigError { variable: "STAGE", expected: EXPECTED, got: text }),
    }
}

fn issuer(read: &EnvReader<'_>) -> Result<String, ConfigError> {
    const EXPECTED: &str = "an https URL of at most 150 characters, without path, query or trailing slash";
    let text = read.text("ISSUER", EXPECTED)?;
    let good = Url::parse(&text).is_ok_and(|url| {
        let loopback = matches!(url.host_str(), Some("localhost" | "127.0.0.1" | "[::1]"));
        let scheme = url.scheme() == "https" || (url.scheme() == "http" && loopback);
        scheme && url.origin().ascii_serialization() == text && text.len() <= 150
    });
    if good { Ok(text) } else { Err(ConfigError { variable: "ISSUER", expected: EXPECTED, got: text }) }
}

fn audit_retention(read: &EnvReader<'_>) -> Result<Option<SignedDuration>, ConfigError> {
    const CENTURY: u16 = 36_500;
    const EXPECTED: &str = "days, from 1 to 36500, or 0 for ever";
    let days: u16 = read.number("AUDIT_RETENTION_DAYS", EXPECTED, 0, |days| days <= CENTURY)?;
    Ok((days > 0).then(|| SignedDuration::from_hours(24 * i64::from(days))))
}

fn extra_tags(read: &EnvReader<'_>) -> Result<ExtraTags, ConfigError> {
    let got = read.optional("EXTRA_TAGS").unwrap_or_default();
    let invalid = |_| ConfigError { variable: "EXTRA_TAGS", expected: ExtraTags::EXPECTED, got: got.clone() };
    ExtraTags::parse(&got).map_err(invalid)
}

fn origin_secrets(read: &EnvReader<'_>) -> Result<Option<Arc<OriginSecrets>>, ConfigError> {
    const VARIABLE: &str = "ORIGIN_SECRET_SHA256";
    const EXPECTED: &str = "one or two SHA-256 digests of 64 hexadecimal digits, separated by a comma";
    let Some(text) = read.optional(VARIABLE) else { return Ok(None) };
    match OriginSecrets::parse(&text) {
        Ok(secrets) => Ok(Some(Arc::new(secrets))),
        // It may be the secret itself, put there by mistake.
        Err(_) => {
            Err(ConfigError { variable: VARIABLE, expected: EXPECTED, got: "something else".to_owned() })
        }
    }
}

fn log_level(read: &EnvReader<'_>) -> Result<String, ConfigError> {
    let text = read.optional("LOG_LEVEL").unwrap_or_else(|| "info".to_owned()).to_lowercase();
    if matches!(text.as_str(), "error" | "warn" | "info" | "debug" | "trace") {
        Ok(text)
    } else {
        Err(ConfigError { variable: "LOG_LEVEL", expected: "error, warn, info, debug or trace", got: text })
    }
}

#[cfg(test)]
mod tests;
