//! Pages about clients.

pub mod activity;
pub mod badges;
pub mod credentials;
pub mod edit;
pub mod keys;
pub mod list;
pub mod new;
pub mod overview;
pub mod permissions;
pub mod reminders;
pub mod rotate;
pub mod settings;
pub mod status;
pub mod use_it;

use crate::account_request::AccountRequest;
use crate::frame::{Frame, FrameClient, Link, NavEntry, display_name};
use crate::pages::clients::badges::StatusBadge;
use crate::state::ConsoleState;
use shared::domain::client::{Client, GrantType};
use shared::domain::management::ManagementScope;

/// The pages above a page about a client.
pub fn client_crumbs(request: &AccountRequest, client: &Client) -> Vec<Link> {
    let list = Link { href: request.url("/clients"), text: request.texts.get("clients-title") };
    let href = request.url(&format!("/clients/{}", client.client_id));
    vec![list, Link { href, text: display_name(&client.client_name) }]
}

/// The frame of a page about a client.
pub fn client_frame<'a>(
    state: &'a ConsoleState,
    request: &AccountRequest,
    client: &Client,
    title: String,
) -> Frame<'a> {
    Frame::in_account(state, request, title)
        .below(client_crumbs(request, client))
        .about(frame_client(client))
        .among(client_tabs(request, client))
}

/// A client as the frame of its pages shows it.
pub fn frame_client(client: &Client) -> FrameClient {
    FrameClient {
        name: display_name(&client.client_name),
        id: client.client_id.to_string(),
        status: StatusBadge::of(client),
        is_heading: false,
        main_action: None,
        actions: Vec::new(),
    }
}

/// Whether people can let a client act for them.
pub fn is_for_people(client: &Client) -> bool {
    client.grant_types.contains(&GrantType::AuthorizationCode)
}

/// The pages of a client that the person may see.
pub fn client_tabs(request: &AccountRequest, client: &Client) -> Vec<NavEntry> {
    let own = request.url(&format!("/clients/{}", client.client_id));
    let tab = |segment: &str, text: String| {
        let href = format!("{own}{segment}");
        let is_current =
            if segment.is_empty() { request.path == href } else { request.path.starts_with(&href) };
        NavEntry { href, text, is_current }
    };
    let texts = request.texts;
    let mut tabs = vec![
        tab("", texts.get("tab-overview")),
        tab("/permissions", texts.get("tab-permissions")),
        tab("/credentials", texts.get("tab-credentials")),
    ];
    if request.may(ManagementScope::ClientsManage) {
        tabs.push(tab("/settings", texts.get("tab-settings")));
    }
    tabs.push(tab("/use", texts.get("tab-use")));
    if is_for_people(client) {
        tabs.push(tab("/people", texts.get("tab-people")));
    }
    tabs.push(tab("/activity", texts.get("tab-activity")));
    tabs
}

/// URL of the page of a client's credentials, or of one below it.
pub fn credentials_url(request: &AccountRequest, client_id: &str, below: &str) -> String {
    request.url(&format!("/clients/{client_id}/credentials{below}"))
}
