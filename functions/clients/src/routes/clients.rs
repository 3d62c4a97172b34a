//! Clients: list, read, delete.

use super::client_view::ClientView;
use crate::call::Call;
use crate::paging::{List, Listing, PageQuery};
use crate::problem::{Problem, ProblemDocument};
use crate::respond;
use crate::segments::Segments;
use axum::extract::State;
use axum::response::Response;
use http::StatusCode;
use serde_json::Value;
use shared::adapters::provisioning::{Provisioner, RemoveRefused};
use shared::adapters::store::ClientAndSecrets;
use shared::assembly::Management;
use shared::domain::account::Status;
use shared::domain::attention::{Attention, attention};
use shared::domain::audit::Target;
use shared::domain::client::Client;
use shared::domain::ids::{AccountId, ClientId};
use shared::domain::management::ManagementScope;
use shared::domain::validation::{Checked, FromJson, Input};
use std::sync::Arc;

/// List an account's clients, newest first.
#[utoipa::path(
    get, path = "/v1/accounts/{account_id}/clients", tag = "clients",
    params(
        ("account_id" = String, Path), PageQuery,
        ("status" = Option<String>, Query, description = "`active` or `disabled`"),
        ("attention" = Option<String>, Query, description = "a reason of `attention`, or `any`"),
        ("q" = Option<String>, Query, description = "part of the name or the id, in any case")
    ),
    security(("latchkey" = ["clients:read"])),
    responses((status = 200, body = List<ClientView>), (status = 404, body = ProblemDocument))
)]
pub async fn list(
    State(management): State<Arc<Management>>,
    Segments(account_id): Segments<String>,
    call: Call,
) -> Result<Response, Problem> {
    let account = call.enter_existing(&management, ManagementScope::ClientsRead, &account_id).await?;
    let app = &management.app;
    let listing = Listing::read(app, &call, &["status", "attention", "q"]).await?;
    let filter = Filter::read(&listing)?;
    let wanted = |client: &Client| filter.wants(client, call.now);
    let page = app.store.list_clients(&account, listing.limit.into(), listing.after.as_ref(), wanted).await?;
    let view = |client| ClientView::new(client, &app.config.issuer, call.now);
    Ok(respond::json(StatusCode::OK, &listing.answer(app, &call, page, view).await?))
}

/// What a list is narrowed to.
struct Filter {
    status: Option<Status>,
    attention: Option<Wanted>,
    q: Option<String>,
}

enum Wanted {
    Any,
    One(Attention),
}

impl Filter {
    fn read(listing: &Listing) -> Result<Self, Problem> {
        let given = |name| listing.filters.get(name).map(|text| Value::String(text.clone()));
        let mut checked = Checked::new();
        let status = given("status").map(|value| Input::Given(Status::from_json(&value))).unwrap_or_default();
        let attention = given("attention").map(|value| {
            Input::Given(match value.as_str() {
                Some("any") => Ok(Wanted::Any),
                _ => Attention::from_json(&value).map(Wanted::One),
            })
        });
        let filter = Self {
            status: checked.optional("status", status),
            attention: checked.optional("attention", attention.unwrap_or_default()),
            q: listing.filters.get("q").map(|text| text.to_lowercase()),
        };
        if checked.is_clean() { Ok(filter) } else { Err(Problem::Invalid(checked.into_errors())) }
    }

    fn wants(&self, client: &Client, now: jiff::Timestamp) -> bool {
        let status = self.status.is_none_or(|status| client.status == status);
        let attention = match &self.attention {
            None => true,
            Some(Wanted::Any) => !attention(client, now).is_empty(),
            Some(Wanted::One(reason)) => attention(client, now).contains(reason),
        };
        let found = self.q.as_ref().is_none_or(|part| {
            client.client_name.as_str().to_lowercase().contains(part)
                || client.client_id.as_str().to_lowercase().contains(part)
        });
        status && attention && found
    }
}

/// Read a client.
#[utoipa::path(
    get, path = "/v1/accounts/{account_id}/clients/{client_id}", tag = "clients",
    params(("account_id" = String, Path), ("client_id" = String, Path)),
    security(("latchkey" = ["clients:read"])),
    responses((status = 200, body = ClientView), (status = 404, body = ProblemDocument))
)]
pub async fn get(
    State(management): State<Arc<Management>>,
    Segments((account_id, client_id)): Segments<(String, String)>,
    call: Call,
) -> Result<Response, Problem> {
    let account = call.enter(ManagementScope::ClientsRead, &account_id)?;
    let client = load(&management, &account, &client_id).await?.client;
    let version = client.version;
    Ok(respond::thing(version, &ClientView::new(client, &management.app.config.issuer, call.now)))
}

/// Delete a client with all its secrets. Its id is never used again.
#[utoipa::path(
    delete, path = "/v1/accounts/{account_id}/clients/{client_id}", tag = "clients",
    params(
        ("account_id" = String, Path), ("client_id" = String, Path), ("If-Match" = Option<String>, Header)
    ),
    security(("latchkey" = ["clients:manage"])),
    responses(
        (status = 204),
        (status = 404, body = ProblemDocument),
        (status = 412, description = "It has changed since it was read", body = ProblemDocument)
    )
)]
pub async fn delete(
    State(management): State<Arc<Management>>,
    Segments((account_id, client_id)): Segments<(String, String)>,
    call: Call,
) -> Result<Response, Problem> {
    let account = call.enter(ManagementScope::ClientsManage, &account_id)?;
    let client = load(&management, &account, &client_id).await?.client;
    call.caller.is_not(&client)?;
    call.caller.outranks(&client)?;
    let mandate = call.mandate();
    let provisioner =
        Provisioner { store: &management.app.store, vault: &management.vault, mandate: &mandate };
    let acceptable = |version| call.if_match.accepts(version);
    match provisioner.delete_client(&account, &client.client_id, &acceptable).await? {
        Ok(audit) => {
            management.announce(&audit).await;
            Ok(respond::no_content())
        }

        Err(RemoveRefused::NotFound) => Err(Problem::NotFound),
        Err(RemoveRefused::Changed) => Err(Problem::Changed),
        Err(RemoveRefused::Busy) => Err(Problem::BUSY),
    }
}

/// A client of this account. Another's looks like one that is not there.
pub async fn load(
    management: &Management,
    account: &AccountId,
    id: &str,
) -> Result<ClientAndSecrets, Problem> {
    let id = ClientId::parse(id).map_err(|_| Problem::NotFound)?;
    let known = management.app.store.load_client(&id).await?;
    known.filter(|known| known.client.account_id == *account).ok_or(Problem::NotFound)
}

/// What an audit entry about a client points at.
pub fn target(client: &Client) -> Target {
    Target { client_id: Some(client.client_id.clone()), ..Target::default() }
}
