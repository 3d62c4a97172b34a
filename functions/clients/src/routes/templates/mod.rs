//! Templates, presets for creating clients: read by those who may use them, changed by operators.

pub mod schema;

use crate::json_body::read_object;
use crate::pagination::{PageParams, PageRequest, PageResponse};
use crate::path_params::PathParams;
use crate::problem::{Problem, ProblemDocument};
use crate::request_context::RequestContext;
use crate::response::{created, json, no_content, ok_with_etag};
use axum::extract::State;
use axum::response::Response;
use http::StatusCode;
use schema::{CreateTemplateRequest, TemplateResponse, UpdateTemplateRequest};
use shared::app::ManagementState;
use shared::services::clients::{TemplateInput, TemplateReader, Templates};
use std::sync::Arc;

/// Create a template.
#[utoipa::path(
    post, path = "/v1/templates", tag = "templates",
    request_body = CreateTemplateRequest, params(("Idempotency-Key" = Option<String>, Header)),
    security(("latchkey" = ["resources:manage"])),
    responses(
        (status = 201, body = TemplateResponse),
        (status = 409, description = "The id is taken, or there are 100", body = ProblemDocument),
        (status = 422, body = ProblemDocument)
    )
)]
pub async fn create(
    State(state): State<Arc<ManagementState>>,
    ctx: RequestContext,
) -> Result<Response, Problem> {
    let templates = Templates::authorize(ctx.management(&state))?;
    let template = templates.create(&TemplateInput::new(read_object(ctx.json()?)?)).await?;
    let location = format!("/v1/templates/{}", template.template_id);
    Ok(created(&location, Some(template.version), &TemplateResponse::from(template)))
}

/// List templates in their order: all for operators, for others those whose permissions their account may grant.
#[utoipa::path(
    get, path = "/v1/templates", tag = "templates", params(PageParams),
    security(("latchkey" = [])),
    responses((status = 200, body = PageResponse<TemplateResponse>))
)]
pub async fn list(
    State(state): State<Arc<ManagementState>>,
    ctx: RequestContext,
) -> Result<Response, Problem> {
    let request = PageRequest::read(&state.app, &ctx, &[]).await?;
    let templates = TemplateReader::for_caller(ctx.management(&state)).await?;
    let page = templates.page(request.limit, request.after.as_ref()).await?;
    Ok(json(StatusCode::OK, &request.response(&state.app, &ctx, page, TemplateResponse::from).await?))
}

/// Read a template.
#[utoipa::path(
    get, path = "/v1/templates/{template_id}", tag = "templates",
    params(("template_id" = String, Path)), security(("latchkey" = [])),
    responses((status = 200, body = TemplateResponse), (status = 404, body = ProblemDocument))
)]
pub async fn get(
    State(state): State<Arc<ManagementState>>,
    PathParams(template_id): PathParams<String>,
    ctx: RequestContext,
) -> Result<Response, Problem> {
    let template = TemplateReader::for_caller(ctx.management(&state)).await?.get(&template_id).await?;
    Ok(ok_with_etag(template.version, &TemplateResponse::from(template)))
}

/// Change a template. Clients that were created with it stay as they are.
#[utoipa::path(
    patch, path = "/v1/templates/{template_id}", tag = "templates",
    request_body = UpdateTemplateRequest,
    params(("template_id" = String, Path), ("If-Match" = Option<String>, Header)),
    security(("latchkey" = ["resources:manage"])),
    responses(
        (status = 200, body = TemplateResponse),
        (status = 404, body = ProblemDocument),
        (status = 412, description = "It has changed since it was read", body = ProblemDocument),
        (status = 422, body = ProblemDocument)
    )
)]
pub async fn update(
    State(state): State<Arc<ManagementState>>,
    PathParams(template_id): PathParams<String>,
    ctx: RequestContext,
) -> Result<Response, Problem> {
    let templates = Templates::authorize(ctx.management(&state))?;
    let patch = read_object(ctx.json()?)?;
    let template = templates.update(&template_id, &patch, &|version| ctx.if_match.accepts(version)).await?;
    Ok(ok_with_etag(template.version, &TemplateResponse::from(template)))
}

/// Delete a template. Clients that were created with it stay as they are.
#[utoipa::path(
    delete, path = "/v1/templates/{template_id}", tag = "templates",
    params(("template_id" = String, Path), ("If-Match" = Option<String>, Header)),
    security(("latchkey" = ["resources:manage"])),
    responses(
        (status = 204),
        (status = 404, body = ProblemDocument),
        (status = 412, description = "It has changed since it was read", body = ProblemDocument)
    )
)]
pub async fn delete(
    State(state): State<Arc<ManagementState>>,
    PathParams(template_id): PathParams<String>,
    ctx: RequestContext,
) -> Result<Response, Problem> {
    let templates = Templates::authorize(ctx.management(&state))?;
    templates.delete(&template_id, &|version| ctx.if_match.accepts(version)).await?;
    Ok(no_content())
}
