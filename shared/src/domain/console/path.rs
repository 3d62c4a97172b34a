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

    /// The id of the account whose pages it is among, as it stands in the path.
    #[must_use]
    pub fn account(&self) -> Option<&str> {
        let path = self.0.split_once('?').map_or(self.0.as_str(), |(path, _)| path);
        path.strip_prefix("/console/accounts/")?.split('/').next()
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
}
