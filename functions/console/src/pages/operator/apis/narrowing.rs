//! The page before an API or one of its scopes is kept for the accounts that are entitled to it: who holds it now, and what that
//! does to the others.

use super::removal::{self, RemovalPage};
use super::{api_frame, path};
use crate::error::ConsoleError;
use crate::operator_request::OperatorRequest;
use crate::pages::clients::permissions::words::in_words;
use crate::respond;
use crate::state::ConsoleState;
use axum::response::Response;
use shared::domain::resource::{Resource, ScopeDefinition};

/// Field of the page's form, and its value: who sent it has seen the page.
const STEP: (&str, &str) = ("step", "narrow");

/// A change that narrows who may use an API.
pub struct Narrowing<'r> {
    /// The API, as it is now.
    pub resource: &'r Resource,
    /// The scope that is restricted; `None` for the whole API.
    pub scope: Option<&'r ScopeDefinition>,
    /// The fields of the form that changes it.
    pub fields: &'r [&'static str],
    /// The command that changes it.
    pub command: String,
}

/// Whether the form was sent by the page.
pub fn is_seen(request: &OperatorRequest) -> bool {
    request.form.get(STEP.0) == Some(STEP.1)
}

impl Narrowing<'_> {
    /// The page. Its form sends the change to the same path again.
    pub async fn respond(
        self,
        state: &ConsoleState,
        request: &OperatorRequest,
    ) -> Result<Response, ConsoleError> {
        let (texts, id) = (request.texts, self.resource.resource_id.as_str());
        let (_, holders) = removal::find(state, request, id, self.scope.map(|scope| &scope.name)).await?;
        let (title, tokens) = match self.scope {
            None => (texts.get("narrow-api-title"), texts.get("narrow-api-tokens")),
            Some(scope) => (
                texts.with("narrow-scope-title", [("scope", in_words(scope).0)]),
                texts.get("narrow-scope-tokens"),
            ),
        };
        let sent = self.fields.iter().chain(&["version"]);
        let sent = sent.flat_map(|field| request.form.all(field).map(|value| (*field, value.to_owned())));
        Ok(respond::page(&RemovalPage {
            frame: api_frame(state, request, self.resource, title),
            target: request.form_target(),
            hidden: sent.chain([(STEP.0, STEP.1.to_owned())]).collect(),
            holders,
            stays: true,
            consequences: vec![tokens, texts.get("narrow-entitle-first"), texts.get("scope-remove-issued")],
            typed: None,
            button: texts.get("narrow-button"),
            back: path(self.resource, ""),
            command: self.command,
        }))
    }
}
