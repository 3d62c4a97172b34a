//! Pages about clients.

pub mod badges;
pub mod list;
mod list_query;
pub mod overview;
pub mod status;

use crate::account_request::AccountRequest;
use crate::frame::{Link, display_name};
use shared::domain::client::Client;

/// The pages above a page about a client.
pub fn client_crumbs(request: &AccountRequest, client: &Client) -> Vec<Link> {
    let list = Link { href: request.url("/clients"), text: request.texts.get("clients-title") };
    let href = request.url(&format!("/clients/{}", client.client_id));
    vec![list, Link { href, text: display_name(&client.client_name) }]
}
