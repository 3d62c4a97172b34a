//! `PATCH …/clients/{client_id}`: changing a client's details.

use crate::json_body;
use crate::path_params::PathParams;
use crate::problem::{Problem, ProblemDocument};
use crate::request_context::RequestContext;
use crate::response;
use crate::retry::OptimisticRetry;
use crate::routes::clients::keys::validate;
use crate::routes::clients::request::UpdateClientRequest;
use crate::routes::clients::response::ClientResponse;
use crate::routes::clients::{load, target};
use axum::extract::State;
use axum::response::Response;
use shared::adapters::store::{AuditRecord, WriteOutcome};
use shared::app::ManagementState;
use shared::domain::audit::Action;
use shared::domain::client::Client;
use shared::domain::client::client_keys::ClientKeys;
use shared::domain::client::credential::active_last_uses;
use shared::domain::management::ManagementScope;
use shared::domain::reminder::certificate_last_notice;
use shared::services::client_lifecycle::ClientProvisioner;
use std::sync::Arc;

/// Change a client's details.
#[utoipa::path(
    patch, path = "/v1/accounts/{account_id}/clients/{client_id}", tag = "clients",
    request_body = UpdateClientRequest,
    params(
        ("account_id" = String, Path), ("client_id" = String, Path), ("If-Match" = Option<String>, Header)
    ),
    security(("latchkey" = ["clients:manage"])),
    responses(
        (status = 200, body = ClientResponse),
        (status = 404, body = ProblemDocument),
        (status = 412, description = "It has changed since it was read", body = ProblemDocument),
        (status = 422, body = ProblemDocument)
    )
)]
pub async fn update(
    State(management): State<Arc<ManagementState>>,
    PathParams((account_id, client_id)): PathParams<(String, String)>,
    ctx: RequestContext,
) -> Result<Response, Problem> {
    let account = ctx.authorize_account(ManagementScope::ClientsManage, &account_id)?;
    let app = &management.app;
    let audit_context = ctx.audit_context();
    let provisioner = ClientProvisioner {
        store: &app.store,
        client_secrets: &management.client_secrets,
        audit_context: &audit_context,
    };
    let mut attempts = OptimisticRetry::default();
    loop {
        let before = load(&management, &account, &client_id).await?.client;
        ctx.caller.ensure_not_self(&before)?;
        ctx.caller.ensure_scopes_cover(&before)?;
        ctx.if_match.check(before.version)?;
        let (body, mut checked) = json_body::read::<UpdateClientRequest>(ctx.json()?)?;
        let mut after = before.clone();
        body.details.apply(&mut after, app.config.max_access_token_lifetime, ctx.now, &mut checked);
        let errors = validate(&after, &app.config.issuer, &checked);
        checked.extend(errors);
        if !checked.is_ok() {
            return Err(Problem::Invalid(checked.into_errors()));
        }
        let view = |client| ClientResponse::new(client, &app.config.issuer, ctx.now);
        let changed = changed_members(&before, &after);
        if changed.is_empty() {
            return Ok(response::ok_with_etag(before.version, &view(before)));
        }
        (after.version, after.updated_at) = (before.version + 1, ctx.now);
        after.last_uses = active_last_uses(&after);
        after.forget_unstored_values();
        after.certificate_said = certificate_last_notice(&after).cloned();
        let audit = audit_context.audit(&account, Action::ClientUpdated, target(&after), &changed);
        let record = AuditRecord { audit: &audit, idempotency_record: None };
        match provisioner.update_client(&before, &after, &record).await? {
            WriteOutcome::Committed => {
                management.publish(&audit).await;
                return Ok(response::ok_with_etag(after.version, &view(after)));
            }
            WriteOutcome::Rejected(_) => attempts.backoff().await?,
        }
    }
}

fn changed_members(before: &Client, after: &Client) -> Vec<&'static str> {
    macro_rules! compare {
        ($($member:ident),+ $(,)?) => {
            [$((before.$member != after.$member).then_some(stringify!($member))),+]
        };
    }
    let member = |client: &Client| client.key_source.as_ref().map(ClientKeys::member);
    let keys = (before.key_source != after.key_source).then(|| [member(before), member(after)]);
    let [was, is] = keys.unwrap_or_default();
    let keys = [was.filter(|was| is != Some(was)), is];
    compare!(
        client_name,
        description,
        grant_types,
        token_endpoint_auth_method,
        federated_identities,
        access_token_lifetime,
        refresh_token_lifetime,
        redirect_uris,
        allowed_ips,
        contacts,
        secret_storage,
        secret_display,
    )
    .into_iter()
    .chain(keys)
    .flatten()
    .collect()
}
