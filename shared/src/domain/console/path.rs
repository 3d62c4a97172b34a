//! A place in the console.

use crate::domain::primitives::validation::{FieldError, FromJson, from_string};
use serde::{Deserialize, Serialize};
use serde_json::Value;
use std::fmt;

/// Path of the console's first page, and the beginning of all its paths.
pub const ROOT: &str = "/console";

/// The longest path, with its query, in bytes.
const MAX_LENGTH: usize = 1_024;

/// Path and query of a page of the console, on this host: a person is redirected to it after a sign-in, so it can never be
/// another site's.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct ConsolePath(String);

/// Error of a text that is no path of the console.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("must be a path below /console, of at most 1,024 visible ASCII characters")]
pub struct InvalidConsolePath;

impl ConsolePath {
    /// The console's first page.
    #[must_use]
    pub fn root() -> Self {
        Self(ROOT.to_owned())
    }

    /// Parses a path, perhaps with a query. Segments that a browser or a proxy would resolve (`..`), empty segments,
    /// backslashes and fragments are refused.
    pub fn parse(text: &str) -> Result<Self, InvalidConsolePath> {
        let is_legal =
            |byte: u8| byte.is_ascii_graphic() && !matches!(byte, b'\\' | b'#' | b'"' | b'<' | b'>');
        let (path, _) = text.split_once('?').unwrap_or((text, ""));
        let mut segments = path.split('/');
        let starts_well = segments.next() == Some("") && segments.next() == Some("console");
        let is_plain = |segment: &str| {
            !segment.is_empty()
                && segment != "."
                && segment != ".."
                && !segment.to_ascii_lowercase().contains("%2")
        };
        if text.len() <= MAX_LENGTH && text.bytes().all(is_legal) && starts_well && segments.all(is_plain) {
            Ok(Self(text.to_owned()))
        } else {
            Err(InvalidConsolePath)
        }
    }

    /// The path with its query.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// The path without its query.
    #[must_use]
    pub fn path(&self) -> &str {
        self.0.split_once('?').map_or(self.0.as_str(), |(path, _)| path)
    }

    /// The page above it.
    #[must_use]
    pub fn parent(&self) -> Self {
        /// Segments that only tell things of one kind from others: there is no page at their end.
        const NO_PAGES: [&str; 3] = ["platforms", "secrets", "accounts"];
        let above = |path: &str| path.rsplit_once('/').map(|(above, _)| above.to_owned());
        let mut path = above(self.path()).unwrap_or_default();
        let is_operators = path.starts_with("/console/operator");
        while NO_PAGES.iter().any(|segment| path.ends_with(&format!("/{segment}")) && !is_operators) {
            path = above(&path).unwrap_or_default();
        }
        Self::parse(&path).unwrap_or_else(|_| Self::root())
    }

    /// The same path with one more parameter, in place of those of its name; as it is if that makes it too long.
    #[must_use]
    pub fn with_param(self, name: &str, value: &str) -> Self {
        let query = self.0.split_once('?').map_or("", |(_, query)| query);
        let others = query.split('&').filter(|pair| !pair.is_empty() && pair.split('=').next() != Some(name));
        let own = format!("{name}={value}");
        let query: Vec<&str> = others.chain([own.as_str()]).collect();
        Self::parse(&format!("{}?{}", self.path(), query.join("&"))).unwrap_or(self)
    }

    /// The id of the account whose pages it is among, as it stands in the path.
    #[must_use]
    pub fn account(&self) -> Option<&str> {
        self.path().strip_prefix("/console/accounts/")?.split('/').next()
    }
}

impl fmt::Display for ConsolePath {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl TryFrom<String> for ConsolePath {
    type Error = InvalidConsolePath;

    fn try_from(text: String) -> Result<Self, InvalidConsolePath> {
        Self::parse(&text)
    }
}

impl From<ConsolePath> for String {
    fn from(path: ConsolePath) -> Self {
        path.0
    }
}

impl FromJson for ConsolePath {
    fn from_json(value: &Value) -> Result<Self, Vec<FieldError>> {
        from_string(value, Self::parse)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_paths_of_the_console_are_taken() {
        for legal in [
            "/console",
            "/console/accounts/T1/clients",
            "/console/accounts/T1/clients?status=all&q=%20x",
            "/console/accounts/T1/clients/lk_1/credentials/rotate",
        ] {
            assert_eq!(ConsolePath::parse(legal).expect(legal).as_str(), legal);
        }
        for other in [
            "",
            "console",
            "/",
            "/consoles",
            "/console/",
            "//evil.example/console",
            "/console//evil.example",
            "/console/../oauth/authorize",
            "/console/./x",
            "/console/%2e%2e/x",
            "/console/%2F%2Fevil.example",
            "/\\evil.example/console",
            "/console\\..\\x",
            "/console#x",
            "/console/ä",
            "/console/a b",
            "/console\n",
            "https://evil.example/console",
            "javascript:alert(1)",
        ] {
            assert_eq!(ConsolePath::parse(other), Err(InvalidConsolePath), "{other:?}");
        }
        assert!(ConsolePath::parse(&format!("/console?{}", "x".repeat(1_100))).is_err());
    }

    #[test]
    fn a_path_names_its_account() {
        let account = |text| ConsolePath::parse(text).expect("legal").account().map(str::to_owned);
        assert_eq!(account("/console/accounts/T1/clients?x=/y").as_deref(), Some("T1"));
        assert_eq!(account("/console/accounts/T1").as_deref(), Some("T1"));
        assert_eq!(account("/console/me"), None);
        assert_eq!(account("/console?to=/console/accounts/T1"), None);
    }

    #[test]
    fn a_path_has_a_page_above_it() {
        for (path, above) in [
            ("/console", "/console"),
            ("/console/me", "/console"),
            ("/console/accounts/T1", "/console"),
            ("/console/accounts/T1/clients/new?template=secret", "/console/accounts/T1/clients"),
            ("/console/accounts/T1/clients/lk_1/delete", "/console/accounts/T1/clients/lk_1"),
            (
                "/console/accounts/T1/clients/lk_1/credentials/keys/platforms/github",
                "/console/accounts/T1/clients/lk_1/credentials/keys",
            ),
            ("/console/operator/accounts/new", "/console/operator/accounts"),
        ] {
            assert_eq!(ConsolePath::parse(path).expect("legal").parent().as_str(), above);
        }
    }

    #[test]
    fn a_parameter_takes_the_place_of_the_one_before() {
        let with = |path: &str| ConsolePath::parse(path).expect("legal").with_param("draft", "2");
        assert_eq!(with("/console/me").as_str(), "/console/me?draft=2");
        assert_eq!(with("/console/me?draft=1&a=b").as_str(), "/console/me?a=b&draft=2");
        let long = format!("/console?{}", "x".repeat(1_010));
        assert_eq!(with(&long).as_str(), long);
    }
}
