//! The operator's logo on pages and in e-mails.

use crate::preconditions::etag;
use crate::problem::{Problem, ProblemDocument};
use crate::request_context::RequestContext;
use crate::response::no_content;
use axum::extract::State;
use axum::response::Response;
use headers::HeaderMapExt;
use http::header;
use shared::app::ManagementState;
use shared::domain::brand::logo::Logo;
use shared::services::brand::BrandManager;
use shared::web::logo;
use std::sync::Arc;

/// Read the operator's logo.
#[utoipa::path(
    get, path = "/v1/brand/logo", tag = "brand", operation_id = "get_logo",
    security(("latchkey" = ["accounts:manage"])),
    responses(
        (status = 200, content((Vec<u8> = "image/png"), (Vec<u8> = "image/svg+xml"))),
        (status = 404, description = "There is none", body = ProblemDocument)
    )
)]
pub async fn get(
    State(state): State<Arc<ManagementState>>,
    ctx: RequestContext,
) -> Result<Response, Problem> {
    Ok(image(&BrandManager::authorize(ctx.management(&state))?.logo().await?))
}

/// Set the operator's logo: a PNG, or an SVG that is nothing but a picture. The media type of the body is not looked at.
///
/// Pages show it within five minutes; e-mails have it if it is a PNG.
#[utoipa::path(
    put, path = "/v1/brand/logo", tag = "brand", operation_id = "set_logo",
    request_body(description = "At most 16 KB", content((Vec<u8> = "image/png"), (Vec<u8> = "image/svg+xml"))),
    params(("If-Match" = Option<String>, Header)),
    security(("latchkey" = ["accounts:manage"])),
    responses(
        (status = 200, content((Vec<u8> = "image/png"), (Vec<u8> = "image/svg+xml"))),
        (status = 412, description = "It has changed since it was read", body = ProblemDocument),
        (status = 422, description = "It cannot be a logo", body = ProblemDocument)
    )
)]
pub async fn put(
    State(state): State<Arc<ManagementState>>,
    ctx: RequestContext,
) -> Result<Response, Problem> {
    let brand = BrandManager::authorize(ctx.management(&state))?;
    Ok(image(&brand.set_logo(ctx.bytes(), &|version| ctx.if_match.accepts(version)).await?))
}

/// Delete the operator's logo.
#[utoipa::path(
    delete, path = "/v1/brand/logo", tag = "brand", operation_id = "delete_logo",
    params(("If-Match" = Option<String>, Header)),
    security(("latchkey" = ["accounts:manage"])),
    responses(
        (status = 204),
        (status = 404, description = "There is none", body = ProblemDocument),
        (status = 412, description = "It has changed since it was read", body = ProblemDocument)
    )
)]
pub async fn delete(
    State(state): State<Arc<ManagementState>>,
    ctx: RequestContext,
) -> Result<Response, Problem> {
    let brand = BrandManager::authorize(ctx.management(&state))?;
    brand.delete_logo(&|version| ctx.if_match.accepts(version)).await?;
    Ok(no_content())
}

/// The logo, which no cache may store here.
fn image(logo: &Logo) -> Response {
    let stored = logo.image();
    let mut response = logo::response(stored.as_ref());
    let headers = response.headers_mut();
    headers.insert(header::CACHE_CONTROL, header::HeaderValue::from_static("no-store"));
    if let Some(tag) = etag(logo.version, logo.image.as_bytes()) {
        headers.typed_insert(tag);
    }
    response
}
