//! Accounts with clients that need attention.

use super::accounts::{accounts, path};
use super::frame;
use crate::error::ConsoleError;
use crate::frame::{Frame, display_name};
use crate::operator_request::OperatorRequest;
use crate::pages::clients::badges;
use crate::pages::parts::time::Instant;
use crate::state::ConsoleState;
use crate::{paging, respond};
use askama::Template;
use axum::extract::State;
use axum::response::Response;
use shared::domain::client::attention::Attention;
use shared::services::accounts::NeedingAccount;
use std::sync::Arc;

/// A reason, how many clients have it, and where they are.
struct ReasonRow {
    text: String,
    clients: u64,
    href: String,
}

/// An account.
struct AccountRow {
    name: String,
    id: String,
    href: String,
    clients: String,
    reasons: Vec<ReasonRow>,
    as_of: Instant,
}

#[derive(Template)]
#[template(path = "operator/attention.html")]
struct AttentionPage<'a> {
    frame: Frame<'a>,
    rows: Vec<AccountRow>,
    path: &'a str,
    is_first: bool,
    next: Option<String>,
}

/// `GET /console/operator/attention`
pub async fn show(
    State(state): State<Arc<ConsoleState>>,
    request: OperatorRequest,
) -> Result<Response, ConsoleError> {
    let accounts = accounts(&state, &request)?;
    let after = position(&state, &request).await?;
    let page = accounts.needing_attention(after.as_ref()).await?;
    let next = next(&state, &request, page.next).await?;
    let page = AttentionPage {
        frame: frame(&state, &request, request.texts.get("nav-operator-attention")),
        rows: page.items.into_iter().map(|found| row(&request, found)).collect(),
        path: &request.path,
        is_first: after.is_none(),
        next,
    };
    Ok(respond::page(&page))
}

/// The position in the query.
pub async fn position(
    state: &ConsoleState,
    request: &OperatorRequest,
) -> Result<Option<shared::adapters::store::Cursor>, ConsoleError> {
    let mut params = form_urlencoded::parse(request.query.as_bytes());
    let sealed = params.find(|(name, _)| name == paging::PARAMETER).map(|(_, value)| value.into_owned());
    Ok(paging::open(state.app(), &request.path, sealed.as_deref(), request.audit_context.now).await?)
}

/// URL of the next page.
pub async fn next(
    state: &ConsoleState,
    request: &OperatorRequest,
    position: Option<shared::adapters::store::Cursor>,
) -> Result<Option<String>, ConsoleError> {
    let sealed = paging::seal(state.app(), &request.path, position, request.audit_context.now).await?;
    Ok(sealed.map(|sealed| {
        let query =
            form_urlencoded::Serializer::new(String::new()).append_pair(paging::PARAMETER, &sealed).finish();
        format!("{}?{query}", request.path)
    }))
}

fn row(request: &OperatorRequest, found: NeedingAccount) -> AccountRow {
    let (texts, now) = (request.texts, request.audit_context.now);
    let (account, summary) = (found.account, found.summary);
    let id = account.account_id.to_string();
    let reason = |reason: &Attention| {
        let clients = *summary.reasons.get(reason.as_str())?;
        let href = format!("/console/accounts/{id}/clients?attention={}", reason.as_str());
        Some(ReasonRow { text: badges::attention_filter(texts, *reason), clients, href })
    };
    AccountRow {
        name: display_name(&account.account_name),
        href: path(&id, ""),
        clients: texts.count("api-holders", summary.needing_attention),
        reasons: Attention::ALL.iter().filter_map(reason).collect(),
        as_of: Instant::new(texts, summary.computed_at, now),
        id,
    }
}
