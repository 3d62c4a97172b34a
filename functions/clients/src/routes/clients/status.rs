//! `POST …/enable` and `…/disable`: whether a client may act. Both act on its next request.

use crate::idempotency;
use crate::path_params::PathParams;
use crate::problem::{Problem, ProblemDocument};
use crate::request_context::RequestContext;
use crate::response;
use crate::retry::OptimisticRetry;
use crate::routes::clients::response::ClientResponse;
use crate::routes::clients::{load, target};
use axum::extract::State;
use axum::response::Response;
use shared::adapters::store::{AuditRecord, Created, WriteConflict, WriteOutcome};
use shared::app::ManagementState;
use shared::domain::account::Status;
use shared::domain::audit::Action;
use shared::domain::client::Client;
use shared::domain::management::ManagementScope;
use shared::domain::primitives::ids::AccountId;
use std::sync::Arc;

/// Let a client act again.
#[utoipa::path(
    post, path = "/v1/accounts/{account_id}/clients/{client_id}/enable", tag = "clients",
    params(
        ("account_id" = String, Path), ("client_id" = String, Path), ("Idempotency-Key" = Option<String>, Header)
    ),
    security(("latchkey" = ["clients:manage"])),
    responses((status = 200, body = ClientResponse), (status = 404, body = ProblemDocument))
)]
pub async fn enable(
    State(management): State<Arc<ManagementState>>,
    PathParams((account_id, client_id)): PathParams<(String, String)>,
    ctx: RequestContext,
) -> Result<Response, Problem> {
    let account = ctx.authorize_account(ManagementScope::ClientsManage, &account_id)?;
    set(&management, &ctx, &account, &client_id, Status::Active, Action::ClientEnabled).await
}

/// Stop a client from acting: it gets no token, and its tokens count as inactive.
#[utoipa::path(
    post, path = "/v1/accounts/{account_id}/clients/{client_id}/disable", tag = "clients",
    params(
        ("account_id" = String, Path), ("client_id" = String, Path), ("Idempotency-Key" = Option<String>, Header)
    ),
    security(("latchkey" = ["clients:manage"])),
    responses((status = 200, body = ClientResponse), (status = 404, body = ProblemDocument))
)]
pub async fn disable(
    State(management): State<Arc<ManagementState>>,
    PathParams((account_id, client_id)): PathParams<(String, String)>,
    ctx: RequestContext,
) -> Result<Response, Problem> {
    let account = ctx.authorize_account(ManagementScope::ClientsManage, &account_id)?;
    set(&management, &ctx, &account, &client_id, Status::Disabled, Action::ClientDisabled).await
}

async fn set(
    management: &ManagementState,
    ctx: &RequestContext,
    account: &AccountId,
    client_id: &str,
    status: Status,
    action: Action,
) -> Result<Response, Problem> {
    let answer = |client: Client| {
        let view = ClientResponse::new(client.clone(), &management.app.config.issuer, ctx.now);
        response::ok_with_etag(client.version, &view)
    };
    let mut repeated = idempotency::find_record(management, ctx).await?.is_some();
    let audit_context = ctx.audit_context();
    let mut attempts = OptimisticRetry::default();
    loop {
        let before = load(management, account, client_id).await?.client;
        ctx.caller.ensure_not_self(&before)?;
        ctx.caller.ensure_scopes_cover(&before)?;
        if repeated {
            return Ok(answer(before));
        }
        let created = Created::Client { client_id: before.client_id.clone(), secret_id: None };
        let idempotency_record = audit_context.idempotency_record(created);
        if before.status == status {
            // A repeat has nothing to do either, whatever becomes of the client until then.
            if let Some(idempotency_record) = &idempotency_record
                && management.app.store.put_idempotency_record(idempotency_record).await?
                    != WriteOutcome::Committed
            {
                idempotency::require_record(management, ctx).await?;
            }
            return Ok(answer(before));
        }
        let mut after = before.clone();
        (after.status, after.version, after.updated_at) = (status, before.version + 1, ctx.now);
        let audit = audit_context.audit(account, action, target(&after), &["status"]);
        let record = AuditRecord { audit: &audit, idempotency_record: idempotency_record.as_ref() };
        match management.app.store.update_client(&after, &before, &record).await? {
            WriteOutcome::Committed => {
                management.publish(&audit).await;
                return Ok(answer(after));
            }
            WriteOutcome::Rejected(WriteConflict::IdempotentReplay) => {
                idempotency::require_record(management, ctx).await?;
                repeated = true;
            }
            WriteOutcome::Rejected(_) => attempts.backoff().await?,
        }
    }
}
