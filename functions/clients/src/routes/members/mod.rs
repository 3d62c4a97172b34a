//! Members of an account and their permissions.

mod request;

use crate::json_body::merge_patch::{self, ReducedPatch};
use crate::pagination::{PageParams, PageRequest, PageResponse};
use crate::path_params::PathParams;
use crate::problem::{Problem, ProblemDocument};
use crate::request_context::RequestContext;
use crate::response::{created_with_more, json, no_content, ok_with_etag};
use axum::extract::State;
use axum::response::Response;
use http::StatusCode;
use percent_encoding::{NON_ALPHANUMERIC, utf8_percent_encode};
use request::{AddMemberRequest, UpdateMemberRequest};
use shared::api::member::{MemberResponse, NotifiedMemberResponse, UpdatedMemberResponse};
use shared::app::ManagementState;
use shared::services::members::{AddedMember, LossPolicy, Members, UpdatedMember};
use std::sync::Arc;

/// Add a member to an account.
#[utoipa::path(
    post, path = "/v1/accounts/{account_id}/members", tag = "members", request_body = AddMemberRequest,
    params(("account_id" = String, Path), ("Idempotency-Key" = Option<String>, Header)),
    security(("latchkey" = ["members:manage"])),
    responses(
        (status = 201, body = NotifiedMemberResponse),
        (status = 409, description = "The member exists", body = ProblemDocument),
        (status = 422, body = ProblemDocument)
    )
)]
pub async fn add(
    State(state): State<Arc<ManagementState>>,
    PathParams(account_id): PathParams<String>,
    ctx: RequestContext,
) -> Result<Response, Problem> {
    let members = Members::authorize(ctx.management(&state), &account_id)?;
    let new = AddMemberRequest::parse(ctx.json()?)?;
    let mail = members.mail().await?;
    let AddedMember { member, mail: sent } = members.add(new).await?;
    let email = utf8_percent_encode(member.email.as_str(), NON_ALPHANUMERIC);
    let location = format!("/v1/accounts/{}/members/{email}", member.account_id);
    let version = Some(member.version);
    let shown = MemberResponse::new(member.clone(), &mail, ctx.now);
    let body = NotifiedMemberResponse::new(MemberResponse::new(member, &mail, ctx.now), sent);
    Ok(created_with_more(&location, version, &shown, &body))
}

/// Send the invitation of a member again, who has another seven days to sign in.
#[utoipa::path(
    post, path = "/v1/accounts/{account_id}/members/{email}/invitation", tag = "members",
    params(
        ("account_id" = String, Path), ("email" = String, Path, description = "the address, or the `sub`"),
        ("Idempotency-Key" = Option<String>, Header)
    ),
    security(("latchkey" = ["members:manage"])),
    responses(
        (status = 200, body = NotifiedMemberResponse),
        (status = 404, body = ProblemDocument),
        (status = 409, description = "The member is not invited", body = ProblemDocument),
        (status = 429, description = "The member got three invitations today", body = ProblemDocument)
    )
)]
pub async fn invite(
    State(state): State<Arc<ManagementState>>,
    PathParams((account_id, id)): PathParams<(String, String)>,
    ctx: RequestContext,
) -> Result<Response, Problem> {
    let members = Members::authorize(ctx.management(&state), &account_id)?;
    ctx.no_members()?;
    let mail = members.mail().await?;
    let AddedMember { member, mail: sent } = members.invite(&id).await?;
    let version = member.version;
    let shown = MemberResponse::new(member, &mail, ctx.now);
    Ok(ok_with_etag(version, &NotifiedMemberResponse::new(shown, sent)))
}

/// List an account's members.
#[utoipa::path(
    get, path = "/v1/accounts/{account_id}/members", tag = "members",
    params(("account_id" = String, Path), PageParams),
    security(("latchkey" = ["members:manage"])),
    responses((status = 200, body = PageResponse<MemberResponse>), (status = 404, body = ProblemDocument))
)]
pub async fn list(
    State(state): State<Arc<ManagementState>>,
    PathParams(account_id): PathParams<String>,
    ctx: RequestContext,
) -> Result<Response, Problem> {
    let members = Members::authorize(ctx.management(&state), &account_id)?;
    let request = PageRequest::read(&state.app, &ctx, &[]).await?;
    let page = members.list(request.limit.into(), request.after.as_ref()).await?;
    let mail = members.mail().await?;
    let view = |member| MemberResponse::new(member, &mail, ctx.now);
    Ok(json(StatusCode::OK, &request.response(&state.app, &ctx, page, view).await?))
}

/// Read a member.
#[utoipa::path(
    get, path = "/v1/accounts/{account_id}/members/{email}", tag = "members",
    params(
        ("account_id" = String, Path), ("email" = String, Path, description = "the address, or the `sub`")
    ),
    security(("latchkey" = ["members:manage"])),
    responses((status = 200, body = MemberResponse), (status = 404, body = ProblemDocument))
)]
pub async fn get(
    State(state): State<Arc<ManagementState>>,
    PathParams((account_id, id)): PathParams<(String, String)>,
    ctx: RequestContext,
) -> Result<Response, Problem> {
    let members = Members::authorize(ctx.management(&state), &account_id)?;
    let member = members.get(&id).await?;
    let mail = members.mail().await?;
    Ok(ok_with_etag(member.version, &MemberResponse::new(member, &mail, ctx.now)))
}

/// Revoke all tokens that act for a member. Consents stay.
#[utoipa::path(
    post, path = "/v1/accounts/{account_id}/members/{email}/revoke-tokens", tag = "members",
    params(
        ("account_id" = String, Path), ("email" = String, Path, description = "the address, or the `sub`"),
        ("Idempotency-Key" = Option<String>, Header)
    ),
    security(("latchkey" = ["members:manage"])),
    responses((status = 200, body = MemberResponse), (status = 404, body = ProblemDocument))
)]
pub async fn revoke_tokens(
    State(state): State<Arc<ManagementState>>,
    PathParams((account_id, id)): PathParams<(String, String)>,
    ctx: RequestContext,
) -> Result<Response, Problem> {
    let members = Members::authorize(ctx.management(&state), &account_id)?;
    let mail = members.mail().await?;
    let member = members.revoke_tokens(&id).await?;
    Ok(ok_with_etag(member.version, &MemberResponse::new(member, &mail, ctx.now)))
}

/// Whether a change is refused after which no member would be reminded, or none could manage members.
const fn loss_policy(ctx: &RequestContext) -> LossPolicy {
    if ctx.is_strict { LossPolicy::Refuse } else { LossPolicy::Accept }
}

/// Change a member.
#[utoipa::path(
    patch, path = "/v1/accounts/{account_id}/members/{email}", tag = "members", request_body = UpdateMemberRequest,
    params(
        ("account_id" = String, Path), ("email" = String, Path, description = "the address, or the `sub`"), ("If-Match" = Option<String>, Header),
        ("Prefer" = Option<String>, Header, description = "`handling=strict`: 409 instead of a change after which no member is reminded, or none manages members")
    ),
    security(("latchkey" = ["members:manage"])),
    responses(
        (status = 200, body = UpdatedMemberResponse),
        (status = 404, body = ProblemDocument),
        (status = 409, description = "Another member has the new address, or with `handling=strict`: no member would be reminded, or none could manage members", body = ProblemDocument),
        (status = 412, description = "It has changed since it was read", body = ProblemDocument),
        (status = 422, body = ProblemDocument)
    )
)]
pub async fn update(
    State(state): State<Arc<ManagementState>>,
    PathParams((account_id, email)): PathParams<(String, String)>,
    ctx: RequestContext,
) -> Result<Response, Problem> {
    let members = Members::authorize(ctx.management(&state), &account_id)?;
    let body = ctx.json()?;
    let mail = members.mail().await?;
    let UpdatedMember { member, mail: sent, losses } = match change(&members, &email, &ctx, body).await {
        Err(problem) if merge_patch::is_reducible(&problem) => {
            let shown = MemberResponse::new(members.get(&email).await?, &mail, ctx.now);
            let rest = ReducedPatch::new(body, &shown, problem)?;
            change(&members, &email, &ctx, &rest.body).await.map_err(|problem| rest.explain(problem))?
        }
        result => result?,
    };
    let version = member.version;
    let shown = MemberResponse::new(member, &mail, ctx.now);
    Ok(ok_with_etag(version, &UpdatedMemberResponse::new(shown, sent, losses)))
}

async fn change(
    members: &Members<'_>,
    email: &str,
    ctx: &RequestContext,
    body: &[u8],
) -> Result<UpdatedMember, Problem> {
    let change = UpdateMemberRequest::parse(body)?;
    Ok(members.update(email, &change, &|version| ctx.if_match.accepts(version), loss_policy(ctx)).await?)
}

/// Remove a member from an account.
#[utoipa::path(
    delete, path = "/v1/accounts/{account_id}/members/{email}", tag = "members",
    params(
        ("account_id" = String, Path), ("email" = String, Path, description = "the address, or the `sub`"), ("If-Match" = Option<String>, Header),
        ("Prefer" = Option<String>, Header, description = "`handling=strict`: 409 instead of a removal after which no member is reminded, or none manages members")
    ),
    security(("latchkey" = ["members:manage"])),
    responses(
        (status = 204),
        (status = 404, body = ProblemDocument),
        (status = 409, description = "With `handling=strict`: no member would be reminded, or none could manage members", body = ProblemDocument),
        (status = 412, description = "It has changed since it was read", body = ProblemDocument)
    )
)]
pub async fn remove(
    State(state): State<Arc<ManagementState>>,
    PathParams((account_id, email)): PathParams<(String, String)>,
    ctx: RequestContext,
) -> Result<Response, Problem> {
    let members = Members::authorize(ctx.management(&state), &account_id)?;
    members.remove(&email, &|version| ctx.if_match.accepts(version), loss_policy(&ctx)).await?;
    Ok(no_content())
}
