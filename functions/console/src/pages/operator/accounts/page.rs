//! The page of an account: its numbers, what it may, and what the operator can do.

use super::{account_frame, accounts, own_path};
use crate::error::ConsoleError;
use crate::frame::{Frame, display_name};
use crate::operator_request::OperatorRequest;
use crate::pages::parts::time::Instant;
use crate::respond;
use crate::state::ConsoleState;
use askama::Template;
use axum::extract::State;
use axum::response::Response;
use shared::domain::account::{Account, Status};
use shared::domain::management;
use std::sync::Arc;

#[derive(Template)]
#[template(path = "operator/accounts/page.html")]
struct AccountPage<'a> {
    frame: Frame<'a>,
    account: &'a Account,
    is_active: bool,
    created: Instant,
    disabled: Option<Instant>,
    /// Numbers and limits of clients and members.
    clients: (u64, u32),
    members: (u64, u32),
    mail_recipients: u32,
    entitlements: u64,
    claims: Vec<(String, String)>,
    own: String,
    /// Whether it is the operator's account, which stays.
    is_operators: bool,
}

/// `GET /console/operator/accounts/{account_id}`
pub async fn show(
    State(state): State<Arc<ConsoleState>>,
    request: OperatorRequest,
) -> Result<Response, ConsoleError> {
    let (account, texts, now) = (&request.account, request.texts, request.audit_context.now);
    let (limits, usage) = accounts(&state, &request)?.usage(account).await?;
    let mut frame = account_frame(&state, &request, display_name(&account.account_name));
    frame.breadcrumbs.pop();
    let claims = account.claims.as_map().iter().map(|(name, value)| (name.clone(), value.to_string()));
    let page = AccountPage {
        frame,
        is_active: account.status == Status::Active,
        created: Instant::new(texts, account.created_at, now),
        disabled: account.disabled_at.map(|at| Instant::new(texts, at, now)),
        clients: (usage.clients, limits.clients),
        members: (usage.members, limits.members),
        mail_recipients: limits.mail_recipients_per_day,
        entitlements: account.entitlements.iter().count() as u64,
        claims: claims.collect(),
        own: own_path(&request, ""),
        is_operators: account.account_id.as_str() == management::OPERATOR_ACCOUNT,
        account,
    };
    Ok(respond::page(&page))
}
