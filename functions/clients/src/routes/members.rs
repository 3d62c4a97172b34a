//! Members: the people of an account, and what they may manage.

use super::accounts;
use super::member_body::{AddMember, MemberView, UpdateMember};
use crate::body;
use crate::call::Call;
use crate::contention::Attempts;
use crate::idempotency;
use crate::paging::{List, Listing, PageQuery};
use crate::problem::{Problem, ProblemDocument};
use crate::respond;
use crate::segments::Segments;
use axum::extract::State;
use axum::response::Response;
use http::StatusCode;
use percent_encoding::{NON_ALPHANUMERIC, utf8_percent_encode};
use shared::adapters::store::{Created, Outcome, Record, Refused};
use shared::assembly::Management;
use shared::domain::account::Member;
use shared::domain::audit::{Action, Target};
use shared::domain::email::EmailAddress;
use shared::domain::ids::AccountId;
use shared::domain::management::ManagementScope;
use std::collections::BTreeSet;
use std::sync::Arc;

const NOT_HELD: &str = "nobody grants a permission that they do not hold";

/// Add a person to an account.
#[utoipa::path(
    post, path = "/v1/accounts/{account_id}/members", tag = "members", request_body = AddMember,
    params(("account_id" = String, Path), ("Idempotency-Key" = Option<String>, Header)),
    security(("latchkey" = ["members:manage"])),
    responses(
        (status = 201, body = MemberView),
        (status = 409, description = "They are a member already", body = ProblemDocument),
        (status = 422, body = ProblemDocument)
    )
)]
pub async fn add(
    State(management): State<Arc<Management>>,
    Segments(account_id): Segments<String>,
    call: Call,
) -> Result<Response, Problem> {
    let account = call.enter(ManagementScope::MembersManage, &account_id)?;
    if let Some(created) = idempotency::earlier(&management, &call).await? {
        return again(&management, created).await;
    }
    let (body, mut checked) = body::read::<AddMember>(call.json()?)?;
    let email = checked.required("email", body.email);
    let name = checked.required("name", body.name);
    let permissions = checked.optional("permissions", body.permissions).unwrap_or_default();
    let (Some(email), Some(name), true) = (email, name, checked.is_clean()) else {
        return Err(Problem::Invalid(checked.into_errors()));
    };
    let permissions: BTreeSet<_> = permissions.into_iter().collect();
    if !call.caller.holds(&permissions) {
        return Err(Problem::Forbidden(NOT_HELD));
    }
    let member = Member {
        account_id: account.clone(),
        email,
        name,
        permissions,
        created_at: call.now,
        updated_at: call.now,
        version: 1,
    };
    let mandate = call.mandate();
    let audit = mandate.audit(&account, Action::MemberAdded, target(&member), &[]);
    let receipt =
        mandate.receipt(Created::Member { account_id: account.clone(), email: member.email.clone() });
    let mut attempts = Attempts::default();
    loop {
        let record = Record { audit: &audit, receipt: receipt.as_ref() };
        match management.app.store.add_member(&member, &record).await? {
            Outcome::Done => {
                management.announce(&audit).await;
                return Ok(answer(member.clone()));
            }
            Outcome::Refused(Refused::Replayed) => {
                let created = idempotency::surely_earlier(&management, &call).await?;
                return again(&management, created).await;
            }

            Outcome::Refused(Refused::Taken) => {
                return Err(Problem::Conflict(
                    "member_exists",
                    "this person is a member already; change the entry instead",
                ));
            }
            Outcome::Refused(Refused::AccountGone) => {
                return Err(accounts::gone(&management, &account).await?);
            }
            Outcome::Refused(_) => attempts.again().await?,
        }
    }
}

fn answer(member: Member) -> Response {
    let email = utf8_percent_encode(member.email.as_str(), NON_ALPHANUMERIC);
    let location = format!("/v1/accounts/{}/members/{email}", member.account_id);
    respond::created(&location, Some(member.version), &MemberView::from(member))
}

async fn again(management: &Management, created: Created) -> Result<Response, Problem> {
    let Created::Member { account_id, email } = created else {
        return Err(Problem::KeyReused);
    };
    load(management, &account_id, &email).await.map(answer)
}

/// List an account's members.
#[utoipa::path(
    get, path = "/v1/accounts/{account_id}/members", tag = "members",
    params(("account_id" = String, Path), PageQuery),
    security(("latchkey" = ["members:manage"])),
    responses((status = 200, body = List<MemberView>), (status = 404, body = ProblemDocument))
)]
pub async fn list(
    State(management): State<Arc<Management>>,
    Segments(account_id): Segments<String>,
    call: Call,
) -> Result<Response, Problem> {
    let account = call.enter_existing(&management, ManagementScope::MembersManage, &account_id).await?;
    let app = &management.app;
    let listing = Listing::read(app, &call, &[]).await?;
    let page = app.store.list_members(&account, listing.limit.into(), listing.after.as_ref()).await?;
    Ok(respond::json(StatusCode::OK, &listing.answer(app, &call, page, MemberView::from).await?))
}

/// Change a member.
#[utoipa::path(
    patch, path = "/v1/accounts/{account_id}/members/{email}", tag = "members", request_body = UpdateMember,
    params(("account_id" = String, Path), ("email" = String, Path), ("If-Match" = Option<String>, Header)),
    security(("latchkey" = ["members:manage"])),
    responses(
        (status = 200, body = MemberView),
        (status = 404, body = ProblemDocument),
        (status = 412, description = "It has changed since it was read", body = ProblemDocument),
        (status = 422, body = ProblemDocument)
    )
)]
pub async fn update(
    State(management): State<Arc<Management>>,
    Segments((account_id, email)): Segments<(String, String)>,
    call: Call,
) -> Result<Response, Problem> {
    let account = call.enter(ManagementScope::MembersManage, &account_id)?;
    let email = EmailAddress::parse(&email).map_err(|_| Problem::NotFound)?;
    let (body, mut checked) = body::read::<UpdateMember>(call.json()?)?;
    let name = checked.optional("name", body.name);
    let permissions = checked.optional("permissions", body.permissions);
    if !checked.is_clean() {
        return Err(Problem::Invalid(checked.into_errors()));
    }
    let permissions: Option<BTreeSet<_>> = permissions.map(|list| list.into_iter().collect());
    let mandate = call.mandate();
    let mut attempts = Attempts::default();
    loop {
        let before = load(&management, &account, &email).await?;
        call.if_match.check(before.version)?;
        let mut after = before.clone();
        after.name = name.clone().unwrap_or(after.name);
        after.permissions = permissions.clone().unwrap_or(after.permissions);
        if !call.caller.holds(&after.permissions.difference(&before.permissions).copied().collect()) {
            return Err(Problem::Forbidden(NOT_HELD));
        }
        let mut changed = Vec::new();
        changed.extend((after.name != before.name).then_some("name"));
        changed.extend((after.permissions != before.permissions).then_some("permissions"));
        if changed.is_empty() {
            return Ok(respond::thing(before.version, &MemberView::from(before)));
        }
        (after.version, after.updated_at) = (before.version + 1, call.now);
        let audit = mandate.audit(&account, Action::MemberUpdated, target(&after), &changed);
        let record = Record { audit: &audit, receipt: None };
        match management.app.store.update_member(&after, before.version, &record).await? {
            Outcome::Done => {
                management.announce(&audit).await;
                return Ok(respond::thing(after.version, &MemberView::from(after)));
            }
            Outcome::Refused(_) => attempts.again().await?,
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
    State(management): State<Arc<Management>>,
    Segments((account_id, email)): Segments<(String, String)>,
    call: Call,
) -> Result<Response, Problem> {
    let account = call.enter(ManagementScope::MembersManage, &account_id)?;
    let email = EmailAddress::parse(&email).map_err(|_| Problem::NotFound)?;
    let mandate = call.mandate();
    let mut attempts = Attempts::default();
    loop {
        let member = load(&management, &account, &email).await?;
        call.if_match.check(member.version)?;
        let audit = mandate.audit(&account, Action::MemberRemoved, target(&member), &[]);
        let record = Record { audit: &audit, receipt: None };
        match management.app.store.remove_member(&member, &record).await? {
            Outcome::Done => {
                management.announce(&audit).await;
                return Ok(respond::no_content());
            }
            Outcome::Refused(_) => attempts.again().await?,
        }
    }
}

async fn load(management: &Management, account: &AccountId, email: &EmailAddress) -> Result<Member, Problem> {
    management.app.store.load_member(account, email).await?.ok_or(Problem::NotFound)
}

fn target(member: &Member) -> Target {
    Target { email: Some(member.email.clone()), ..Target::default() }
}
