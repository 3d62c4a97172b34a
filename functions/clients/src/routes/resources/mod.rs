//! Resources: the catalogue of APIs that tokens are for. Everybody reads it, the operator writes it.

pub mod request;

use crate::idempotency;
use crate::json_body;
use crate::pagination::{PageParams, PageRequest, PageResponse};
use crate::path_params::PathParams;
use crate::problem::{Problem, ProblemDocument};
use crate::request_context::RequestContext;
use crate::response;
use crate::retry::OptimisticRetry;
use crate::routes::resources::request::{
    CreateResourceRequest, ResourceResponse, UpdateResourceRequest, read_new,
};
use axum::extract::State;
use axum::response::Response;
use http::StatusCode;
use shared::adapters::store::{AuditRecord, Created, Cursor, Page, WriteConflict, WriteOutcome};
use shared::app::ManagementState;
use shared::domain::audit::{Action, Target};
use shared::domain::management::{self, ManagementScope};
use shared::domain::primitives::ids::ResourceId;
use shared::domain::resource::{Resource, validate};
use std::sync::Arc;

/// Make a resource.
#[utoipa::path(
    post, path = "/v1/resources", tag = "resources", request_body = CreateResourceRequest,
    params(("Idempotency-Key" = Option<String>, Header)),
    security(("latchkey" = ["resources:manage"])),
    responses(
        (status = 201, body = ResourceResponse),
        (status = 409, description = "The id is, or was, taken", body = ProblemDocument),
        (status = 422, body = ProblemDocument)
    )
)]
pub async fn create(
    State(management): State<Arc<ManagementState>>,
    ctx: RequestContext,
) -> Result<Response, Problem> {
    ctx.caller.require_scope(ManagementScope::ResourcesManage)?;
    if let Some(created) = idempotency::find_record(&management, &ctx).await? {
        return backoff(&management, created).await;
    }
    let resource = read_new(&ctx)?;
    if resource.resource_id.as_str() == management::RESOURCE_ID {
        return Err(TAKEN);
    }
    if resource.audience.as_str() == management::audience(&management.app.config.issuer) {
        return Err(Problem::field("audience", "is the management API's own"));
    }
    let audit_context = ctx.audit_context();
    let id = &resource.resource_id;
    let audit =
        audit_context.audit(&audit_context.actor.account_id, Action::ResourceCreated, target(&resource), &[]);
    let idempotency_record = audit_context.idempotency_record(Created::Resource { resource_id: id.clone() });
    let mut attempts = OptimisticRetry::default();
    loop {
        let record = AuditRecord { audit: &audit, idempotency_record: idempotency_record.as_ref() };
        match management.app.store.create_resource(&resource, &record).await? {
            WriteOutcome::Committed => {
                management.publish(&audit).await;
                return Ok(answer(resource.clone()));
            }
            WriteOutcome::Rejected(WriteConflict::IdempotentReplay) => {
                let created = idempotency::require_record(&management, &ctx).await?;
                return backoff(&management, created).await;
            }

            WriteOutcome::Rejected(WriteConflict::AlreadyExists) => return Err(TAKEN),
            WriteOutcome::Rejected(WriteConflict::IdRetired) => {
                return Err(Problem::Conflict(
                    "resource_id_retired",
                    "a deleted resource had this id, and ids are not used again; choose another id",
                ));
            }
            WriteOutcome::Rejected(_) => attempts.backoff().await?,
        }
    }
}

const TAKEN: Problem =
    Problem::Conflict("resource_id_taken", "a resource of this id exists; choose another id");

fn answer(resource: Resource) -> Response {
    let client_path = format!("/v1/resources/{}", resource.resource_id);
    response::created(&client_path, Some(resource.version), &ResourceResponse::from(resource))
}

async fn backoff(management: &ManagementState, created: Created) -> Result<Response, Problem> {
    let Created::Resource { resource_id } = created else {
        return Err(Problem::IdempotencyKeyReused);
    };
    load(management, resource_id.as_str()).await.map(answer)
}

/// List all resources, the management API among them.
#[utoipa::path(
    get, path = "/v1/resources", tag = "resources", params(PageParams), security(("latchkey" = [])),
    responses((status = 200, body = PageResponse<ResourceResponse>))
)]
pub async fn list(
    State(management): State<Arc<ManagementState>>,
    ctx: RequestContext,
) -> Result<Response, Problem> {
    let app = &management.app;
    let listing = PageRequest::read(app, &ctx, &[]).await?;
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
            page.next = Some(Cursor::from_text(OWN.to_owned()));
        }
    }
    Ok(response::json(StatusCode::OK, &listing.answer(app, &ctx, page, ResourceResponse::from).await?))
}

/// The position before the management API in the list.
const OWN: &str = "own";

/// Read a resource.
#[utoipa::path(
    get, path = "/v1/resources/{resource_id}", tag = "resources", params(("resource_id" = String, Path)),
    security(("latchkey" = [])),
    responses((status = 200, body = ResourceResponse), (status = 404, body = ProblemDocument))
)]
pub async fn get(
    State(management): State<Arc<ManagementState>>,
    PathParams(resource_id): PathParams<String>,
    _call: RequestContext,
) -> Result<Response, Problem> {
    let resource = if resource_id == management::RESOURCE_ID {
        management::resource(&management.app.config.issuer)
    } else {
        load(&management, &resource_id).await?
    };
    Ok(response::ok_with_etag(resource.version, &ResourceResponse::from(resource)))
}

/// Change a resource.
#[utoipa::path(
    patch, path = "/v1/resources/{resource_id}", tag = "resources", request_body = UpdateResourceRequest,
    params(("resource_id" = String, Path), ("If-Match" = Option<String>, Header)),
    security(("latchkey" = ["resources:manage"])),
    responses(
        (status = 200, body = ResourceResponse),
        (status = 404, body = ProblemDocument),
        (status = 412, description = "It has changed since it was read", body = ProblemDocument),
        (status = 422, body = ProblemDocument)
    )
)]
pub async fn update(
    State(management): State<Arc<ManagementState>>,
    PathParams(resource_id): PathParams<String>,
    ctx: RequestContext,
) -> Result<Response, Problem> {
    ctx.caller.require_scope(ManagementScope::ResourcesManage)?;
    let (body, mut checked) = json_body::read::<UpdateResourceRequest>(ctx.json()?)?;
    let name = checked.optional("resource_name", body.resource_name);
    let scopes = checked.optional("scopes", body.scopes);
    let scopes: Option<Vec<_>> = scopes.map(|list| list.into_iter().map(|scope| scope.0).collect());
    let default_scopes = checked.optional("default_scopes", body.default_scopes);
    let token_signing_alg = checked.optional("token_signing_alg", body.token_signing_alg);
    if !checked.is_ok() {
        return Err(Problem::Invalid(checked.into_errors()));
    }
    let audit_context = ctx.audit_context();
    let mut attempts = OptimisticRetry::default();
    loop {
        let before = load(&management, &resource_id).await?;
        ctx.if_match.check(before.version)?;
        let after = Resource {
            resource_name: name.clone().unwrap_or_else(|| before.resource_name.clone()),
            scopes: scopes.clone().unwrap_or_else(|| before.scopes.clone()),
            default_scopes: default_scopes.clone().unwrap_or_else(|| before.default_scopes.clone()),
            token_signing_alg: token_signing_alg.unwrap_or(before.token_signing_alg),
            updated_at: ctx.now,
            version: before.version + 1,
            ..before.clone()
        };
        let errors = validate(&after.scopes, &after.default_scopes);
        if !errors.is_empty() {
            return Err(Problem::Invalid(errors));
        }
        let changed = changed_members(&before, &after);
        if changed.is_empty() {
            return Ok(response::ok_with_etag(before.version, &ResourceResponse::from(before)));
        }
        let audit = audit_context.audit(
            &audit_context.actor.account_id,
            Action::ResourceUpdated,
            target(&after),
            &changed,
        );
        let record = AuditRecord { audit: &audit, idempotency_record: None };
        match management.app.store.update_resource(&after, before.version, &record).await? {
            WriteOutcome::Committed => {
                management.publish(&audit).await;
                return Ok(response::ok_with_etag(after.version, &ResourceResponse::from(after)));
            }
            WriteOutcome::Rejected(_) => attempts.backoff().await?,
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
    State(management): State<Arc<ManagementState>>,
    PathParams(resource_id): PathParams<String>,
    ctx: RequestContext,
) -> Result<Response, Problem> {
    ctx.caller.require_scope(ManagementScope::ResourcesManage)?;
    let audit_context = ctx.audit_context();
    let mut attempts = OptimisticRetry::default();
    loop {
        let resource = load(&management, &resource_id).await?;
        ctx.if_match.check(resource.version)?;
        let audit = audit_context.audit(
            &audit_context.actor.account_id,
            Action::ResourceDeleted,
            target(&resource),
            &[],
        );
        let record = AuditRecord { audit: &audit, idempotency_record: None };
        match management.app.store.delete_resource(&resource, &record).await? {
            WriteOutcome::Committed => {
                management.publish(&audit).await;
                return Ok(response::no_content());
            }
            WriteOutcome::Rejected(_) => attempts.backoff().await?,
        }
    }
}

async fn load(management: &ManagementState, id: &str) -> Result<Resource, Problem> {
    let id = ResourceId::parse(id).map_err(|_| Problem::NotFound)?;
    management.app.store.load_resource(&id).await?.ok_or(Problem::NotFound)
}

fn target(resource: &Resource) -> Target {
    Target { resource_id: Some(resource.resource_id.clone()), ..Target::default() }
}
