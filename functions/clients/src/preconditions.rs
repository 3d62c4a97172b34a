//! Entity tags (RFC 9110 §8.8.3): the version of an item, in quotes.

use headers::{ETag, HeaderMapExt};
use http::{HeaderMap, header};

/// The versions that the caller accepts to change (RFC 9110 §13.1.1).
#[derive(Clone, Debug)]
pub enum IfMatch {
    /// Every version: the header is missing.
    Any,
    /// Those that the header has.
    Header(headers::IfMatch),
    /// None: the header cannot be read.
    Unreadable,
}

impl IfMatch {
    /// Reads `If-Match`.
    pub fn from_headers(headers: &HeaderMap) -> Self {
        // `headers` asserts in debug builds that a tag has no space, so such a header must not reach it.
        let has_space = |value: &http::HeaderValue| {
            let mut parts = value.as_bytes().split(|byte| *byte == b'"').skip(1).step_by(2);
            parts.any(|tag| tag.iter().any(u8::is_ascii_whitespace))
        };
        if headers.get_all(header::IF_MATCH).iter().any(has_space) {
            return Self::Unreadable;
        }
        match headers.typed_try_get() {
            Ok(None) => Self::Any,
            Ok(Some(header)) => Self::Header(header),
            Err(_) => Self::Unreadable,
        }
    }

    /// Whether the caller accepts this version.
    pub fn accepts(&self, version: u64) -> bool {
        match self {
            Self::Any => true,
            Self::Header(header) => etag(version).is_some_and(|tag| header.precondition_passes(&tag)),
            Self::Unreadable => false,
        }
    }
}

/// The entity tag of a version.
pub fn etag(version: u64) -> Option<ETag> {
    format!("\"{version}\"").parse().ok()
}

#[cfg(test)]
mod tests {
    use super::*;
    use http::HeaderValue;

    fn with(values: &[&'static str]) -> IfMatch {
        let mut headers = HeaderMap::new();
        for value in values {
            headers.append(header::IF_MATCH, HeaderValue::from_static(value));
        }
        IfMatch::from_headers(&headers)
    }

    #[test]
    fn no_header_and_a_star_accept_everything() {
        assert!(with(&[]).accepts(1));
        assert!(with(&["*"]).accepts(1));
    }

    #[test]
    fn a_list_accepts_its_members() {
        assert!(with(&["\"1\", \"2\"", "\"3\""]).accepts(3));
        assert!(!with(&["\"1\", \"2\""]).accepts(3));
    }

    #[test]
    fn a_weak_or_foreign_tag_accepts_nothing() {
        for value in ["W/\"1\"", "1", "\"x\"", "", "\"01\"", "\"+1\"", "\"1 2\"", "\"*\"", "\"1\tx\""] {
            assert!(!with(&[value]).accepts(1), "{value}");
        }
    }
}
