//! Members: the people of an account, and what they may manage.

pub mod request;

use crate::idempotency;
use crate::json_body;
use crate::pagination::{PageParams, PageRequest, PageResponse};
use crate::path_params::PathParams;
use crate::problem::{Problem, ProblemDocument};
use crate::request_context::RequestContext;
use crate::response;
use crate::retry::OptimisticRetry;
use crate::routes::accounts;
use crate::routes::members::request::{AddMemberRequest, MemberResponse, UpdateMemberRequest};
use axum::extract::State;
use axum::response::Response;
use http::StatusCode;
use percent_encoding::{NON_ALPHANUMERIC, utf8_percent_encode};
use shared::adapters::store::{AuditRecord, Created, WriteConflict, WriteOutcome};
use shared::app::ManagementState;
use shared::domain::account::Member;
use shared::domain::audit::{Action, Target};
use shared::domain::management::ManagementScope;
use shared::domain::primitives::email::EmailAddress;
use shared::domain::primitives::ids::AccountId;
use std::collections::BTreeSet;
use std::sync::Arc;

const NOT_HELD: &str = "nobody grants a permission that they do not hold";

/// Add a person to an account.
#[utoipa::path(
    post, path = "/v1/accounts/{account_id}/members", tag = "members", request_body = AddMemberRequest,
    params(("account_id" = String, Path), ("Idempotency-Key" = Option<String>, Header)),
    security(("latchkey" = ["members:manage"])),
    responses(
        (status = 201, body = MemberResponse),
        (status = 409, description = "They are a member already", body = ProblemDocument),
        (status = 422, body = ProblemDocument)
    )
)]
pub async fn add(
    State(management): State<Arc<ManagementState>>,
    PathParams(account_id): PathParams<String>,
    ctx: RequestContext,
) -> Result<Response, Problem> {
    let account = ctx.authorize_account(ManagementScope::MembersManage, &account_id)?;
    if let Some(created) = idempotency::find_record(&management, &ctx).await? {
        return backoff(&management, created).await;
    }
    let (body, mut checked) = json_body::read::<AddMemberRequest>(ctx.json()?)?;
    let email = checked.required("email", body.email);
    let name = checked.required("name", body.name);
    let permissions = checked.optional("permissions", body.permissions).unwrap_or_default();
    let (Some(email), Some(name), true) = (email, name, checked.is_ok()) else {
        return Err(Problem::Invalid(checked.into_errors()));
    };
    let permissions: BTreeSet<_> = permissions.into_iter().collect();
    if !ctx.caller.has_all(&permissions) {
        return Err(Problem::Forbidden(NOT_HELD));
    }
    let member = Member {
        account_id: account.clone(),
        email,
        name,
        permissions,
        created_at: ctx.now,
        updated_at: ctx.now,
        version: 1,
    };
    let audit_context = ctx.audit_context();
    let audit = audit_context.audit(&account, Action::MemberAdded, target(&member), &[]);
    let idempotency_record = audit_context
        .idempotency_record(Created::Member { account_id: account.clone(), email: member.email.clone() });
    let mut attempts = OptimisticRetry::default();
    loop {
        let record = AuditRecord { audit: &audit, idempotency_record: idempotency_record.as_ref() };
        match management.app.store.add_member(&member, &record).await? {
            WriteOutcome::Committed => {
                management.publish(&audit).await;
                return Ok(answer(member.clone()));
            }
            WriteOutcome::Rejected(WriteConflict::IdempotentReplay) => {
                let created = idempotency::require_record(&management, &ctx).await?;
                return backoff(&management, created).await;
            }

            WriteOutcome::Rejected(WriteConflict::AlreadyExists) => {
                return Err(Problem::Conflict(
                    "member_exists",
                    "this person is a member already; change the entry instead",
                ));
            }
            WriteOutcome::Rejected(WriteConflict::AccountInactive) => {
                return Err(accounts::gone(&management, &account).await?);
            }
            WriteOutcome::Rejected(_) => attempts.backoff().await?,
        }
    }
}

fn answer(member: Member) -> Response {
    let email = utf8_percent_encode(member.email.as_str(), NON_ALPHANUMERIC);
    let client_path = format!("/v1/accounts/{}/members/{email}", member.account_id);
    response::created(&client_path, Some(member.version), &MemberResponse::from(member))
}

async fn backoff(management: &ManagementState, created: Created) -> Result<Response, Problem> {
    let Created::Member { account_id, email } = created else {
        return Err(Problem::IdempotencyKeyReused);
    };
    load(management, &account_id, &email).await.map(answer)
}

/// List an account's members.
#[utoipa::path(
    get, path = "/v1/accounts/{account_id}/members", tag = "members",
    params(("account_id" = String, Path), PageParams),
    security(("latchkey" = ["members:manage"])),
    responses((status = 200, body = PageResponse<MemberResponse>), (status = 404, body = ProblemDocument))
)]
pub async fn list(
    State(management): State<Arc<ManagementState>>,
    PathParams(account_id): PathParams<String>,
    ctx: RequestContext,
) -> Result<Response, Problem> {
    let account =
        ctx.authorize_existing_account(&management, ManagementScope::MembersManage, &account_id).await?;
    let app = &management.app;
    let listing = PageRequest::read(app, &ctx, &[]).await?;
    let page = app.store.list_members(&account, listing.limit.into(), listing.after.as_ref()).await?;
    Ok(response::json(StatusCode::OK, &listing.answer(app, &ctx, page, MemberResponse::from).await?))
}

/// Change a member.
#[utoipa::path(
    patch, path = "/v1/accounts/{account_id}/members/{email}", tag = "members", request_body = UpdateMemberRequest,
    params(("account_id" = String, Path), ("email" = String, Path), ("If-Match" = Option<String>, Header)),
    security(("latchkey" = ["members:manage"])),
    responses(
        (status = 200, body = MemberResponse),
        (status = 404, body = ProblemDocument),
        (status = 412, description = "It has changed since it was read", body = ProblemDocument),
        (status = 422, body = ProblemDocument)
    )
)]
pub async fn update(
    State(management): State<Arc<ManagementState>>,
    PathParams((account_id, email)): PathParams<(String, String)>,
    ctx: RequestContext,
) -> Result<Response, Problem> {
    let account = ctx.authorize_account(ManagementScope::MembersManage, &account_id)?;
    let email = EmailAddress::parse(&email).map_err(|_| Problem::NotFound)?;
    let (body, mut checked) = json_body::read::<UpdateMemberRequest>(ctx.json()?)?;
    let name = checked.optional("name", body.name);
    let permissions = checked.optional("permissions", body.permissions);
    if !checked.is_ok() {
        return Err(Problem::Invalid(checked.into_errors()));
    }
    let permissions: Option<BTreeSet<_>> = permissions.map(|list| list.into_iter().collect());
    let audit_context = ctx.audit_context();
    let mut attempts = OptimisticRetry::default();
    loop {
        let before = load(&management, &account, &email).await?;
        ctx.if_match.check(before.version)?;
        let mut after = before.clone();
        after.name = name.clone().unwrap_or(after.name);
        after.permissions = permissions.clone().unwrap_or(after.permissions);
        if !ctx.caller.has_all(&after.permissions.difference(&before.permissions).copied().collect()) {
            return Err(Problem::Forbidden(NOT_HELD));
        }
        let mut changed = Vec::new();
        changed.extend((after.name != before.name).then_some("name"));
        changed.extend((after.permissions != before.permissions).then_some("permissions"));
        if changed.is_empty() {
            return Ok(response::ok_with_etag(before.version, &MemberResponse::from(before)));
        }
        (after.version, after.updated_at) = (before.version + 1, ctx.now);
        let audit = audit_context.audit(&account, Action::MemberUpdated, target(&after), &changed);
        let record = AuditRecord { audit: &audit, idempotency_record: None };
        match management.app.store.update_member(&after, before.version, &record).await? {
            WriteOutcome::Committed => {
                management.publish(&audit).await;
                return Ok(response::ok_with_etag(after.version, &MemberResponse::from(after)));
            }
            WriteOutcome::Rejected(_) => attempts.backoff().await?,
        }
    }
}

/// Remove a person from an account.
#[utoipa::path(
    delete, path = "/v1/accounts/{account_id}/members/{email}", tag = "members",
    params(("account_id" = String, Path), ("email" = String, Path), ("If-Match" = Option<String>, Header)),
    security(("latchkey" = ["members:manage"])),
    responses(
        (status = 204),
        (status = 404, body = ProblemDocument),
        (status = 412, description = "It has changed since it was read", body = ProblemDocument)
    )
)]
pub async fn remove(
    State(management): State<Arc<ManagementState>>,
    PathParams((account_id, email)): PathParams<(String, String)>,
    ctx: RequestContext,
) -> Result<Response, Problem> {
    let account = ctx.authorize_account(ManagementScope::MembersManage, &account_id)?;
    let email = EmailAddress::parse(&email).map_err(|_| Problem::NotFound)?;
    let audit_context = ctx.audit_context();
    let mut attempts = OptimisticRetry::default();
    loop {
        let member = load(&management, &account, &email).await?;
        ctx.if_match.check(member.version)?;
        let audit = audit_context.audit(&account, Action::MemberRemoved, target(&member), &[]);
        let record = AuditRecord { audit: &audit, idempotency_record: None };
        match management.app.store.remove_member(&member, &record).await? {
            WriteOutcome::Committed => {
                management.publish(&audit).await;
                return Ok(response::no_content());
            }
            WriteOutcome::Rejected(_) => attempts.backoff().await?,
        }
    }
}

async fn load(
    management: &ManagementState,
    account: &AccountId,
    email: &EmailAddress,
) -> Result<Member, Problem> {
    management.app.store.load_member(account, email).await?.ok_or(Problem::NotFound)
}

fn target(member: &Member) -> Target {
    Target { email: Some(member.email.clone()), ..Target::default() }
}
