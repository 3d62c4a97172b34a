//! `GET /openapi.json`: the OpenAPI 3.1 document, generated from the handlers and their types.

use axum::Router;
use axum::response::Response;
use axum::routing::get;
use http::{HeaderValue, header};
use shared::assembly::Management;
use shared::domain::management::ManagementScope;
use std::sync::Arc;
use utoipa::openapi::content::Content;
use utoipa::openapi::response::ResponseBuilder;
use utoipa::openapi::schema::Ref;
use utoipa::openapi::security::{ClientCredentials, Flow, OAuth2, Scopes, SecurityScheme};
use utoipa::{Modify, OpenApi};

/// What the document says besides the routes.
#[derive(OpenApi)]
#[openapi(
    info(
        title = "Latchkey management API",
        description = "Accounts, members, resources, API clients and their secrets. Call it with an access \
                       token for the resource `latchkey`, got at `/oauth/token`. Errors are problem documents \
                       (RFC 9457). `GET` of one thing answers an `ETag`; `PATCH`, `PUT` and `DELETE` honour \
                       `If-Match`; `POST` honours `Idempotency-Key`."
    ),
    modifiers(&Security)
)]
pub struct Document;

struct Security;

impl Modify for Security {
    fn modify(&self, document: &mut utoipa::openapi::OpenApi) {
        let scopes: Scopes =
            ManagementScope::ALL.iter().map(|scope| (scope.as_str(), scope.description())).collect();
        let flow = Flow::ClientCredentials(ClientCredentials::new("/oauth/token", scopes));
        let components = document.components.get_or_insert_default();
        components.add_security_scheme("latchkey", SecurityScheme::OAuth2(OAuth2::new([flow])));
    }
}

/// Finishes the document when all routes are in it: operation ids that are unique, and the answer that
/// every operation has in common.
pub fn complete(document: &mut utoipa::openapi::OpenApi) {
    for item in document.paths.paths.values_mut() {
        let operations = [&mut item.get, &mut item.put, &mut item.post, &mut item.patch, &mut item.delete];
        for operation in operations.into_iter().filter_map(Option::as_mut) {
            let (tags, id) =
                (operation.tags.iter().flatten(), operation.operation_id.take().unwrap_or_default());
            operation.operation_id = tags.last().map(|tag| format!("{tag}_{id}"));
            let problem = ResponseBuilder::new()
                .description("What went wrong, as a problem document (RFC 9457)")
                .content(
                    "application/problem+json",
                    Content::new(Some(Ref::from_schema_name("ProblemDocument"))),
                );
            operation.responses.responses.insert("default".to_owned(), problem.build().into());
        }
    }
}

/// Serves the document, which is the same for everybody.
pub fn route(document: &utoipa::openapi::OpenApi) -> Router<Arc<Management>> {
    let json: Arc<str> = document.to_json().unwrap_or_default().into();
    Router::new().route(
        "/openapi.json",
        get(async move || {
            let mut response = Response::new(axum::body::Body::from(json.to_string()));
            let headers = response.headers_mut();
            headers.insert(header::CONTENT_TYPE, HeaderValue::from_static("application/json"));
            headers.insert(header::CACHE_CONTROL, HeaderValue::from_static("public, max-age=300"));
            response
        }),
    )
}
