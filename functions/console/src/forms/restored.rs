//! A form that was kept, on the page that shows it again; and what keeps one: that its person has to confirm who they are.

use crate::account_request::{AccountRequest, FORM_NUMBER_FIELD};
use crate::error::ConsoleError;
use crate::forms::{DRAFT_FIELD, Form};
use crate::respond::with_query;
use shared::adapters::crypto::random::random_hex;
use shared::domain::console::path::ConsolePath;
use shared::services::console::NewDraft;

impl AccountRequest {
    /// The form as it was typed, on the page that shows it again after the person has proved who they are.
    pub fn restored(&self) -> Option<&Form> {
        self.is_restored.then_some(&self.form)
    }

    /// The URL at which the person confirms who they are, and gets to this page again, with what they have typed.
    pub fn confirm_url(&self) -> String {
        let mut own = form_urlencoded::Serializer::new(String::new());
        if let Some(id) = self.draft.as_ref().filter(|_| self.is_restored) {
            own.append_pair(DRAFT_FIELD, id.expose());
        }
        let own = with_query(&self.path, &own.finish());
        let to = form_urlencoded::Serializer::new(String::new()).append_pair("to", &own).finish();
        format!("/console/confirm?{to}")
    }

    /// What was typed in a field before the person proved who they are; empty on every other page.
    pub fn typed(&self, field: &str) -> String {
        self.restored().and_then(|form| form.get(field)).unwrap_or_default().to_owned()
    }

    /// The number of a form: a new one, unless it is shown as it was typed. It may have been sent once already.
    pub fn new_form_number(&self) -> String {
        let kept = self.restored().and_then(|form| form.get(FORM_NUMBER_FIELD));
        kept.map_or_else(random_hex, str::to_owned)
    }

    /// Fails unless the person has proved lately who they are. Afterwards they get to this page, with what they have typed.
    pub fn require_confirmed(&self) -> Result<(), ConsoleError> {
        self.require_confirmed_at(&self.path)
    }

    /// The same for a form whose path is no page: afterwards they get to the page at `path`.
    pub fn require_confirmed_at(&self, path: &str) -> Result<(), ConsoleError> {
        if self.is_confirmed() {
            return Ok(());
        }
        let to = ConsolePath::parse(path).unwrap_or_else(|_| ConsolePath::root());
        Err(if let Some(id) = self.draft.as_ref().filter(|_| self.is_restored) {
            ConsoleError::ConfirmationRequired(to.with_param(DRAFT_FIELD, id.expose()), None)
        } else {
            let draft = self.form.to_draft().filter(|_| to.path() == self.path);
            let draft = draft.map(|fields| NewDraft {
                person: self.live.cookie.person().to_owned(),
                account_id: self.account.account_id.clone(),
                path: self.path.clone(),
                fields,
            });
            ConsoleError::ConfirmationRequired(to, draft.map(Box::new))
        })
    }

    /// Whether the person has proved lately who they are.
    pub fn is_confirmed(&self) -> bool {
        self.live.session.is_confirmed(self.audit_context.now)
    }
}
