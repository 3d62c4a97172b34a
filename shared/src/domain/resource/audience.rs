//! Audiences: `aud` of the tokens for a resource.

use crate::domain::primitives::ids::AccountId;
use crate::domain::primitives::validation::{FieldError, FromJson, from_string};
use serde::{Deserialize, Serialize};
use serde_json::Value;
use std::fmt;

/// `aud` of a resource's tokens; may contain `{account_id}`. Never changes.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Audience(String);

/// Error of [`Audience::parse`].
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error(
    "must be 1 to 200 printable ASCII characters without space and quote; the only placeholder is {{account_id}}"
)]
pub struct InvalidAudience;

const ACCOUNT_PLACEHOLDER: &str = "{account_id}";

impl Audience {
    /// Checks characters, length and placeholders.
    pub fn parse(text: &str) -> Result<Self, InvalidAudience> {
        let legal = |byte: u8| matches!(byte, 0x21 | 0x23..=0x5b | 0x5d..=0x7e);
        let rest = text.replace(ACCOUNT_PLACEHOLDER, "");
        let good = (1..=200).contains(&text.len()) && text.bytes().all(legal) && !rest.contains(['{', '}']);
        if good { Ok(Self(text.to_owned())) } else { Err(InvalidAudience) }
    }

    /// The audience of tokens for one account.
    #[must_use]
    pub fn for_account(&self, account: &AccountId) -> String {
        self.0.replace(ACCOUNT_PLACEHOLDER, account.as_str())
    }

    /// The same, as it is shown to the account.
    #[must_use]
    pub fn filled_in(&self, account: &AccountId) -> Self {
        Self(self.for_account(account))
    }

    /// Whether `text` names the audience of tokens for this account. An empty path and `/` are the same (RFC 3986 §6.2.3).
    #[must_use]
    pub fn is_for(&self, account: &AccountId, text: &str) -> bool {
        are_equal(&self.for_account(account), text)
    }

    /// Whether it depends on the account.
    #[must_use]
    pub fn has_placeholder(&self) -> bool {
        self.0.contains(ACCOUNT_PLACEHOLDER)
    }

    /// The audience in the form in which equal ones are equal (RFC 3986 §6.2.3): scheme and host in lower case, no default
    /// port, `/` for an empty path.
    #[must_use]
    pub fn normalized(&self) -> String {
        normalized(&self.0)
    }

    /// Whether tokens for some account and this audience have the same `aud` as tokens for some account, perhaps another
    /// one, and the other audience.
    ///
    /// Placeholders are taken as independent of each other even within one audience, so that some audiences overlap by
    /// this that would not in fact. Never the other way round.
    #[must_use]
    pub fn overlaps(&self, other: &Self) -> bool {
        patterns_intersect(&pattern(&self.normalized()), &pattern(&other.normalized()))
    }

    /// The audience as registered, with its placeholder.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for Audience {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl FromJson for Audience {
    fn from_json(value: &Value) -> Result<Self, Vec<FieldError>> {
        from_string(value, Self::parse)
    }
}

/// Whether two texts name the same audience: they are equal, or equal as URLs (RFC 3986 §6.2.3).
#[must_use]
pub fn are_equal(one: &str, other: &str) -> bool {
    one == other || normalized(one) == normalized(other)
}

/// Scheme-based normalisation (RFC 3986 §6.2.3) of a URL with an authority; other texts stay as they are.
fn normalized(text: &str) -> String {
    let Some((scheme, rest)) = text.split_once("://") else { return text.to_owned() };
    let scheme = scheme.to_ascii_lowercase();
    let end = rest.find(['/', '?', '#']).unwrap_or(rest.len());
    let (authority, path) = rest.split_at(end);
    let authority = authority.to_ascii_lowercase();
    let default_port = match scheme.as_str() {
        "https" => ":443",
        "http" => ":80",
        _ => ":",
    };
    let host = authority.strip_suffix(default_port).unwrap_or(&authority);
    let host = host.strip_suffix(':').unwrap_or(host);
    let slash = if path.starts_with('/') { "" } else { "/" };
    format!("{scheme}://{host}{slash}{path}")
}

/// A part of an audience.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Part {
    Byte(u8),
    /// `{account_id}`: one or more characters of ids.
    Account,
}

fn pattern(audience: &str) -> Vec<Part> {
    let mut parts = Vec::new();
    for (index, literal) in audience.split(ACCOUNT_PLACEHOLDER).enumerate() {
        if index > 0 {
            parts.push(Part::Account);
        }
        parts.extend(literal.bytes().map(Part::Byte));
    }
    parts
}

/// Whether some text matches both patterns.
fn patterns_intersect(left: &[Part], right: &[Part]) -> bool {
    /// Whether one character can stand for both.
    fn meet(left: Part, right: Part) -> bool {
        let in_ids = |byte: u8| byte.is_ascii_alphanumeric() || b"._-".contains(&byte);
        match (left, right) {
            (Part::Byte(a), Part::Byte(b)) => a == b,
            (Part::Byte(byte), Part::Account) | (Part::Account, Part::Byte(byte)) => in_ids(byte),
            (Part::Account, Part::Account) => true,
        }
    }
    // `reached[l][r]`: some text matches both `left[..l]` and `right[..r]`.
    let mut reached = vec![vec![false; right.len() + 1]; left.len() + 1];
    reached[0][0] = true;
    for (l, a) in left.iter().enumerate() {
        for (r, b) in right.iter().enumerate() {
            // The last character is the first of both parts, or goes on with an account on one side.
            reached[l + 1][r + 1] = meet(*a, *b)
                && (reached[l][r]
                    || (*b == Part::Account && reached[l][r + 1])
                    || (*a == Part::Account && reached[l + 1][r]));
        }
    }
    reached[left.len()][right.len()]
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn audience(text: &str) -> Audience {
        Audience::parse(text).expect("legal")
    }

    fn account(id: &str) -> AccountId {
        AccountId::parse(id).expect("legal")
    }

    proptest! {
        #[test]
        fn the_audience_of_an_account_has_no_braces(text in "[!-~{}]{0,40}(\\{account_id\\})?\\PC{0,9}") {
            if let Ok(audience) = Audience::parse(&text) {
                let filled = audience.for_account(&account("T1"));
                prop_assert_eq!(filled.find(['{', '}']), None);
                prop_assert!(audience.is_for(&account("T1"), &filled));
            }
        }

        #[test]
        fn audiences_with_a_common_value_overlap(
            left in "[ab./]{0,3}(\\{account_id\\})?[ab./]{0,3}(\\{account_id\\})?",
            right in "[ab./]{0,3}(\\{account_id\\})?[ab./]{0,3}",
        ) {
            let (Ok(left), Ok(right)) = (Audience::parse(&left), Audience::parse(&right)) else { return Ok(()) };
            prop_assert_eq!(left.overlaps(&right), right.overlaps(&left));
            prop_assert!(left.overlaps(&left));
            let ids = ["a", "b", "aa", "ab", "ba", "a.b", "b.", "aab"].map(account);
            for (one, other) in ids.iter().flat_map(|one| ids.iter().map(move |other| (one, other))) {
                if left.for_account(one) == right.for_account(other) {
                    prop_assert!(left.overlaps(&right), "{} {}", one, other);
                }
            }
        }
    }

    #[test]
    fn the_only_placeholder_of_an_audience_is_the_account_id() {
        let filled = audience("https://{account_id}.api.example.com").for_account(&account("T1"));
        assert_eq!(filled, "https://T1.api.example.com");
        for text in ["", "a b", "{account}", "{account_id", "a\"b", &"a".repeat(201)] {
            assert_eq!(Audience::parse(text), Err(InvalidAudience), "{text}");
        }
    }

    #[test]
    fn equal_urls_are_one_audience() {
        let normal = "https://api.example.com/";
        for text in ["https://api.example.com", "HTTPS://API.example.com:443/", "https://api.example.com:"] {
            assert_eq!(audience(text).normalized(), normal, "{text}");
            assert!(audience(normal).is_for(&account("T1"), text), "{text}");
        }
        for (one, other) in [
            ("https://api.example.com/a", "https://api.example.com/a/"),
            ("https://api.example.com/a", "https://api.example.com/A"),
            ("https://api.example.com:8443", "https://api.example.com"),
            ("http://api.example.com", "https://api.example.com"),
            ("orders", "Orders"),
        ] {
            assert_ne!(audience(one).normalized(), audience(other).normalized(), "{one}");
        }
        assert_eq!(audience("https://a.example?x").normalized(), "https://a.example/?x");
    }

    #[test]
    fn placeholders_overlap_what_they_can_become() {
        let issuer = "https://id.example.com/v1";
        for (one, other, expected) in [
            ("https://{account_id}/v1", issuer, true),
            ("https://{account_id}.example.com/v1", issuer, true),
            ("{account_id}", "orders", true),
            ("{account_id}", "https://api.example.com", false),
            ("https://id.example.com/{account_id}", issuer, true),
            ("https://api.example.com/{account_id}", issuer, false),
            ("https://api.example.com/{account_id}", "https://api.example.com", false),
            ("https://{account_id}.a.example", "https://{account_id}.x.a.example", true),
            ("https://{account_id}.a.example", "https://{account_id}.b.example", false),
            ("urn:{account_id}:orders", "urn:{account_id}:files", false),
        ] {
            assert_eq!(audience(one).overlaps(&audience(other)), expected, "{one} {other}");
        }
    }
}
