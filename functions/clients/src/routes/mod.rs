//! The routes, grouped by capability, each documented at its handler.

mod accounts;
mod audit;
mod brand;
mod catalogue;
mod clients;
mod consents;
mod console_links;
mod expiries;
mod me;
mod members;
mod resources;
mod secrets;
mod templates;

use crate::problem::Problem;
use axum::response::IntoResponse;
use http::{HeaderValue, header};
use shared::app::ManagementState;
use std::sync::Arc;
use utoipa::OpenApi;
use utoipa_axum::router::{OpenApiRouter, UtoipaMethodRouter};
use utoipa_axum::routes;

/// Every route with its documentation.
pub fn openapi_router() -> OpenApiRouter<Arc<ManagementState>> {
    OpenApiRouter::with_openapi(crate::openapi::ApiDoc::openapi())
        .routes(routes!(me::me))
        .routes(routes!(accounts::create, accounts::list))
        .routes(routes!(accounts::get, accounts::update, accounts::delete))
        .routes(routes!(accounts::export::export))
        .routes(routes!(accounts::revoke_tokens))
        .routes(routes!(accounts::suppressed_addresses::lift))
        .routes(routes!(resources::create, resources::list))
        .routes(routes!(resources::get, resources::update, resources::delete))
        .routes(routes!(resources::list_of_account))
        .routes(routes!(catalogue::get, catalogue::put))
        .routes(routes!(members::add, members::list))
        .routes(routes!(members::get, members::update, members::remove))
        .routes(routes!(members::revoke_tokens))
        .routes(routes!(members::invite))
        .routes(routes!(console_links::issue))
        .routes(routes!(clients::create::create, clients::list))
        .routes(routes!(clients::get, clients::update::update, clients::delete))
        .routes(routes!(clients::permissions::replace))
        .routes(routes!(clients::status::enable))
        .routes(routes!(clients::status::disable))
        .routes(routes!(clients::status::revoke_tokens))
        .routes(routes!(clients::create::duplicate))
        .routes(routes!(clients::refusals::list))
        .routes(routes!(clients::refusals::list_of_account))
        .routes(routes!(expiries::list))
        .routes(routes!(secrets::add, secrets::list))
        .routes(routes!(secrets::get, secrets::update, secrets::revoke))
        .routes(routes!(secrets::pause::pause))
        .routes(routes!(secrets::pause::resume))
        .routes(get_only(routes!(secrets::reveal)))
        .routes(routes!(consents::list))
        .routes(routes!(consents::withdraw))
        .routes(routes!(audit::list))
        .routes(routes!(templates::create, templates::list))
        .routes(routes!(templates::get, templates::update, templates::delete))
        .routes(routes!(brand::get, brand::put, brand::delete))
}

/// A route whose GET is audited, which HEAD must not be (RFC 9110 §9.3.2).
fn get_only(
    (schemas, paths, router): UtoipaMethodRouter<Arc<ManagementState>>,
) -> UtoipaMethodRouter<Arc<ManagementState>> {
    let refuse_head = async || {
        let mut response = Problem::MethodNotAllowed.into_response();
        response.headers_mut().insert(header::ALLOW, HeaderValue::from_static("GET"));
        response
    };
    (schemas, paths, router.head(refuse_head))
}
