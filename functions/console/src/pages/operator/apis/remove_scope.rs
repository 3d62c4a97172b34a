//! Removing a scope of an API, after its page has said who loses it.

use super::removal::{self, RemovalPage};
use super::scope::{find, named};
use super::{api_frame, api_url, no_change, path, resources, scopes_json};
use crate::error::ConsoleError;
use crate::operator_request::OperatorRequest;
use crate::pages::clients::permissions::words::in_words;
use crate::pages::parts::by_api::api_command;
use crate::pages::parts::notice::Notice;
use crate::respond;
use crate::state::ConsoleState;
use axum::extract::{Path, State};
use axum::response::Response;
use serde_json::json;
use shared::domain::resource::scope::Scope;
use shared::domain::resource::{Resource, ScopeDefinition};
use shared::services::resources::ResourceChange;
use shared::web::response::see_other;
use std::sync::Arc;

/// `GET /console/operator/apis/{resource_id}/remove-scope?name=`
pub async fn show(
    State(state): State<Arc<ConsoleState>>,
    Path(resource_id): Path<String>,
    request: OperatorRequest,
) -> Result<Response, ConsoleError> {
    let name = named(&request.query).and_then(|name| Scope::parse(&name).ok());
    let (resource, holders) = removal::find(&state, &request, &resource_id, name.as_ref()).await?;
    let Some(scope) = name.and_then(|name| find(&resource, name.as_str())) else {
        return Ok(see_other(&path(&resource, "")));
    };
    let texts = request.texts;
    let (words, _) = in_words(scope);
    let body = json!({ "scopes": scopes_json(&without(&resource, &scope.name)) });
    let page = RemovalPage {
        frame: api_frame(&state, &request, &resource, texts.with("scope-remove-title", [("scope", &words)])),
        target: request.form_target(),
        hidden: vec![("version", resource.version.to_string()), ("name", scope.name.to_string())],
        holders,
        stays: false,
        consequences: vec![
            texts.get("scope-remove-tokens"),
            texts.get("scope-remove-entitled"),
            texts.get("scope-remove-issued"),
        ],
        typed: None,
        button: texts.get("scope-remove-button"),
        back: path(&resource, ""),
        command: api_command("PATCH", &api_url(&state, &resource), resource.version, &body),
    };
    Ok(respond::page(&page))
}

/// `POST /console/operator/apis/{resource_id}/remove-scope`
pub async fn submit(
    State(state): State<Arc<ConsoleState>>,
    Path(resource_id): Path<String>,
    request: OperatorRequest,
) -> Result<Response, ConsoleError> {
    let resources = resources(&state, &request)?;
    let resource = resources.get(&resource_id).await?;
    let own = path(&resource, "");
    request.require_confirmed_at(&own)?;
    let version = request.form_version()?;
    let Some(scope) = request.form.get("name").and_then(|name| find(&resource, name)) else {
        // It was removed already, perhaps by the same button.
        return Ok(see_other(&own));
    };
    let name = &scope.name;
    let change = ResourceChange {
        scopes: Some(without(&resource, name)),
        default_scopes: Some(resource.default_scopes.filtered(|own| own != name)),
        ..no_change()
    };
    resources.update(&resource_id, &change, &|present| present == version).await?;
    Ok(see_other(&Notice::Removed.after(&own)))
}

/// The scopes without one, which no other implies any more.
fn without(resource: &Resource, name: &Scope) -> Vec<ScopeDefinition> {
    let others = resource.scopes.iter().filter(|scope| scope.name != *name);
    let unlinked = others.map(|scope| ScopeDefinition {
        implies: scope.implies.filtered(|implied| implied != name),
        ..scope.clone()
    });
    unlinked.collect()
}
