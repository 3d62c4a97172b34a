//! OpenAPI description of the authorization endpoint.

pub mod schemas;

use crate::endpoint::authorization_endpoint;
use utoipa::OpenApi;

/// The function's part of the document: pages are not described.
#[derive(OpenApi)]
#[openapi(paths(authorization_endpoint::authorize))]
pub struct ApiDoc;
