//! Where a form of a page is sent.

use crate::forms::DRAFT_FIELD;
use askama::Template;
use shared::adapters::crypto::console_cookie::ConsoleCookie;
use shared::domain::console::draft::DraftId;
use shared::web::cross_site::CSRF_FIELD;

/// The path that a form is posted to. Written into the form, it is the hidden field that proves which session and page the form
/// is of.
#[derive(Template)]
#[template(
    source = r#"<input type="hidden" name="{{ CSRF_FIELD }}" value="{{ csrf_token }}">{% if let Some(id) = draft %}<input type="hidden" name="{{ DRAFT_FIELD }}" value="{{ id.expose() }}">{% endif %}"#,
    ext = "html"
)]
pub struct FormTarget {
    /// The path.
    pub action: String,
    csrf_token: String,
    /// What was kept of the form, which is removed once it has done its work.
    draft: Option<DraftId>,
}

impl FormTarget {
    /// A path that a session's form is posted to.
    pub fn new(cookie: &ConsoleCookie, action: &str) -> Self {
        Self { action: action.to_owned(), csrf_token: cookie.form_token(action), draft: None }
    }

    /// The same for a form that was kept.
    pub fn of_draft(self, draft: Option<DraftId>) -> Self {
        Self { draft, ..self }
    }
}
