//! The catalogue: the APIs that tokens are for, and their scopes.

mod delete;
mod edit;
mod import;
mod import_review;
mod list;
mod narrowing;
mod new;
mod openapi;
mod page;
mod removal;
mod remove_scope;
mod scope;
mod yaml;

use super::frame;
use crate::error::ConsoleError;
use crate::forms::{FormLimit, MAX_BODY};
use crate::frame::navigation::OPERATOR_ROOT;
use crate::frame::{Frame, Link, display_name};
use crate::operator_request::OperatorRequest;
use crate::respond::{page_only, page_or_form_only};
use crate::routes::Routes;
use crate::state::ConsoleState;
use axum::Extension;
use axum::routing::get;
use serde_json::{Map, Value, json};
use shared::domain::primitives::optional_change::OptionalChange;
use shared::domain::primitives::validation::{Field, FromJson};
use shared::domain::resource::{Resource, ScopeDefinition};
use shared::services::resources::{ResourceChange, Resources};

/// The routes.
pub fn routes() -> Routes {
    Routes::default()
        .route("/console/operator/apis", get(list::show).fallback(page_only))
        .route("/console/operator/apis/new", get(new::show).post(new::submit).fallback(page_or_form_only))
        .route("/console/operator/apis/{resource_id}", get(page::show).fallback(page_only))
        .route(
            "/console/operator/apis/{resource_id}/edit",
            get(edit::show).post(edit::submit).fallback(page_or_form_only),
        )
        .route(
            "/console/operator/apis/{resource_id}/scope",
            get(scope::show).post(scope::submit).fallback(page_or_form_only),
        )
        .route(
            "/console/operator/apis/{resource_id}/remove-scope",
            get(remove_scope::show).post(remove_scope::submit).fallback(page_or_form_only),
        )
        .route(
            "/console/operator/apis/{resource_id}/import",
            get(import::show)
                .post(import::submit)
                .fallback(page_or_form_only)
                .layer(Extension(FormLimit(MAX_BODY))),
        )
        .route(
            "/console/operator/apis/{resource_id}/delete",
            get(delete::show).post(delete::submit).fallback(page_or_form_only),
        )
}

/// The resources, for a person who may change them.
fn resources<'a>(
    state: &'a ConsoleState,
    request: &'a OperatorRequest,
) -> Result<Resources<'a>, ConsoleError> {
    Ok(Resources::authorize(request.management(state))?)
}

/// Path of the page of an API, or of one below it.
fn path(resource: &Resource, below: &str) -> String {
    format!("{OPERATOR_ROOT}/apis/{}{below}", resource.resource_id)
}

/// URL of an API in the management API.
fn api_url(state: &ConsoleState, resource: &Resource) -> String {
    format!("{}/v1/resources/{}", state.app().config.issuer, resource.resource_id)
}

/// The frame of a page about an API.
fn api_frame<'a>(
    state: &'a ConsoleState,
    request: &OperatorRequest,
    resource: &Resource,
    title: String,
) -> Frame<'a> {
    let list = Link { href: format!("{OPERATOR_ROOT}/apis"), text: request.texts.get("nav-operator-apis") };
    let own = Link { href: path(resource, ""), text: display_name(&resource.resource_name) };
    frame(state, request, title).below(vec![list, own])
}

/// A change of nothing.
fn no_change() -> ResourceChange {
    ResourceChange {
        resource_name: None,
        scopes: None,
        default_scopes: None,
        token_signing_alg: None,
        account_access: None,
        documentation_url: OptionalChange::Keep,
    }
}

/// A member of a body, as the API reads it.
fn member<T: FromJson>(body: &Map<String, Value>, name: &str) -> Field<T> {
    body.get(name).map_or(Field::Missing, |value| Field::Present(T::from_json(value)))
}

/// Scopes as the API takes them.
fn scopes_json(scopes: &[ScopeDefinition]) -> Value {
    let scope = |scope: &ScopeDefinition| {
        let ScopeDefinition { name, description, restricted, implies, unknown: _ } = scope;
        json!({ "name": name, "description": description, "restricted": restricted, "implies": implies })
    };
    scopes.iter().map(scope).collect()
}
