//! E-mail addresses of members and contacts.

use crate::domain::primitives::validation::{FieldError, FromJson, from_string};
use serde::{Deserialize, Serialize};
use serde_json::Value;
use std::borrow::Cow;
use std::fmt;

/// An e-mail address (RFC 5321 §4.1.2) in lower case, so that one mailbox is one member in whatever case it is typed.
/// At most 254 bytes, ASCII, without display name and quoted local part.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct EmailAddress(String);

/// Error of [`EmailAddress::parse`].
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("must be an e-mail address such as ann@acme.example")]
pub struct InvalidEmailAddress;

impl EmailAddress {
    /// Checks the syntax and folds the case. White space around the address means nothing; a domain in Unicode becomes its ASCII
    /// form (RFC 5891), which mail servers have.
    pub fn parse(text: &str) -> Result<Self, InvalidEmailAddress> {
        let text = &*with_ascii_domain(text.trim()).ok_or(InvalidEmailAddress)?;
        let options = email_address::Options::default()
            .without_display_text()
            .without_domain_literal()
            .with_required_tld();
        let plain = text.is_ascii() && !text.contains(['"', '#', '\\']) && text.len() <= 254;
        match email_address::EmailAddress::parse_with_options(text, options) {
            Ok(_) if plain => Ok(Self(text.to_ascii_lowercase())),
            _ => Err(InvalidEmailAddress),
        }
    }

    /// The address, in lower case.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

fn with_ascii_domain(text: &str) -> Option<Cow<'_, str>> {
    if text.is_ascii() {
        return Some(text.into());
    }
    let (local, domain) = text.rsplit_once('@')?;
    let domain = idna::domain_to_ascii_strict(domain).ok()?;
    Some(format!("{local}@{domain}").into())
}

/// The address of a new member, which can be a segment of a URL's path however the path is encoded.
///
/// API Gateway decodes a path before the function sees it, so that a `/`, `?`, `%` or `#` in an address would make it another
/// path. Addresses that were stored with one are still read.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PathSafeEmail(EmailAddress);

/// Error of [`PathSafeEmail::parse`].
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum InvalidMemberEmail {
    /// It is no address.
    #[error(transparent)]
    Address(#[from] InvalidEmailAddress),
    /// It holds a character that has a meaning in a URL.
    #[error("must not contain / ? % or #, because the address is part of the member's URL")]
    UrlDelimiter,
}

impl PathSafeEmail {
    /// Checks the syntax and folds the case.
    pub fn parse(text: &str) -> Result<Self, InvalidMemberEmail> {
        if text.contains(['/', '?', '%', '#']) {
            return Err(InvalidMemberEmail::UrlDelimiter);
        }
        Ok(Self(EmailAddress::parse(text)?))
    }
}

impl From<PathSafeEmail> for EmailAddress {
    fn from(email: PathSafeEmail) -> Self {
        email.0
    }
}

impl FromJson for PathSafeEmail {
    fn from_json(value: &Value) -> Result<Self, Vec<FieldError>> {
        from_string(value, Self::parse)
    }
}

impl fmt::Display for EmailAddress {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl FromJson for EmailAddress {
    fn from_json(value: &Value) -> Result<Self, Vec<FieldError>> {
        from_string(value, Self::parse)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn addresses_are_case_insensitive() {
        assert_eq!(EmailAddress::parse("Ann@ACME.example"), EmailAddress::parse("ann@acme.example"));
    }

    #[test]
    fn header_injection_and_second_recipients_are_rejected() {
        for text in [
            "",
            "ann",
            "ann@acme",
            "Ann <ann@acme.example>",
            "a@b.example,c@d.example",
            "a@b.example\r\nBcc: x@y.example",
            "\"a b\"@acme.example",
            "a@[127.0.0.1]",
            "a b@acme.example",
            "ä@acme.example",
        ] {
            assert_eq!(EmailAddress::parse(text), Err(InvalidEmailAddress), "{text:?}");
        }
    }

    #[test]
    fn blanks_around_and_domains_in_unicode_are_read() {
        for (text, expected) in [
            (" ann@acme.example\t", "ann@acme.example"),
            ("Ann@B\u{dc}CHER.example", "ann@xn--bcher-kva.example"),
            ("ann@\u{ff41}cme\u{3002}example", "ann@acme.example"),
        ] {
            assert_eq!(EmailAddress::parse(text).map(|address| address.0), Ok(expected.to_owned()), "{text}");
        }
        // The second one would be `a/c` in place of one character.
        for text in ["ann@\u{202e}acme.example", "ann@\u{2100}me.example", "ann@b\u{fc}cher_x.example"] {
            assert_eq!(EmailAddress::parse(text), Err(InvalidEmailAddress), "{text:?}");
        }
    }

    #[test]
    fn members_address_has_no_delimiter_of_a_path() {
        for text in ["a/b@acme.example", "a?b@acme.example", "a%41@acme.example", "a#b@acme.example"] {
            assert_eq!(PathSafeEmail::parse(text), Err(InvalidMemberEmail::UrlDelimiter), "{text}");
        }
        let address = PathSafeEmail::parse("Ann+B@acme.example").map(EmailAddress::from);
        assert_eq!(address, Ok(EmailAddress("ann+b@acme.example".to_owned())));
        assert_eq!(PathSafeEmail::parse("ann"), Err(InvalidEmailAddress.into()));
    }

    proptest! {
        #[test]
        fn an_accepted_address_is_one_line_with_one_at_sign(text in "\\PC{0,40}@\\PC{0,40}") {
            if let Ok(address) = EmailAddress::parse(&text) {
                prop_assert_eq!(address.as_str().matches('@').count(), 1);
                prop_assert!(!address.as_str().contains(char::is_whitespace));
            }
        }
    }
}
