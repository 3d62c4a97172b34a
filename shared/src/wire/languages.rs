//! Which language a person reads.

use crate::domain::primitives::language::Language;

/// Language ranges that are looked at; browsers send a few.
const MAX_RANGES: usize = 32;

impl Language {
    /// The language that a person prefers among those that exist: by `ui_locales` (OpenID Connect Core §3.1.2.1), else by
    /// `Accept-Language` (RFC 9110 §12.5.4), else the default. What cannot be read is passed over.
    #[must_use]
    pub fn negotiate(ui_locales: Option<&str>, accept_language: Option<&str>, default: Self) -> Self {
        let by_ui_locales = || ui_locales?.split_ascii_whitespace().take(MAX_RANGES).find_map(lookup);
        let by_header = || accepted(accept_language?).into_iter().find_map(lookup);
        by_ui_locales().or_else(by_header).unwrap_or(default)
    }
}

/// The language for a range (RFC 4647 §3.4): subtags are removed from the end until one is left.
fn lookup(range: &str) -> Option<Language> {
    let primary = range.split(['-', '_']).next()?;
    primary.to_ascii_lowercase().parse().ok()
}

/// The ranges of `Accept-Language` that have a weight above 0, the heaviest first; equal ones in their order.
fn accepted(header: &str) -> Vec<&str> {
    let mut ranges: Vec<(&str, u16)> = header.split(',').take(MAX_RANGES).filter_map(weighted).collect();
    ranges.sort_by_key(|(_, weight)| std::cmp::Reverse(*weight));
    ranges.into_iter().map(|(range, _)| range).collect()
}

/// A range and its weight in thousandths (RFC 9110 §12.4.2).
fn weighted(element: &str) -> Option<(&str, u16)> {
    let mut parts = element.split(';').map(str::trim);
    let range = parts.next()?;
    let weight = match parts.next() {
        None => 1000,
        Some(parameter) => thousandths(parameter.strip_prefix(['q', 'Q'])?.trim().strip_prefix('=')?.trim())?,
    };
    (weight > 0).then_some((range, weight))
}

/// A weight: `0`, `0.5`, `1.000`.
fn thousandths(weight: &str) -> Option<u16> {
    let (whole, decimals) = weight.split_once('.').unwrap_or((weight, ""));
    if decimals.len() > 3 || !decimals.bytes().all(|byte| byte.is_ascii_digit()) {
        return None;
    }
    let value = match whole {
        "0" => format!("{decimals:0<3}").parse().ok()?,
        "1" => 1000,
        _ => return None,
    };
    Some(value)
}

#[cfg(test)]
mod tests {
    use crate::domain::primitives::language::Language::{self, English, German};
    use proptest::prelude::*;

    #[test]
    fn the_request_counts_before_the_browser_and_the_browser_before_the_default() {
        let cases = [
            (Some("de"), Some("en"), English, German),
            (Some("fr de-AT en"), Some("en"), English, German),
            (Some("fr"), Some("de"), English, German),
            (Some(""), Some("it"), German, German),
            (None, Some("de-CH,de;q=0.9,en;q=0.8"), English, German),
            (None, Some("en;q=0.8, de;q=0.9"), English, German),
            (None, Some("fr, en-GB;q=0.1"), German, English),
            (None, Some("de;q=0, en;q=0.001"), German, English),
            (None, Some("*"), German, German),
            (None, Some("DE-at"), English, German),
            (None, Some("de;q=2,en"), German, English),
            (None, Some("deutsch,english"), German, German),
            (None, None, German, German),
        ];
        for (ui_locales, accept_language, default, expected) in cases {
            assert_eq!(
                Language::negotiate(ui_locales, accept_language, default),
                expected,
                "{ui_locales:?} {accept_language:?}"
            );
        }
    }

    proptest! {
        #[test]
        fn any_text_is_answered(ui_locales in ".{0,60}", header in ".{0,60}") {
            let _ = Language::negotiate(Some(&ui_locales), Some(&header), English);
        }
    }
}
