//! `PUT …/permissions`: what a client may ask tokens for, as a whole.

use crate::auth::{Principal, management_scopes};
use crate::json_body;
use crate::path_params::PathParams;
use crate::problem::{Problem, ProblemDocument};
use crate::request_context::RequestContext;
use crate::response;
use crate::retry::OptimisticRetry;
use crate::routes::clients::request::ReplacePermissionsRequest;
use crate::routes::clients::request_parts::PermissionRequest;
use crate::routes::clients::response::ClientResponse;
use crate::routes::clients::{load, target};
use axum::extract::State;
use axum::response::Response;
use shared::adapters::store::{AuditRecord, WriteOutcome};
use shared::app::{App, ManagementState};
use shared::domain::audit::Action;
use shared::domain::client::permission::{self, Permission};
use shared::domain::management::ManagementScope;
use shared::domain::primitives::validation::FieldError;
use std::sync::Arc;

/// Replace a client's permissions.
#[utoipa::path(
    put, path = "/v1/accounts/{account_id}/clients/{client_id}/permissions", tag = "clients",
    request_body = ReplacePermissionsRequest,
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
pub async fn replace(
    State(management): State<Arc<ManagementState>>,
    PathParams((account_id, client_id)): PathParams<(String, String)>,
    ctx: RequestContext,
) -> Result<Response, Problem> {
    let account = ctx.authorize_account(ManagementScope::ClientsManage, &account_id)?;
    let (body, mut checked) = json_body::read::<ReplacePermissionsRequest>(ctx.json()?)?;
    let wanted = checked.required("permissions", body.permissions);
    let (Some(wanted), true) = (wanted, checked.is_ok()) else {
        return Err(Problem::Invalid(checked.into_errors()));
    };
    let app = &management.app;
    let permissions = resolve(wanted, app, ctx.now).await?.map_err(|errors| {
        Problem::Invalid(errors.into_iter().map(|error| error.nested("permissions")).collect())
    })?;
    let audit_context = ctx.audit_context();
    let mut attempts = OptimisticRetry::default();
    loop {
        let before = load(&management, &account, &client_id).await?.client;
        ctx.caller.ensure_not_self(&before)?;
        ctx.caller.ensure_scopes_cover(&before)?;
        ctx.if_match.check(before.version)?;
        may_grant(&ctx.caller, &before.permissions, &permissions)?;
        let mut after = before.clone();
        after.permissions.clone_from(&permissions);
        let view = |client| ClientResponse::new(client, &app.config.issuer, ctx.now);
        if after.permissions == before.permissions {
            return Ok(response::ok_with_etag(before.version, &view(before)));
        }
        let errors = after.validate();
        if !errors.is_empty() {
            return Err(Problem::Invalid(errors));
        }
        (after.version, after.updated_at) = (before.version + 1, ctx.now);
        let audit = audit_context.audit(
            &account,
            Action::ClientPermissionsReplaced,
            target(&after),
            &["permissions"],
        );
        let record = AuditRecord { audit: &audit, idempotency_record: None };
        match app.store.update_client(&after, &before, &record).await? {
            WriteOutcome::Committed => {
                management.publish(&audit).await;
                return Ok(response::ok_with_etag(after.version, &view(after)));
            }
            WriteOutcome::Rejected(_) => attempts.backoff().await?,
        }
    }
}

/// Checks what was asked for against the catalogue, which is read again before anything is refused.
pub async fn resolve(
    wanted: Vec<PermissionRequest>,
    app: &App,
    now: jiff::Timestamp,
) -> Result<Result<Vec<Permission>, Vec<FieldError>>, Problem> {
    let wanted: Vec<_> = wanted.into_iter().map(|permission| permission.0).collect();
    let catalogue = app.catalogue(now).await?;
    let first = permission::resolve(wanted.clone(), |id| catalogue.value.resources.get(id));
    if first.is_ok() {
        return Ok(first);
    }
    let newer = app.refresh_catalogue(&catalogue, now).await?;
    Ok(permission::resolve(wanted, |id| newer.value.resources.get(id)))
}

/// Refuses to grant management scopes that the caller does not hold. What the client has stays its own.
pub fn may_grant(caller: &Principal, before: &[Permission], after: &[Permission]) -> Result<(), Problem> {
    let added = management_scopes(after).difference(&management_scopes(before)).copied().collect();
    if caller.has_all(&added) {
        Ok(())
    } else {
        Err(Problem::Forbidden("nobody grants a management scope that they do not hold"))
    }
}
