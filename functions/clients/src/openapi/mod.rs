//! The OpenAPI 3.1 description of the management API, and `GET /openapi.json` with that of all functions.

mod flatten;
mod served;

pub use served::route;

use shared::domain::management::ManagementScope;
use utoipa::openapi::RefOr;
use utoipa::openapi::security::{ClientCredentials, Flow, OAuth2, Scopes, SecurityScheme};
use utoipa::{Modify, OpenApi};

/// The document without the routes.
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
    tags((name = "oauth", description = "For programs and verifiers. Errors are those of RFC 6749 §4.1.2.1 and §5.2.")),
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

/// Adds what the descriptions of the handlers lack: unique operation ids, the media type of problem documents (RFC 9457
/// §3), and a description of each response, which OpenAPI 3.1 requires. Flattens what is one object.
pub fn finalize(document: &mut utoipa::openapi::OpenApi) {
    if let Some(components) = &mut document.components {
        components.schemas.values_mut().for_each(flatten::flatten);
    }
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
        "200" => ("The present state", false),
        "201" => ("Created", false),
        "204" => ("Done", false),
        "404" => ("Not found, or not visible to the caller", true),
        "422" => ("One or more members are not valid", true),
        _ => ("Rejected", true),
    };
    if response.description.is_empty() {
        title.clone_into(&mut response.description);
    }
    if is_problem && let Some(content) = response.content.swap_remove("application/json") {
        response.content.insert("application/problem+json".to_owned(), content);
    }
}
