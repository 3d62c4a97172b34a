//! Entity tags (RFC 9110 §8.8.3): the version of a thing, in quotes.

use crate::problem::Problem;
use http::{HeaderMap, HeaderValue, header};

/// What the caller believes it changes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum IfMatch {
    /// Whatever is there.
    Any,
    /// One of these versions; none of them, if the header could not be read.
    OneOf(Vec<u64>),
}

impl IfMatch {
    /// Reads `If-Match`. What is no tag of ours matches nothing; a weak one never does.
    pub fn from_headers(headers: &HeaderMap) -> Self {
        let mut values = headers.get_all(header::IF_MATCH).iter().peekable();
        if values.peek().is_none() {
            return Self::Any;
        }
        let tags: Vec<&str> = values
            .filter_map(|value| value.to_str().ok())
            .flat_map(|text| text.split(','))
            .map(str::trim)
            .collect();
        if tags == ["*"] {
            return Self::Any;
        }
        Self::OneOf(tags.into_iter().filter_map(version).collect())
    }

    /// Whether this version is acceptable.
    pub fn accepts(&self, version: u64) -> bool {
        match self {
            Self::Any => true,
            Self::OneOf(versions) => versions.contains(&version),
        }
    }

    /// Stops a change of something that is not what the caller saw.
    pub fn check(&self, version: u64) -> Result<(), Problem> {
        if self.accepts(version) { Ok(()) } else { Err(Problem::PreconditionFailed) }
    }
}

fn version(tag: &str) -> Option<u64> {
    let text = tag.strip_prefix('"')?.strip_suffix('"')?;
    // Tags are compared as they are written (RFC 9110 §8.8.3.2), and a number can be written in many ways.
    text.parse().ok().filter(|version: &u64| version.to_string() == text)
}

/// The entity tag of a version.
pub fn etag(version: u64) -> HeaderValue {
    HeaderValue::from_str(&format!("\"{version}\"")).unwrap_or(HeaderValue::from_static("\"\""))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn with(values: &[&'static str]) -> IfMatch {
        let mut headers = HeaderMap::new();
        for value in values {
            headers.append(header::IF_MATCH, HeaderValue::from_static(value));
        }
        IfMatch::from_headers(&headers)
    }

    #[test]
    fn no_header_and_a_star_accept_everything() {
        assert_eq!(with(&[]), IfMatch::Any);
        assert_eq!(with(&["*"]), IfMatch::Any);
    }

    #[test]
    fn a_list_accepts_its_members() {
        assert!(with(&["\"1\", \"2\"", "\"3\""]).accepts(3));
        assert!(!with(&["\"1\", \"2\""]).accepts(3));
    }

    #[test]
    fn a_weak_or_foreign_tag_accepts_nothing() {
        for value in ["W/\"1\"", "1", "\"x\"", "", "\"01\"", "\"+1\""] {
            assert!(!with(&[value]).accepts(1), "{value}");
        }
    }
}
