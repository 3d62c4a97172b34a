//! The configuration of reminders, which only the scheduled job needs.

use crate::app::config::{ConfigError, EnvReader, issuer};
use crate::domain::primitives::email::EmailAddress;
use crate::domain::reminder::ReminderSchedule;
use url::Url;

/// The configuration of e-mail.
#[derive(Clone, Debug)]
pub struct MailConfig {
    /// `MAIL_SENDER`: an address that SES has verified.
    pub sender: EmailAddress,
    /// `OPERATOR_EMAIL`: the recipient of reminders that have no other one.
    pub operator: EmailAddress,
    /// `CONSOLE_LINK`: where the secrets of a client are replaced, with the placeholders `{account_id}` and `{client_id}`.
    pub link: String,
    /// Where its certificate is replaced: the same, unless it is the console's.
    pub certificate_link: String,
    /// `SES_CONFIGURATION_SET`.
    pub configuration_set: Option<String>,
}

impl MailConfig {
    /// The URL of a page of a client in the console.
    #[must_use]
    pub fn console_link(issuer: &str, page: &str) -> String {
        format!("{issuer}/console/accounts/{{account_id}}/clients/{{client_id}}/{page}")
    }
}

/// `REMINDER_DAYS`.
pub(super) fn days(read: &EnvReader<'_>) -> Result<ReminderSchedule, ConfigError> {
    let Some(text) = read.optional("REMINDER_DAYS") else { return Ok(ReminderSchedule::default()) };
    let expected = "up to 5 different numbers of days, each from 1 to 90, such as 14,7,1";
    ReminderSchedule::parse(&text).map_err(|_| ConfigError { variable: "REMINDER_DAYS", expected, got: text })
}

/// `MAIL_SENDER` and the variables that belong to it.
pub(super) fn mail(read: &EnvReader<'_>) -> Result<Option<MailConfig>, ConfigError> {
    const EXPECTED: &str = "an e-mail address";
    if read.optional("MAIL_SENDER").is_none() {
        return Ok(None);
    }
    let address = |variable| {
        let text = read.text(variable, EXPECTED)?;
        EmailAddress::parse(&text).map_err(|_| ConfigError { variable, expected: EXPECTED, got: text })
    };
    let (link, certificate_link) = if let Some(link) = read.optional("CONSOLE_LINK") {
        (link.clone(), link)
    } else {
        let issuer = issuer(read)?;
        (
            MailConfig::console_link(&issuer, "credentials/rotate"),
            MailConfig::console_link(&issuer, "credentials"),
        )
    };
    let example = link.replace("{account_id}", "a").replace("{client_id}", "c");
    if !Url::parse(&example).is_ok_and(|url| matches!(url.scheme(), "https" | "http")) {
        let expected = "a URL, which may hold {account_id} and {client_id}";
        return Err(ConfigError { variable: "CONSOLE_LINK", expected, got: link });
    }
    Ok(Some(MailConfig {
        sender: address("MAIL_SENDER")?,
        operator: address("OPERATOR_EMAIL")?,
        link,
        certificate_link,
        configuration_set: read.optional("SES_CONFIGURATION_SET"),
    }))
}
