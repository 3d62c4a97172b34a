//! Entity tags and conditional requests (RFC 9110 §8.8.3, §13).
//!
//! A tag is `"<version>-<hash>"`: the version of the item, and a hash of what is shown, which holds things that change without a
//! new version, such as the last use of a secret. `If-None-Match` of a read compares all of it, the conditions of a change
//! compare the version.

use axum::body::Body;
use axum::extract::Request;
use axum::middleware::Next;
use axum::response::Response;
use headers::{ETag, Header, HeaderMapExt, IfMatch, IfNoneMatch};
use http::{HeaderMap, HeaderName, HeaderValue, Method, StatusCode, header};
use shared::adapters::crypto::digest::sha256_hex;

/// The versions that the caller accepts to change.
#[derive(Clone, Debug)]
pub struct Preconditions {
    if_match: Condition<IfMatch>,
    if_none_match: Condition<IfNoneMatch>,
}

#[derive(Clone, Debug)]
enum Condition<T> {
    Absent,
    Present(T),
    /// The header cannot be read, so that no version fulfils it.
    Unreadable,
}

impl Preconditions {
    /// Reads `If-Match` and `If-None-Match`.
    pub fn from_headers(headers: &HeaderMap) -> Self {
        Self {
            if_match: Condition::read(headers, versions_only),
            if_none_match: Condition::read(headers, versions_only),
        }
    }

    /// Whether the caller accepts to change an item that exists and has this version.
    pub fn accepts(&self, version: u64) -> bool {
        let tag: Option<ETag> = format!("\"{version}\"").parse().ok();
        tag.is_some_and(|tag| {
            self.if_match.is_fulfilled(|condition| condition.precondition_passes(&tag))
                && self.if_none_match.is_fulfilled(|condition| condition.precondition_passes(&tag))
        })
    }
}

impl<T: Header> Condition<T> {
    fn read(headers: &HeaderMap, tags: impl Fn(&str) -> String) -> Self {
        let name: &HeaderName = T::name();
        let mut read = HeaderMap::new();
        for value in headers.get_all(name) {
            let Some(value) = value.to_str().ok().filter(|text| !has_space_in_tag(text)) else {
                return Self::Unreadable;
            };
            let Ok(value) = HeaderValue::from_str(&tags(value)) else { return Self::Unreadable };
            read.append(name.clone(), value);
        }
        match read.typed_try_get() {
            Ok(None) => Self::Absent,
            Ok(Some(condition)) => Self::Present(condition),
            Err(_) => Self::Unreadable,
        }
    }

    fn is_fulfilled(&self, passes: impl Fn(&T) -> bool) -> bool {
        match self {
            Self::Absent => true,
            Self::Present(condition) => passes(condition),
            Self::Unreadable => false,
        }
    }
}

/// `headers` asserts in debug builds that a tag has no space, so that such a header must not reach it.
fn has_space_in_tag(text: &str) -> bool {
    let mut tags = text.split('"').skip(1).step_by(2);
    tags.any(|tag| tag.bytes().any(|byte| byte.is_ascii_whitespace()))
}

/// A header with tags cut to their versions.
fn versions_only(text: &str) -> String {
    let parts = text.split('"').enumerate().map(|(index, part)| {
        let is_tag = index % 2 == 1;
        if is_tag { part.split('-').next().unwrap_or_default() } else { part }
    });
    parts.collect::<Vec<_>>().join("\"")
}

/// The entity tag of a version, and of what is shown of it.
pub fn etag(version: u64, shown: &[u8]) -> Option<ETag> {
    let hash = sha256_hex(&[shown]);
    format!("\"{version}-{}\"", hash.get(..16)?).parse().ok()
}

/// Middleware that answers 304 without a body where the caller of a read has what is shown (RFC 9110 §13.1.2).
pub async fn not_modified(request: Request, next: Next) -> Response {
    let is_read = matches!(*request.method(), Method::GET | Method::HEAD);
    let known = Condition::<IfNoneMatch>::read(request.headers(), str::to_owned);
    let response = next.run(request).await;
    let (Condition::Present(known), Some(current)) = (known, response.headers().typed_get::<ETag>()) else {
        return response;
    };
    if !is_read || response.status() != StatusCode::OK || known.precondition_passes(&current) {
        return response;
    }
    let (mut head, _) = response.into_parts();
    head.status = StatusCode::NOT_MODIFIED;
    head.headers.remove(header::CONTENT_TYPE);
    head.headers.remove(header::CONTENT_LENGTH);
    Response::from_parts(head, Body::empty())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(name: &HeaderName, values: &[&'static str]) -> Preconditions {
        let mut headers = HeaderMap::new();
        for value in values {
            headers.append(name, HeaderValue::from_static(value));
        }
        Preconditions::from_headers(&headers)
    }

    fn with(values: &[&'static str]) -> Preconditions {
        read(&header::IF_MATCH, values)
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
    fn the_version_of_a_tag_counts() {
        assert!(with(&["\"1-0a\", \"3-ff\""]).accepts(3));
        assert!(!with(&["\"1-0a\", \"3-ff\""]).accepts(2));
        let tag = etag(7, b"{}").expect("a tag");
        assert_ne!(Some(&tag), etag(7, b"[]").as_ref(), "something else is shown");
    }

    #[test]
    fn if_none_match_refuses_what_the_caller_has() {
        let none = |value| read(&header::IF_NONE_MATCH, &[value]);
        assert!(!none("*").accepts(1), "it exists");
        assert!(!none("\"1-0a\"").accepts(1) && !none("W/\"1\"").accepts(1));
        assert!(none("\"2-0a\"").accepts(1));
        assert!(!none("\"1 2\"").accepts(3), "it cannot be read");
    }

    #[test]
    fn a_weak_or_foreign_tag_accepts_nothing() {
        for value in ["W/\"1\"", "1", "\"x\"", "", "\"01\"", "\"+1\"", "\"1 2\"", "\"*\"", "\"1\tx\""] {
            assert!(!with(&[value]).accepts(1), "{value}");
        }
    }
}
