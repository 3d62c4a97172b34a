//! The language of a request's pages.

use axum::extract::Request;
use http::header;
use http::request::Parts;
use shared::domain::primitives::language::Language;
use shared::texts::Texts;
use shared::wire::params::pairs;
use std::sync::{Arc, OnceLock};

/// Parameter of an authorization request (OpenID Connect Core 1.0 §3.1.2.1).
const UI_LOCALES: &str = "ui_locales";

/// The language of a request's pages, an extension of the request: by `ui_locales` of the authorization request, else by what
/// the browser accepts, else the deployment's.
#[derive(Clone, Debug)]
pub struct PageLanguage {
    ui_locales: Arc<OnceLock<String>>,
    accepted: Option<String>,
    default: Language,
}

impl PageLanguage {
    /// Reads a request. Its `ui_locales` counts for the pages of errors too.
    pub fn of(request: &Request, default: Language) -> Self {
        let mut query = pairs(request.uri().query().unwrap_or_default().as_bytes()).flatten();
        let language = Self {
            ui_locales: Arc::default(),
            accepted: request
                .headers()
                .get(header::ACCEPT_LANGUAGE)
                .and_then(|value| value.to_str().ok())
                .map(str::to_owned),
            default,
        };
        if let Some((_, ui_locales)) = query.find(|(name, _)| name == UI_LOCALES) {
            language.prefer(&ui_locales);
        }
        language
    }

    /// The language of the request with this head.
    pub fn of_head(head: &Parts) -> Option<&Self> {
        head.extensions.get()
    }

    /// The authorization request that the page belongs to had `ui_locales`.
    pub fn prefer(&self, ui_locales: &str) {
        self.ui_locales.get_or_init(|| ui_locales.to_owned());
    }

    /// The texts.
    pub fn texts(&self) -> Texts {
        let ui_locales = self.ui_locales.get().map(String::as_str);
        Texts::of(Language::negotiate(ui_locales, self.accepted.as_deref(), self.default))
    }
}
