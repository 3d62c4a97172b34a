//! Resources, the APIs that tokens are for: read by those who may use them, changed by operators.

pub mod request;
pub mod response;

use crate::json_body::merge_patch::{self, ReducedPatch};
use crate::pagination::{PageParams, PageRequest, PageResponse};
use crate::path_params::PathParams;
use crate::problem::{Problem, ProblemDocument};
use crate::request_context::RequestContext;
use crate::response::{created, json, no_content, ok_with_etag};
use axum::extract::State;
use axum::response::Response;
use http::StatusCode;
use request::{CreateResourceRequest, UpdateResourceRequest};
use response::ResourceResponse;
use shared::app::ManagementState;
use shared::domain::resource::Resource;
use shared::services::resources::{ResourceReader, Resources};
use std::sync::Arc;

/// Create a resource.
#[utoipa::path(
    post, path = "/v1/resources", tag = "resources", request_body = CreateResourceRequest,
    params(("Idempotency-Key" = Option<String>, Header)),
    security(("latchkey" = ["resources:manage"])),
    responses(
        (status = 201, body = ResourceResponse),
        (status = 409, description = "The id is, or was, taken; or the audience is", body = ProblemDocument),
        (status = 422, body = ProblemDocument)
    )
)]
pub async fn create(
    State(state): State<Arc<ManagementState>>,
    ctx: RequestContext,
) -> Result<Response, Problem> {
    let resources = Resources::authorize(ctx.management(&state))?;
    let resource = resources.create(CreateResourceRequest::parse(ctx.json()?)?).await?;
    let location = format!("/v1/resources/{}", resource.resource_id);
    Ok(created(&location, Some(resource.version), &ResourceResponse::from(resource)))
}

/// List resources, the management API among them: all for operators, for others those that their account may use.
#[utoipa::path(
    get, path = "/v1/resources", tag = "resources", params(PageParams), security(("latchkey" = [])),
    responses((status = 200, body = PageResponse<ResourceResponse>))
)]
pub async fn list(
    State(state): State<Arc<ManagementState>>,
    ctx: RequestContext,
) -> Result<Response, Problem> {
    let request = PageRequest::read(&state.app, &ctx, &[]).await?;
    let resources = ResourceReader::for_caller(ctx.management(&state)).await?;
    let page = resources.list(request.limit, request.after.as_ref()).await?;
    Ok(json(StatusCode::OK, &request.response(&state.app, &ctx, page, ResourceResponse::from).await?))
}

/// List the resources that an account may use, with its audiences and the scopes that it may use.
#[utoipa::path(
    get, path = "/v1/accounts/{account_id}/resources", tag = "resources", operation_id = "list_of_account",
    params(("account_id" = String, Path), PageParams), security(("latchkey" = [])),
    responses((status = 200, body = PageResponse<ResourceResponse>), (status = 404, body = ProblemDocument))
)]
pub async fn list_of_account(
    State(state): State<Arc<ManagementState>>,
    PathParams(account_id): PathParams<String>,
    ctx: RequestContext,
) -> Result<Response, Problem> {
    let request = PageRequest::read(&state.app, &ctx, &[]).await?;
    let resources = ResourceReader::for_account(ctx.management(&state), &account_id).await?;
    let page = resources.list(request.limit, request.after.as_ref()).await?;
    Ok(json(StatusCode::OK, &request.response(&state.app, &ctx, page, ResourceResponse::from).await?))
}

/// Read a resource.
#[utoipa::path(
    get, path = "/v1/resources/{resource_id}", tag = "resources", params(("resource_id" = String, Path)),
    security(("latchkey" = [])),
    responses((status = 200, body = ResourceResponse), (status = 404, body = ProblemDocument))
)]
pub async fn get(
    State(state): State<Arc<ManagementState>>,
    PathParams(resource_id): PathParams<String>,
    ctx: RequestContext,
) -> Result<Response, Problem> {
    let resource = ResourceReader::for_caller(ctx.management(&state)).await?.get(&resource_id).await?;
    Ok(ok_with_etag(resource.version, &ResourceResponse::from(resource)))
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
    State(state): State<Arc<ManagementState>>,
    PathParams(resource_id): PathParams<String>,
    ctx: RequestContext,
) -> Result<Response, Problem> {
    let resources = Resources::authorize(ctx.management(&state))?;
    let body = ctx.json()?;
    let resource = match change(&resources, &resource_id, &ctx, body).await {
        Err(problem) if merge_patch::is_reducible(&problem) => {
            let reader = ResourceReader::for_caller(ctx.management(&state)).await?;
            let shown = ResourceResponse::from(reader.get(&resource_id).await?);
            let rest = ReducedPatch::new(body, &shown, problem)?;
            change(&resources, &resource_id, &ctx, &rest.body)
                .await
                .map_err(|problem| rest.explain(problem))?
        }
        result => result?,
    };
    Ok(ok_with_etag(resource.version, &ResourceResponse::from(resource)))
}

async fn change(
    resources: &Resources<'_>,
    resource_id: &str,
    ctx: &RequestContext,
    body: &[u8],
) -> Result<Resource, Problem> {
    let change = UpdateResourceRequest::parse(body)?;
    Ok(resources.update(resource_id, &change, &|version| ctx.if_match.accepts(version)).await?)
}

/// Delete a resource. Its id is never used again; permissions that clients hold for it have no effect.
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
    State(state): State<Arc<ManagementState>>,
    PathParams(resource_id): PathParams<String>,
    ctx: RequestContext,
) -> Result<Response, Problem> {
    let resources = Resources::authorize(ctx.management(&state))?;
    resources.delete(&resource_id, &|version| ctx.if_match.accepts(version)).await?;
    Ok(no_content())
}
