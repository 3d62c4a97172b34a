//! Clients: list, read, delete.

pub mod consents;
pub mod create;
pub mod duplicate;
pub mod keys;
pub mod permissions;
pub mod request;
pub mod request_parts;
pub mod response;
pub mod secrets;
pub mod status;
pub mod update;

use crate::pagination::{PageParams, PageRequest, PageResponse};
use crate::path_params::PathParams;
use crate::problem::{Problem, ProblemDocument};
use crate::request_context::RequestContext;
use crate::routes::clients::response::ClientResponse;
use axum::extract::State;
use axum::response::Response;
use http::StatusCode;
use serde_json::Value;
use shared::adapters::store::ClientWithSecrets;
use shared::app::ManagementState;
use shared::domain::account::Status;
use shared::domain::audit::Target;
use shared::domain::client::Client;
use shared::domain::client::attention::{Attention, attention};
use shared::domain::management::ManagementScope;
use shared::domain::primitives::ids::{AccountId, ClientId};
use shared::domain::primitives::validation::{Field, FromJson, Validator};
use shared::services::client_lifecycle::{ClientProvisioner, DeleteError};
use std::sync::Arc;

/// List an account's clients, newest first.
#[utoipa::path(
    get, path = "/v1/accounts/{account_id}/clients", tag = "clients",
    params(
        ("account_id" = String, Path), PageParams,
        ("status" = Option<String>, Query, description = "`active` or `disabled`"),
        ("attention" = Option<String>, Query, description = "a reason of `attention`, or `any`"),
        ("q" = Option<String>, Query, description = "part of the name or the id, in any case")
    ),
    security(("latchkey" = ["clients:read"])),
    responses((status = 200, body = PageResponse<ClientResponse>), (status = 404, body = ProblemDocument))
)]
pub async fn list(
    State(management): State<Arc<ManagementState>>,
    PathParams(account_id): PathParams<String>,
    ctx: RequestContext,
) -> Result<Response, Problem> {
    let account =
        ctx.authorize_existing_account(&management, ManagementScope::ClientsRead, &account_id).await?;
    let app = &management.app;
    let listing = PageRequest::read(app, &ctx, &["status", "attention", "q"]).await?;
    let filter = ClientFilter::read(&listing)?;
    let wanted = |client: &Client| filter.wants(client, ctx.now);
    let page = app.store.list_clients(&account, listing.limit.into(), listing.after.as_ref(), wanted).await?;
    let view = |client| ClientResponse::new(client, &app.config.issuer, ctx.now);
    Ok(crate::response::json(StatusCode::OK, &listing.answer(app, &ctx, page, view).await?))
}

/// What a list is narrowed to.
struct ClientFilter {
    status: Option<Status>,
    attention: Option<AttentionFilter>,
    q: Option<String>,
}

enum AttentionFilter {
    Any,
    Reason(Attention),
}

impl ClientFilter {
    fn read(listing: &PageRequest) -> Result<Self, Problem> {
        let given = |name| listing.filters.get(name).map(|text| Value::String(text.clone()));
        let mut checked = Validator::new();
        let status =
            given("status").map(|value| Field::Present(Status::from_json(&value))).unwrap_or_default();
        let attention = given("attention").map(|value| {
            Field::Present(match value.as_str() {
                Some("any") => Ok(AttentionFilter::Any),
                _ => Attention::from_json(&value).map(AttentionFilter::Reason),
            })
        });
        let filter = Self {
            status: checked.optional("status", status),
            attention: checked.optional("attention", attention.unwrap_or_default()),
            q: listing.filters.get("q").map(|text| text.to_lowercase()),
        };
        if checked.is_ok() { Ok(filter) } else { Err(Problem::Invalid(checked.into_errors())) }
    }

    fn wants(&self, client: &Client, now: jiff::Timestamp) -> bool {
        let status = self.status.is_none_or(|status| client.status == status);
        let attention = match &self.attention {
            None => true,
            Some(AttentionFilter::Any) => !attention(client, now).is_empty(),
            Some(AttentionFilter::Reason(reason)) => attention(client, now).contains(reason),
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
    responses((status = 200, body = ClientResponse), (status = 404, body = ProblemDocument))
)]
pub async fn get(
    State(management): State<Arc<ManagementState>>,
    PathParams((account_id, client_id)): PathParams<(String, String)>,
    ctx: RequestContext,
) -> Result<Response, Problem> {
    let account = ctx.authorize_account(ManagementScope::ClientsRead, &account_id)?;
    let client = load(&management, &account, &client_id).await?.client;
    let version = client.version;
    Ok(crate::response::ok_with_etag(
        version,
        &ClientResponse::new(client, &management.app.config.issuer, ctx.now),
    ))
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
    State(management): State<Arc<ManagementState>>,
    PathParams((account_id, client_id)): PathParams<(String, String)>,
    ctx: RequestContext,
) -> Result<Response, Problem> {
    let account = ctx.authorize_account(ManagementScope::ClientsManage, &account_id)?;
    let client = load(&management, &account, &client_id).await?.client;
    ctx.caller.ensure_not_self(&client)?;
    ctx.caller.ensure_scopes_cover(&client)?;
    let audit_context = ctx.audit_context();
    let provisioner = ClientProvisioner {
        store: &management.app.store,
        client_secrets: &management.client_secrets,
        audit_context: &audit_context,
    };
    let acceptable = |version| ctx.if_match.accepts(version);
    match provisioner.delete_client(&account, &client.client_id, &acceptable).await? {
        Ok(audit) => {
            management.publish(&audit).await;
            Ok(crate::response::no_content())
        }

        Err(DeleteError::NotFound) => Err(Problem::NotFound),
        Err(DeleteError::Changed) => Err(Problem::PreconditionFailed),
        Err(DeleteError::Busy) => Err(Problem::CONTENTION),
    }
}

/// A client of this account. Another's looks like one that is not there.
pub async fn load(
    management: &ManagementState,
    account: &AccountId,
    id: &str,
) -> Result<ClientWithSecrets, Problem> {
    let id = ClientId::parse(id).map_err(|_| Problem::NotFound)?;
    let known = management.app.store.load_client(&id).await?;
    known.filter(|known| known.client.account_id == *account).ok_or(Problem::NotFound)
}

/// What an audit entry about a client points at.
pub fn target(client: &Client) -> Target {
    Target { client_id: Some(client.client_id.clone()), ..Target::default() }
}
