//! Consents: what people let a client do, and its end.

use crate::pagination::{PageParams, PageRequest, PageResponse};
use crate::path_params::PathParams;
use crate::problem::{Problem, ProblemDocument};
use crate::request_context::RequestContext;
use crate::response;
use crate::retry::OptimisticRetry;
use crate::routes::clients::load;
use axum::extract::State;
use axum::response::Response;
use http::StatusCode;
use jiff::Timestamp;
use serde::Serialize;
use shared::adapters::store::{AuditRecord, Page, WriteOutcome};
use shared::app::ManagementState;
use shared::domain::audit::{Action, Target};
use shared::domain::management::ManagementScope;
use shared::domain::primitives::email::EmailAddress;
use shared::domain::primitives::ids::ResourceId;
use shared::domain::resource::scope::ScopeSet;
use shared::domain::sign_in::consent::Consent;
use shared::domain::sign_in::end_user::Subject;
use std::sync::Arc;
use utoipa::ToSchema;

/// What one person lets one client do.
#[derive(Serialize, ToSchema)]
pub struct ConsentResponse {
    /// Who gave it, as `sub` of the tokens says it (RFC 9068 §2.2).
    #[schema(value_type = String)]
    sub: Subject,
    /// Who gave it, among the members.
    #[schema(value_type = String, format = Email)]
    email: EmailAddress,
    /// What was allowed.
    granted: Vec<ResourceGrantResponse>,
    /// When it was given first.
    #[schema(value_type = String, format = DateTime)]
    given_at: Timestamp,
    /// When it was given or used last, by signing in.
    #[schema(value_type = String, format = DateTime)]
    used_at: Timestamp,
    /// It is forgotten then, unless it is used before.
    #[schema(value_type = String, format = DateTime)]
    expires_at: Timestamp,
}

/// What was allowed at one resource.
#[derive(Serialize, ToSchema)]
pub struct ResourceGrantResponse {
    #[schema(value_type = String, example = "backoffice_api")]
    resource: ResourceId,
    #[schema(value_type = Vec<String>, example = json!(["orders:read"]))]
    scopes: ScopeSet,
}

impl From<Consent> for ConsentResponse {
    fn from(consent: Consent) -> Self {
        let Consent { sub, email, granted, given_at, used_at, expires_at, .. } = consent;
        let granted = granted
            .into_iter()
            .map(|(resource, scopes)| ResourceGrantResponse { resource, scopes })
            .collect();
        Self { sub, email, granted, given_at, used_at, expires_at }
    }
}

/// List the people who let a client act for them.
#[utoipa::path(
    get, path = "/v1/accounts/{account_id}/clients/{client_id}/consents", tag = "consents",
    params(("account_id" = String, Path), ("client_id" = String, Path), PageParams),
    security(("latchkey" = ["clients:read"])),
    responses((status = 200, body = PageResponse<ConsentResponse>), (status = 404, body = ProblemDocument))
)]
pub async fn list(
    State(management): State<Arc<ManagementState>>,
    PathParams((account_id, client_id)): PathParams<(String, String)>,
    ctx: RequestContext,
) -> Result<Response, Problem> {
    let account = ctx.authorize_account(ManagementScope::ClientsRead, &account_id)?;
    let client = load(&management, &account, &client_id).await?.client;
    let app = &management.app;
    let listing = PageRequest::read(app, &ctx, &[]).await?;
    let page =
        app.store.list_consents(&client.client_id, listing.limit.into(), listing.after.as_ref()).await?;
    let live = page.items.into_iter().filter(|consent| consent.is_live(ctx.now)).collect();
    let page = Page { items: live, next: page.next };
    Ok(response::json(StatusCode::OK, &listing.answer(app, &ctx, page, ConsentResponse::from).await?))
}

/// Withdraw a person's consent: the client's refresh tokens for them are worth nothing from the next request on, its
/// access tokens introspect as inactive, and they are asked again when they come back.
#[utoipa::path(
    delete, path = "/v1/accounts/{account_id}/clients/{client_id}/consents/{sub}", tag = "consents",
    params(
        ("account_id" = String, Path), ("client_id" = String, Path), ("sub" = String, Path),
        ("If-Match" = Option<String>, Header, description = "the ETag of the client")
    ),
    security(("latchkey" = ["clients:manage"])),
    responses(
        (status = 204),
        (status = 404, body = ProblemDocument),
        (status = 412, description = "The client has changed since it was read", body = ProblemDocument)
    )
)]
pub async fn withdraw(
    State(management): State<Arc<ManagementState>>,
    PathParams((account_id, client_id, sub)): PathParams<(String, String, String)>,
    ctx: RequestContext,
) -> Result<Response, Problem> {
    let account = ctx.authorize_account(ManagementScope::ClientsManage, &account_id)?;
    let client = load(&management, &account, &client_id).await?.client;
    ctx.caller.ensure_scopes_cover(&client)?;
    ctx.if_match.check(client.version)?;
    let sub = Subject::parse(&sub).map_err(|_| Problem::NotFound)?;
    let store = &management.app.store;
    let audit_context = ctx.audit_context();
    let mut attempts = OptimisticRetry::default();
    loop {
        let consent = store.load_consent(&client.client_id, &sub).await?;
        let consent = consent.filter(|consent| consent.is_live(ctx.now)).ok_or(Problem::NotFound)?;
        let target = Target {
            client_id: Some(consent.client_id.clone()),
            email: Some(consent.email.clone()),
            ..Target::default()
        };
        let audit = audit_context.audit(&account, Action::ConsentWithdrawn, target, &[]);
        let record = AuditRecord { audit: &audit, idempotency_record: None };
        match store.withdraw_consent(&consent, &record).await? {
            WriteOutcome::Committed => {
                management.publish(&audit).await;
                return Ok(response::no_content());
            }
            WriteOutcome::Rejected(_) => attempts.backoff().await?,
        }
    }
}
