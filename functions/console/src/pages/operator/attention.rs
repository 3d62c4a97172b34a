//! Accounts with clients that need attention.

use super::accounts::{AccountHead, accounts};
use super::frame;
use crate::error::ConsoleError;
use crate::frame::Frame;
use crate::operator_request::OperatorRequest;
use crate::pages::clients::badges;
use crate::pages::parts::time::Instant;
use crate::paging::{PagedList, Pager};
use crate::respond;
use crate::state::ConsoleState;
use askama::Template;
use axum::extract::State;
use axum::response::Response;
use shared::domain::client::attention::Attention;
use shared::services::accounts::NeedingAccount;
use std::sync::Arc;

/// The parameter with the reason that is looked for.
const REASON: &str = "reason";

/// A reason, how many clients have it, and where they are.
struct ReasonRow {
    text: String,
    clients: u64,
    href: String,
}

/// A reason to choose.
struct ReasonChoice {
    value: &'static str,
    text: String,
    is_chosen: bool,
}

/// An account.
struct AccountRow {
    head: AccountHead,
    clients: String,
    reasons: Vec<ReasonRow>,
    as_of: Instant,
}

#[derive(Template)]
#[template(path = "operator/attention.html")]
struct AttentionPage<'a> {
    frame: Frame<'a>,
    choices: Vec<ReasonChoice>,
    is_filtered: bool,
    rows: Vec<AccountRow>,
    path: &'a str,
    pager: Pager,
}

/// `GET /console/operator/attention?reason=`
pub async fn show(
    State(state): State<Arc<ConsoleState>>,
    request: OperatorRequest,
) -> Result<Response, ConsoleError> {
    let accounts = accounts(&state, &request)?;
    let query = form_urlencoded::parse(request.query.as_bytes()).find(|(name, _)| name == REASON);
    let reason = query.and_then(|(_, reason)| reason.parse::<Attention>().ok());
    let filter = reason.map(|reason| (REASON, reason.as_str()));
    let list = PagedList::open(&state, &request, filter.as_slice()).await?;
    let found = accounts.needing_attention(reason, list.after.as_ref()).await?;
    let choice = |choice: &Attention| ReasonChoice {
        value: choice.as_str(),
        text: badges::attention_filter(request.texts, *choice),
        is_chosen: reason == Some(*choice),
    };
    let page = AttentionPage {
        frame: frame(&state, &request, request.texts.get("nav-operator-attention")),
        choices: Attention::ALL.iter().map(choice).collect(),
        is_filtered: reason.is_some(),
        rows: found.items.into_iter().map(|found| row(&request, found)).collect(),
        path: &request.path,
        pager: list.pager(found.next).await?,
    };
    Ok(respond::page(&page))
}

fn row(request: &OperatorRequest, found: NeedingAccount) -> AccountRow {
    let (texts, now) = (request.texts, request.audit_context.now);
    let (account, summary) = (found.account, found.summary);
    let id = &account.account_id;
    let reason = |reason: &Attention| {
        let clients = *summary.reasons.get(reason.as_str())?;
        let href = format!("/console/accounts/{id}/clients?attention={}", reason.as_str());
        Some(ReasonRow { text: badges::attention_filter(texts, *reason), clients, href })
    };
    AccountRow {
        head: AccountHead::new(&account),
        clients: texts.count("api-holders", summary.needing_attention),
        reasons: Attention::ALL.iter().filter_map(reason).collect(),
        as_of: Instant::new(texts, summary.computed_at, now),
    }
}
