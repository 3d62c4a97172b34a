//! `PUT …/permissions`: what a client may ask tokens for, as a whole.

use super::client_body::ReplacePermissions;
use super::client_parts::WantedPermission;
use super::client_view::ClientView;
use super::clients::{load, target};
use crate::body;
use crate::call::Call;
use crate::caller::{Caller, management_scopes};
use crate::contention::Attempts;
use crate::problem::{Problem, ProblemDocument};
use crate::respond;
use crate::segments::Segments;
use axum::extract::State;
use axum::response::Response;
use shared::adapters::store::{Outcome, Record};
use shared::assembly::{App, Management};
use shared::domain::audit::Action;
use shared::domain::management::ManagementScope;
use shared::domain::permission::{self, Permission};
use shared::domain::validation::FieldError;
use std::sync::Arc;

/// Replace a client's permissions.
#[utoipa::path(
    put, path = "/v1/accounts/{account_id}/clients/{client_id}/permissions", tag = "clients",
    request_body = ReplacePermissions,
    params(
        ("account_id" = String, Path), ("client_id" = String, Path), ("If-Match" = Option<String>, Header)
    ),
    security(("latchkey" = ["clients:manage"])),
    responses(
        (status = 200, body = ClientView),
        (status = 404, body = ProblemDocument),
        (status = 412, description = "It has changed since it was read", body = ProblemDocument),
        (status = 422, body = ProblemDocument)
    )
)]
pub async fn replace(
    State(management): State<Arc<Management>>,
    Segments((account_id, client_id)): Segments<(String, String)>,
    call: Call,
) -> Result<Response, Problem> {
    let account = call.enter(ManagementScope::ClientsManage, &account_id)?;
    let (body, mut checked) = body::read::<ReplacePermissions>(call.json()?)?;
    let wanted = checked.required("permissions", body.permissions);
    let (Some(wanted), true) = (wanted, checked.is_clean()) else {
        return Err(Problem::Invalid(checked.into_errors()));
    };
    let app = &management.app;
    let permissions = resolve(wanted, app, call.now).await?.map_err(|errors| {
        Problem::Invalid(errors.into_iter().map(|error| error.below("permissions")).collect())
    })?;
    let mandate = call.mandate();
    let mut attempts = Attempts::default();
    loop {
        let before = load(&management, &account, &client_id).await?.client;
        call.caller.is_not(&before)?;
        call.caller.outranks(&before)?;
        call.if_match.check(before.version)?;
        may_grant(&call.caller, &before.permissions, &permissions)?;
        let mut after = before.clone();
        after.permissions.clone_from(&permissions);
        let view = |client| ClientView::new(client, &app.config.issuer, call.now);
        if after.permissions == before.permissions {
            return Ok(respond::thing(before.version, &view(before)));
        }
        let errors = after.inconsistencies();
        if !errors.is_empty() {
            return Err(Problem::Invalid(errors));
        }
        (after.version, after.updated_at) = (before.version + 1, call.now);
        let audit =
            mandate.audit(&account, Action::ClientPermissionsReplaced, target(&after), &["permissions"]);
        let record = Record { audit: &audit, receipt: None };
        match app.store.update_client(&after, &before, &record).await? {
            Outcome::Done => {
                management.announce(&audit).await;
                return Ok(respond::thing(after.version, &view(after)));
            }
            Outcome::Refused(_) => attempts.again().await?,
        }
    }
}

/// Checks what was asked for against the catalogue, which is read again before anything is refused.
pub async fn resolve(
    wanted: Vec<WantedPermission>,
    app: &App,
    now: jiff::Timestamp,
) -> Result<Result<Vec<Permission>, Vec<FieldError>>, Problem> {
    let wanted: Vec<_> = wanted.into_iter().map(|permission| permission.0).collect();
    let catalogue = app.catalogue(now).await?;
    let first = permission::resolve(wanted.clone(), |id| catalogue.value.resources.get(id));
    if first.is_ok() {
        return Ok(first);
    }
    let newer = app.newer_catalogue(&catalogue, now).await?;
    Ok(permission::resolve(wanted, |id| newer.value.resources.get(id)))
}

/// Refuses to grant management scopes that the caller does not hold. What the client has stays its own.
pub fn may_grant(caller: &Caller, before: &[Permission], after: &[Permission]) -> Result<(), Problem> {
    let added = management_scopes(after).difference(&management_scopes(before)).copied().collect();
    if caller.holds(&added) {
        Ok(())
    } else {
        Err(Problem::Forbidden("nobody grants a management scope that they do not hold"))
    }
}
