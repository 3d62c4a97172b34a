//! `POST …/enable` and `…/disable`: whether a client may act. Both act on its next request.

use super::client_view::ClientView;
use super::clients::{load, target};
use crate::call::Call;
use crate::contention::Attempts;
use crate::idempotency;
use crate::problem::{Problem, ProblemDocument};
use crate::respond;
use crate::segments::Segments;
use axum::extract::State;
use axum::response::Response;
use shared::adapters::store::{Created, Outcome, Record, Refused};
use shared::assembly::Management;
use shared::domain::account::Status;
use shared::domain::audit::Action;
use shared::domain::client::Client;
use shared::domain::ids::AccountId;
use shared::domain::management::ManagementScope;
use std::sync::Arc;

/// Let a client act again.
#[utoipa::path(
    post, path = "/v1/accounts/{account_id}/clients/{client_id}/enable", tag = "clients",
    params(
        ("account_id" = String, Path), ("client_id" = String, Path), ("Idempotency-Key" = Option<String>, Header)
    ),
    security(("latchkey" = ["clients:manage"])),
    responses((status = 200, body = ClientView), (status = 404, body = ProblemDocument))
)]
pub async fn enable(
    State(management): State<Arc<Management>>,
    Segments((account_id, client_id)): Segments<(String, String)>,
    call: Call,
) -> Result<Response, Problem> {
    let account = call.enter(ManagementScope::ClientsManage, &account_id)?;
    set(&management, &call, &account, &client_id, Status::Active, Action::ClientEnabled).await
}

/// Stop a client from acting: it gets no token, and its tokens count as inactive.
#[utoipa::path(
    post, path = "/v1/accounts/{account_id}/clients/{client_id}/disable", tag = "clients",
    params(
        ("account_id" = String, Path), ("client_id" = String, Path), ("Idempotency-Key" = Option<String>, Header)
    ),
    security(("latchkey" = ["clients:manage"])),
    responses((status = 200, body = ClientView), (status = 404, body = ProblemDocument))
)]
pub async fn disable(
    State(management): State<Arc<Management>>,
    Segments((account_id, client_id)): Segments<(String, String)>,
    call: Call,
) -> Result<Response, Problem> {
    let account = call.enter(ManagementScope::ClientsManage, &account_id)?;
    set(&management, &call, &account, &client_id, Status::Disabled, Action::ClientDisabled).await
}

async fn set(
    management: &Management,
    call: &Call,
    account: &AccountId,
    client_id: &str,
    status: Status,
    action: Action,
) -> Result<Response, Problem> {
    let answer = |client: Client| {
        let view = ClientView::new(client.clone(), &management.app.config.issuer, call.now);
        respond::thing(client.version, &view)
    };
    let mut repeated = idempotency::earlier(management, call).await?.is_some();
    let mandate = call.mandate();
    let mut attempts = Attempts::default();
    loop {
        let before = load(management, account, client_id).await?.client;
        call.caller.is_not(&before)?;
        call.caller.outranks(&before)?;
        if repeated {
            return Ok(answer(before));
        }
        let created = Created::Client { client_id: before.client_id.clone(), secret_id: None };
        let receipt = mandate.receipt(created);
        if before.status == status {
            // A repeat has nothing to do either, whatever becomes of the client until then.
            if let Some(receipt) = &receipt
                && management.app.store.keep_receipt(receipt).await? != Outcome::Done
            {
                idempotency::surely_earlier(management, call).await?;
            }
            return Ok(answer(before));
        }
        let mut after = before.clone();
        (after.status, after.version, after.updated_at) = (status, before.version + 1, call.now);
        let audit = mandate.audit(account, action, target(&after), &["status"]);
        let record = Record { audit: &audit, receipt: receipt.as_ref() };
        match management.app.store.update_client(&after, &before, &record).await? {
            Outcome::Done => {
                management.announce(&audit).await;
                return Ok(answer(after));
            }
            Outcome::Refused(Refused::Replayed) => {
                idempotency::surely_earlier(management, call).await?;
                repeated = true;
            }
            Outcome::Refused(_) => attempts.again().await?,
        }
    }
}
