//! How pages and e-mails present themselves.

use crate::app::config::{Config, ConfigError, EnvReader, environment_variable};
use crate::domain::brand::Brand;
use crate::domain::brand::colour::BrandColour;
use crate::domain::primitives::display_text::Name;
use crate::domain::primitives::language::Language;
use crate::domain::primitives::link_url::LinkUrl;

impl Config {
    /// Reads only the language and the brand of pages and e-mails from the process's environment.
    pub fn brand_from_env() -> Result<(Language, Brand), ConfigError> {
        let read = EnvReader(&environment_variable);
        Ok((locale(&read)?, brand(&read)?))
    }
}

/// `LOCALE`.
pub(super) fn locale(read: &EnvReader<'_>) -> Result<Language, ConfigError> {
    let parse = |text: &str| text.parse().ok();
    Ok(optional(read, "LOCALE", "en or de", parse)?.unwrap_or_default())
}

/// `BRAND_NAME`, `BRAND_COLOR`, and the links.
pub(super) fn brand(read: &EnvReader<'_>) -> Result<Brand, ConfigError> {
    const NAME: &str = "a name of at most 100 characters, all of which can be seen";
    const LINK: &str = "an https URL of at most 500 characters, without a user";
    let link = |variable| optional(read, variable, LINK, |text| LinkUrl::parse(text).ok());
    Ok(Brand {
        name: optional(read, "BRAND_NAME", NAME, |text| Name::parse(text).ok())?,
        colour: optional(read, "BRAND_COLOR", BrandColour::EXPECTED, BrandColour::parse)?,
        support_url: link("SUPPORT_URL")?,
        docs_url: link("DOCS_URL")?,
        legal_url: link("LEGAL_URL")?,
    })
}

fn optional<T>(
    read: &EnvReader<'_>,
    variable: &'static str,
    expected: &'static str,
    parse: impl Fn(&str) -> Option<T>,
) -> Result<Option<T>, ConfigError> {
    let Some(text) = read.optional(variable) else { return Ok(None) };
    match parse(&text) {
        Some(value) => Ok(Some(value)),
        None => Err(ConfigError { variable, expected, got: text }),
    }
}
