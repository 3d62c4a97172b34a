//! `GET /openapi.json`: the OpenAPI 3.1 document, generated from the handlers and their types.

mod oauth_endpoints;

mod oauth_schemas;

pub use oauth_endpoints::OAuthApiDoc;

use axum::Router;
use axum::response::Response;
use axum::routing::get;
use http::{HeaderValue, header};
use shared::app::ManagementState;
use shared::domain::management::ManagementScope;
use std::sync::Arc;
use utoipa::openapi::RefOr;
use utoipa::openapi::security::{ClientCredentials, Flow, OAuth2, Scopes, SecurityScheme};
use utoipa::{Modify, OpenApi};

/// What the document says besides the routes.
#[derive(OpenApi)]
#[openapi(
    info(
        title = "Latchkey",
        description = "The management API, below `/v1`: accounts, members, resources, API clients and their \
                       secrets. Call it with an access token for the resource `latchkey`, got at \
                       `/oauth/token`. Its errors are problem documents (RFC 9457). `GET` of one thing \
                       answers an `ETag`; `PATCH`, `PUT` and `DELETE` honour `If-Match`; `POST` honours \
                       `Idempotency-Key`. The OAuth endpoints, for programs and verifiers, are tagged `oauth`."
    ),
    modifiers(&Security)
)]
pub struct ApiDoc;

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

/// Adds what the handlers' own descriptions leave out: names of operations that are unique, the media type
/// of problem documents (RFC 9457 §3), and a description of each answer, which OpenAPI 3.1 requires.
pub fn finalize(document: &mut utoipa::openapi::OpenApi) {
    for item in document.paths.paths.values_mut() {
        let methods = [&mut item.get, &mut item.put, &mut item.post, &mut item.patch, &mut item.delete];
        for operation in methods.into_iter().flatten() {
            let tag = operation.tags.iter().flatten().next().cloned().unwrap_or_default();
            let name = operation.operation_id.take().unwrap_or_default();
            operation.operation_id = Some(format!("{tag}_{name}"));
            for (status, response) in &mut operation.responses.responses {
                if let RefOr::T(response) = response {
                    complete_response(status, response);
                }
            }
        }
    }
}

fn complete_response(status: &str, response: &mut utoipa::openapi::Response) {
    let (title, is_problem) = match status {
        "200" => ("As it is now", false),
        "201" => ("Made", false),
        "204" => ("Done", false),
        "404" => ("Not there, or not for this caller to know of", true),
        "422" => ("One or more members are not valid", true),
        _ => ("Refused", true),
    };
    if response.description.is_empty() {
        title.clone_into(&mut response.description);
    }
    if is_problem && let Some(content) = response.content.swap_remove("application/json") {
        response.content.insert("application/problem+json".to_owned(), content);
    }
}

/// Serves the document, which is the same for everybody.
pub fn route(document: &utoipa::openapi::OpenApi) -> Router<Arc<ManagementState>> {
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
