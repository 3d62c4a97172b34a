//! The routes, one file per room, each documented where it is handled.

mod accounts;
mod audit;
mod client_body;
mod client_parts;
mod client_view;
mod clients;
mod consents;
mod create_client;
mod duplicate;
mod key_members;
mod member_body;
mod members;
pub mod oauth_document;
pub mod openapi;
mod permissions;
mod resource_body;
mod resources;
mod secrets;
mod status;
mod update_client;

use shared::assembly::Management;
use std::sync::Arc;
use utoipa::OpenApi;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

/// Every route with its documentation.
pub fn documented() -> OpenApiRouter<Arc<Management>> {
    OpenApiRouter::with_openapi(openapi::Document::openapi())
        .routes(routes!(accounts::create, accounts::list))
        .routes(routes!(accounts::get, accounts::update))
        .routes(routes!(resources::create, resources::list))
        .routes(routes!(resources::get, resources::update, resources::delete))
        .routes(routes!(members::add, members::list))
        .routes(routes!(members::update, members::remove))
        .routes(routes!(create_client::create, clients::list))
        .routes(routes!(clients::get, update_client::update, clients::delete))
        .routes(routes!(permissions::replace))
        .routes(routes!(status::enable))
        .routes(routes!(status::disable))
        .routes(routes!(duplicate::duplicate))
        .routes(routes!(secrets::add, secrets::list))
        .routes(routes!(secrets::revoke))
        .routes(routes!(secrets::reveal))
        .routes(routes!(consents::list))
        .routes(routes!(consents::withdraw))
        .routes(routes!(audit::list))
}
