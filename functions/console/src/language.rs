//! The language of pages.

use crate::state::ConsoleState;
use http::{HeaderMap, Uri, header};
use shared::domain::primitives::language::Language;
use shared::texts::Texts;

/// Parameter of a page's query, as of an authorization request (OpenID Connect Core 1.0 §3.1.2.1).
const UI_LOCALES: &str = "ui_locales";

/// The texts of a request's pages, in the language that its URL names, else that its browser accepts, else the deployment's.
pub fn texts(state: &ConsoleState, headers: &HeaderMap, uri: &Uri) -> Texts {
    let query = uri.query().unwrap_or_default();
    let named = form_urlencoded::parse(query.as_bytes()).find(|(name, _)| name == UI_LOCALES);
    let named = named.as_ref().map(|(_, locales)| &**locales);
    let accepted = headers.get(header::ACCEPT_LANGUAGE).and_then(|value| value.to_str().ok());
    Texts::of(Language::negotiate(named, accepted, state.app().config.locale))
}
