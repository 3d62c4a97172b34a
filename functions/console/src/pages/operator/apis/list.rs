//! The list of APIs, by service.

use super::path;
use crate::error::ConsoleError;
use crate::frame::navigation::OPERATOR_ROOT;
use crate::frame::{Frame, display_name};
use crate::operator_request::OperatorRequest;
use crate::pages::operator;
use crate::respond;
use crate::state::ConsoleState;
use askama::Template;
use axum::extract::State;
use axum::response::Response;
use shared::domain::management::{self, ManagementScope};
use shared::domain::resource::{AccountAccess, MAX_RESOURCES, Resource};
use shared::services::resources::ResourceReader;
use std::collections::BTreeMap;
use std::sync::Arc;

/// An API in the list.
struct ApiRow {
    name: String,
    href: String,
    stage: String,
    audience: String,
    scopes: usize,
    is_for_all: bool,
}

#[derive(Template)]
#[template(path = "operator/apis/list.html")]
struct ListPage<'a> {
    frame: Frame<'a>,
    /// The services, with their APIs by stage.
    services: Vec<(String, Vec<ApiRow>)>,
    new: String,
}

/// `GET /console/operator/apis`
pub async fn show(
    State(state): State<Arc<ConsoleState>>,
    request: OperatorRequest,
) -> Result<Response, ConsoleError> {
    request.person.principal.require_scope(ManagementScope::ResourcesManage)?;
    let reader = ResourceReader::for_caller(request.management(&state)).await?;
    // And the management API.
    let limit = u16::try_from(MAX_RESOURCES + 1).unwrap_or(u16::MAX);
    let mut services: BTreeMap<String, Vec<Resource>> = BTreeMap::new();
    for resource in reader.list(limit, None).await?.items {
        if resource.resource_id.as_str() != management::RESOURCE_ID {
            services.entry(resource.service.as_str().to_owned()).or_default().push(resource);
        }
    }
    let services = services.into_iter().map(|(service, mut resources)| {
        resources.sort_by(|one, other| one.stage.cmp(&other.stage));
        (service, resources.iter().map(row).collect())
    });
    let page = ListPage {
        frame: operator::frame(&state, &request, request.texts.get("nav-operator-apis")),
        services: services.collect(),
        new: format!("{OPERATOR_ROOT}/apis/new"),
    };
    Ok(respond::page(&page))
}

fn row(resource: &Resource) -> ApiRow {
    ApiRow {
        name: display_name(&resource.resource_name),
        href: path(resource, ""),
        stage: resource.stage.as_str().to_owned(),
        audience: resource.audience.to_string(),
        scopes: resource.scopes.len(),
        is_for_all: resource.account_access == AccountAccess::All,
    }
}
