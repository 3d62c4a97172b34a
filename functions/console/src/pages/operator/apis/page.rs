//! The page of an API: what it is, and its scopes.

use super::{api_frame, path, resources};
use crate::error::ConsoleError;
use crate::frame::{Frame, display_name};
use crate::operator_request::OperatorRequest;
use crate::pages::clients::permissions::words::in_words;
use crate::respond;
use crate::state::ConsoleState;
use askama::Template;
use axum::extract::{Path, State};
use axum::response::Response;
use form_urlencoded::Serializer;
use shared::domain::resource::{AccountAccess, Resource, ScopeDefinition};
use std::sync::Arc;

/// A scope.
struct ScopeRow {
    words: String,
    code: String,
    has_words: bool,
    restricted: bool,
    is_default: bool,
    implies: Vec<String>,
    edit: String,
    remove: String,
}

#[derive(Template)]
#[template(path = "operator/apis/page.html")]
struct ApiPage<'a> {
    frame: Frame<'a>,
    resource: &'a Resource,
    /// The audience of tokens for one account, if it depends on the account.
    example: Option<(String, String)>,
    is_for_all: bool,
    scopes: Vec<ScopeRow>,
    edit: String,
    add_scope: String,
    import: String,
    delete: String,
}

/// `GET /console/operator/apis/{resource_id}`
pub async fn show(
    State(state): State<Arc<ConsoleState>>,
    Path(resource_id): Path<String>,
    request: OperatorRequest,
) -> Result<Response, ConsoleError> {
    let resource = resources(&state, &request)?.get(&resource_id).await?;
    let mut frame = api_frame(&state, &request, &resource, display_name(&resource.resource_name));
    frame.breadcrumbs.pop();
    let page = ApiPage {
        frame,
        example: example(&request, &resource),
        is_for_all: resource.account_access == AccountAccess::All,
        scopes: resource.scopes.iter().map(|scope| row(&resource, scope)).collect(),
        edit: path(&resource, "/edit"),
        add_scope: path(&resource, "/scope"),
        import: path(&resource, "/import"),
        delete: path(&resource, "/delete"),
        resource: &resource,
    };
    Ok(respond::page(&page))
}

/// An account, and the audience of its tokens.
pub fn example(request: &OperatorRequest, resource: &Resource) -> Option<(String, String)> {
    let id = &request.account.account_id;
    let audience = &resource.audience;
    audience.has_placeholder().then(|| (id.to_string(), audience.for_account(id)))
}

fn row(resource: &Resource, scope: &ScopeDefinition) -> ScopeRow {
    let (words, code) = in_words(scope);
    let query = Serializer::new(String::new()).append_pair("name", scope.name.as_str()).finish();
    ScopeRow {
        words,
        has_words: code.is_some(),
        code: scope.name.to_string(),
        restricted: scope.restricted,
        is_default: resource.default_scopes.has(&scope.name),
        implies: scope.implies.iter().map(ToString::to_string).collect(),
        edit: format!("{}?{query}", path(resource, "/scope")),
        remove: format!("{}?{query}", path(resource, "/remove-scope")),
    }
}
