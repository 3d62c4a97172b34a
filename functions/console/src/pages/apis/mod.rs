//! The APIs that an account may use: their audiences, their scopes in words, and what an API publishes about itself.

mod metadata;

use crate::account_request::AccountRequest;
use crate::error::ConsoleError;
use crate::frame::{Frame, Link, display_name};
use crate::pages::clients::permissions::offered::{OfferedApi, OfferedApis};
use crate::pages::clients::permissions::words::in_words;
use crate::respond;
use crate::state::ConsoleState;
use askama::Template;
use axum::extract::{Path, State};
use axum::response::Response;
use metadata::ResourceMetadata;
use shared::domain::client::Client;
use shared::domain::management::ManagementScope;
use shared::domain::primitives::ids::ResourceId;
use shared::texts::Texts;
use std::collections::BTreeMap;
use std::sync::Arc;

/// The most clients that are looked at to count those that hold an API.
const MAX_CLIENTS: usize = 1_000;

/// The clients that hold permissions for each API; `None` for a person who may not see clients.
struct Holders(Option<(BTreeMap<ResourceId, u64>, bool)>);

/// An API in the list.
struct ApiRow {
    name: String,
    href: String,
    stage: String,
    audience: String,
    scopes: usize,
    holders: Option<String>,
}

#[derive(Template)]
#[template(path = "apis/list.html")]
struct ListPage<'a> {
    frame: Frame<'a>,
    /// The services, with their APIs.
    services: Vec<(String, Vec<ApiRow>)>,
    shows_holders: bool,
}

/// A scope of an API.
struct ScopeRow {
    words: String,
    code: Option<String>,
    part_of: Option<String>,
}

#[derive(Template)]
#[template(path = "apis/page.html")]
struct ApiPage<'a> {
    frame: Frame<'a>,
    id: String,
    service: String,
    stage: String,
    audience: String,
    algorithm: &'static str,
    documentation_url: Option<String>,
    holders: Option<String>,
    scopes: Vec<ScopeRow>,
    metadata: Option<ResourceMetadata>,
    issuer: &'a str,
    new_client: Option<String>,
}

/// `GET /console/accounts/{account_id}/apis`
pub async fn list(
    State(state): State<Arc<ConsoleState>>,
    request: AccountRequest,
) -> Result<Response, ConsoleError> {
    let catalogue = state.app().catalogue(request.audit_context.now).await?.value;
    let offered = OfferedApis::new(&catalogue.resources, &request.account.entitlements);
    let holders = Holders::load(&state, &request).await?;
    let services = offered.services.iter().map(|(service, stages)| {
        let rows = stages.values().flatten().map(|api| row(&request, api, &holders));
        ((*service).to_owned(), rows.collect())
    });
    let page = ListPage {
        frame: Frame::in_account(&state, &request, request.texts.get("nav-apis")),
        services: services.collect(),
        shows_holders: holders.0.is_some(),
    };
    Ok(respond::page(&page))
}

/// `GET /console/accounts/{account_id}/apis/{resource_id}`
pub async fn show(
    State(state): State<Arc<ConsoleState>>,
    Path((_, resource_id)): Path<(String, String)>,
    request: AccountRequest,
) -> Result<Response, ConsoleError> {
    let id = ResourceId::parse(&resource_id).map_err(|_| ConsoleError::NotFound)?;
    let catalogue = state.app().catalogue(request.audit_context.now).await?.value;
    let offered = OfferedApis::new(&catalogue.resources, &request.account.entitlements);
    let (api, _) = offered.find(&id).ok_or(ConsoleError::NotFound)?;
    let holders = Holders::load(&state, &request).await?;
    let (resource, audience) = (api.resource, api.resource.audience.for_account(&request.account.account_id));
    let crumbs = vec![Link { href: request.url("/apis"), text: request.texts.get("nav-apis") }];
    let issuer = &state.app().config.issuer;
    let page = ApiPage {
        frame: Frame::in_account(&state, &request, display_name(&resource.resource_name)).below(crumbs),
        id: id.to_string(),
        service: resource.service.as_str().to_owned(),
        stage: resource.stage.as_str().to_owned(),
        algorithm: resource.token_signing_alg.as_str(),
        documentation_url: resource.documentation_url.as_ref().map(|url| url.as_str().to_owned()),
        holders: holders.of(request.texts, &id),
        scopes: scopes(api),
        metadata: ResourceMetadata::new(api, &audience, issuer),
        audience,
        issuer,
        new_client: request.may(ManagementScope::ClientsManage).then(|| request.url("/clients/new")),
    };
    Ok(respond::page(&page))
}

fn row(request: &AccountRequest, api: &OfferedApi<'_>, holders: &Holders) -> ApiRow {
    let resource = api.resource;
    ApiRow {
        name: display_name(&resource.resource_name),
        href: request.url(&format!("/apis/{}", resource.resource_id)),
        stage: resource.stage.as_str().to_owned(),
        audience: resource.audience.for_account(&request.account.account_id),
        scopes: api.permitted.len(),
        holders: holders.of(request.texts, &resource.resource_id),
    }
}

fn scopes(api: &OfferedApi<'_>) -> Vec<ScopeRow> {
    let permitted = api.resource.scopes.iter().filter(|scope| api.permitted.has(&scope.name));
    let row = |scope| {
        let (words, code) = in_words(scope);
        let part_of = api.resource.implied_by(&scope.name, &api.permitted).map(|other| in_words(other).0);
        ScopeRow { words, code, part_of }
    };
    permitted.map(row).collect()
}

impl Holders {
    async fn load(state: &ConsoleState, request: &AccountRequest) -> Result<Self, ConsoleError> {
        if !request.may(ManagementScope::ClientsRead) {
            return Ok(Self(None));
        }
        let page = request.clients(state)?.newest(MAX_CLIENTS).await?;
        let mut counts = BTreeMap::new();
        for permission in page.items.iter().flat_map(|client: &Client| &client.permissions) {
            *counts.entry(permission.resource.clone()).or_insert(0) += 1;
        }
        Ok(Self(Some((counts, page.next.is_some()))))
    }

    /// How many clients hold an API, in words.
    fn of(&self, texts: Texts, id: &ResourceId) -> Option<String> {
        let (counts, is_truncated) = self.0.as_ref()?;
        let count = counts.get(id).copied().unwrap_or_default();
        Some(if *is_truncated {
            texts.count("api-holders-at-least", count)
        } else {
            texts.count("api-holders", count)
        })
    }
}
