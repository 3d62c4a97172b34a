//! The language of pages.

use http::{HeaderMap, header};
use shared::domain::primitives::language::Language;
use shared::texts::Texts;

/// The texts of a request's pages, in the language that its browser wants.
pub fn texts(headers: &HeaderMap) -> Texts {
    let accepted = headers.get(header::ACCEPT_LANGUAGE).and_then(|value| value.to_str().ok());
    Texts::of(Language::negotiate(None, accepted, Language::default()))
}
