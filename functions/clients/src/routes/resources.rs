//! Resources: the catalogue of APIs that tokens are for. Everybody reads it, the operator writes it.

use super::resource_body::{CreateResource, ResourceView, UpdateResource, read_new};
use crate::body;
use crate::call::Call;
use crate::contention::Attempts;
use crate::idempotency;
use crate::paging::{List, Listing, PageQuery};
use crate::problem::{Problem, ProblemDocument};
use crate::respond;
use crate::segments::Segments;
use axum::extract::State;
use axum::response::Response;
use http::StatusCode;
use shared::adapters::store::{Created, Outcome, Page, Position, Record, Refused};
use shared::assembly::Management;
use shared::domain::audit::{Action, Target};
use shared::domain::ids::ResourceId;
use shared::domain::management::{self, ManagementScope};
use shared::domain::resource::{Resource, inconsistencies};
use std::sync::Arc;

/// Make a resource.
#[utoipa::path(
    post, path = "/v1/resources", tag = "resources", request_body = CreateResource,
    params(("Idempotency-Key" = Option<String>, Header)),
    security(("latchkey" = ["resources:manage"])),
    responses(
        (status = 201, body = ResourceView),
        (status = 409, description = "The id is, or was, taken", body = ProblemDocument),
        (status = 422, body = ProblemDocument)
    )
)]
pub async fn create(State(management): State<Arc<Management>>, call: Call) -> Result<Response, Problem> {
    call.caller.require(ManagementScope::ResourcesManage)?;
    if let Some(created) = idempotency::earlier(&management, &call).await? {
        return again(&management, created).await;
    }
    let resource = read_new(&call)?;
    if resource.resource_id.as_str() == management::RESOURCE_ID {
        return Err(TAKEN);
    }
    if resource.audience.as_str() == management::audience(&management.app.config.issuer) {
        return Err(Problem::field("audience", "is the management API's own"));
    }
    let mandate = call.mandate();
    let id = &resource.resource_id;
    let audit = mandate.audit(&mandate.actor.account_id, Action::ResourceCreated, target(&resource), &[]);
    let receipt = mandate.receipt(Created::Resource { resource_id: id.clone() });
    let mut attempts = Attempts::default();
    loop {
        let record = Record { audit: &audit, receipt: receipt.as_ref() };
        match management.app.store.create_resource(&resource, &record).await? {
            Outcome::Done => {
                management.announce(&audit).await;
                return Ok(answer(resource.clone()));
            }
            Outcome::Refused(Refused::Replayed) => {
                let created = idempotency::surely_earlier(&management, &call).await?;
                return again(&management, created).await;
            }

            Outcome::Refused(Refused::Taken) => return Err(TAKEN),
            Outcome::Refused(Refused::Retired) => {
                return Err(Problem::Conflict(
                    "resource_id_retired",
                    "a deleted resource had this id, and ids are not used again; choose another id",
                ));
            }
            Outcome::Refused(_) => attempts.again().await?,
        }
    }
}

const TAKEN: Problem =
    Problem::Conflict("resource_id_taken", "a resource of this id exists; choose another id");

fn answer(resource: Resource) -> Response {
    let location = format!("/v1/resources/{}", resource.resource_id);
    respond::created(&location, Some(resource.version), &ResourceView::from(resource))
}

async fn again(management: &Management, created: Created) -> Result<Response, Problem> {
    let Created::Resource { resource_id } = created else {
        return Err(Problem::KeyReused);
    };
    load(management, resource_id.as_str()).await.map(answer)
}

/// List all resources, the management API among them.
#[utoipa::path(
    get, path = "/v1/resources", tag = "resources", params(PageQuery), security(("latchkey" = [])),
    responses((status = 200, body = List<ResourceView>))
)]
pub async fn list(State(management): State<Arc<Management>>, call: Call) -> Result<Response, Problem> {
    let app = &management.app;
    let listing = Listing::read(app, &call, &[]).await?;
    let limit = listing.limit.into();
    let mut page = match &listing.after {
        Some(after) if after.as_str() == OWN => Page { items: Vec::new(), next: None },
        after => app.store.list_resources(limit, after.as_ref()).await?,
    };
    // The management API is not in the table: it follows the last one, on a page of its own if need be.
    if page.next.is_none() {
        if page.items.len() < usize::from(listing.limit) {
            page.items.push(management::resource(&app.config.issuer));
        } else {
            page.next = Some(Position::from_text(OWN.to_owned()));
        }
    }
    Ok(respond::json(StatusCode::OK, &listing.answer(app, &call, page, ResourceView::from).await?))
}

/// The position before the management API in the list.
const OWN: &str = "own";

/// Read a resource.
#[utoipa::path(
    get, path = "/v1/resources/{resource_id}", tag = "resources", params(("resource_id" = String, Path)),
    security(("latchkey" = [])),
    responses((status = 200, body = ResourceView), (status = 404, body = ProblemDocument))
)]
pub async fn get(
    State(management): State<Arc<Management>>,
    Segments(resource_id): Segments<String>,
    _call: Call,
) -> Result<Response, Problem> {
    let resource = if resource_id == management::RESOURCE_ID {
        management::resource(&management.app.config.issuer)
    } else {
        load(&management, &resource_id).await?
    };
    Ok(respond::thing(resource.version, &ResourceView::from(resource)))
}

/// Change a resource.
#[utoipa::path(
    patch, path = "/v1/resources/{resource_id}", tag = "resources", request_body = UpdateResource,
    params(("resource_id" = String, Path), ("If-Match" = Option<String>, Header)),
    security(("latchkey" = ["resources:manage"])),
    responses(
        (status = 200, body = ResourceView),
        (status = 404, body = ProblemDocument),
        (status = 412, description = "It has changed since it was read", body = ProblemDocument),
        (status = 422, body = ProblemDocument)
    )
)]
pub async fn update(
    State(management): State<Arc<Management>>,
    Segments(resource_id): Segments<String>,
    call: Call,
) -> Result<Response, Problem> {
    call.caller.require(ManagementScope::ResourcesManage)?;
    let (body, mut checked) = body::read::<UpdateResource>(call.json()?)?;
    let name = checked.optional("resource_name", body.resource_name);
    let scopes = checked.optional("scopes", body.scopes);
    let scopes: Option<Vec<_>> = scopes.map(|list| list.into_iter().map(|scope| scope.0).collect());
    let default_scopes = checked.optional("default_scopes", body.default_scopes);
    let token_signing_alg = checked.optional("token_signing_alg", body.token_signing_alg);
    if !checked.is_clean() {
        return Err(Problem::Invalid(checked.into_errors()));
    }
    let mandate = call.mandate();
    let mut attempts = Attempts::default();
    loop {
        let before = load(&management, &resource_id).await?;
        call.if_match.check(before.version)?;
        let after = Resource {
            resource_name: name.clone().unwrap_or_else(|| before.resource_name.clone()),
            scopes: scopes.clone().unwrap_or_else(|| before.scopes.clone()),
            default_scopes: default_scopes.clone().unwrap_or_else(|| before.default_scopes.clone()),
            token_signing_alg: token_signing_alg.unwrap_or(before.token_signing_alg),
            updated_at: call.now,
            version: before.version + 1,
            ..before.clone()
        };
        let errors = inconsistencies(&after.scopes, &after.default_scopes);
        if !errors.is_empty() {
            return Err(Problem::Invalid(errors));
        }
        let changed = changed_members(&before, &after);
        if changed.is_empty() {
            return Ok(respond::thing(before.version, &ResourceView::from(before)));
        }
        let audit =
            mandate.audit(&mandate.actor.account_id, Action::ResourceUpdated, target(&after), &changed);
        let record = Record { audit: &audit, receipt: None };
        match management.app.store.update_resource(&after, before.version, &record).await? {
            Outcome::Done => {
                management.announce(&audit).await;
                return Ok(respond::thing(after.version, &ResourceView::from(after)));
            }
            Outcome::Refused(_) => attempts.again().await?,
        }
    }
}

fn changed_members(before: &Resource, after: &Resource) -> Vec<&'static str> {
    let mut changed = Vec::new();
    changed.extend((before.resource_name != after.resource_name).then_some("resource_name"));
    changed.extend((before.scopes != after.scopes).then_some("scopes"));
    changed.extend((before.default_scopes != after.default_scopes).then_some("default_scopes"));
    changed.extend((before.token_signing_alg != after.token_signing_alg).then_some("token_signing_alg"));
    changed
}

/// Delete a resource. Its id is never used again; permissions that clients hold for it mean nothing.
#[utoipa::path(
    delete, path = "/v1/resources/{resource_id}", tag = "resources",
    params(("resource_id" = String, Path), ("If-Match" = Option<String>, Header)),
    security(("latchkey" = ["resources:manage"])),
    responses(
        (status = 204),
        (status = 404, body = ProblemDocument),
        (status = 412, description = "It has changed since it was read", body = ProblemDocument)
    )
)]
pub async fn delete(
    State(management): State<Arc<Management>>,
    Segments(resource_id): Segments<String>,
    call: Call,
) -> Result<Response, Problem> {
    call.caller.require(ManagementScope::ResourcesManage)?;
    let mandate = call.mandate();
    let mut attempts = Attempts::default();
    loop {
        let resource = load(&management, &resource_id).await?;
        call.if_match.check(resource.version)?;
        let audit = mandate.audit(&mandate.actor.account_id, Action::ResourceDeleted, target(&resource), &[]);
        let record = Record { audit: &audit, receipt: None };
        match management.app.store.delete_resource(&resource, &record).await? {
            Outcome::Done => {
                management.announce(&audit).await;
                return Ok(respond::no_content());
            }
            Outcome::Refused(_) => attempts.again().await?,
        }
    }
}

async fn load(management: &Management, id: &str) -> Result<Resource, Problem> {
    let id = ResourceId::parse(id).map_err(|_| Problem::NotFound)?;
    management.app.store.load_resource(&id).await?.ok_or(Problem::NotFound)
}

fn target(resource: &Resource) -> Target {
    Target { resource_id: Some(resource.resource_id.clone()), ..Target::default() }
}
