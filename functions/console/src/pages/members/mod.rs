//! The members of an account: who may do what, who gets e-mails, and who is invited.

mod address;
mod filled;
mod form;
mod list;
mod remove;
mod role;
mod view;

pub use role::{CUSTOM, other_rights, role_name};

use crate::account_request::AccountRequest;
use crate::error::ConsoleError;
use crate::frame::{Frame, Link, display_name};
use crate::respond::{page_only, page_or_form_only, post_only};
use crate::routes::Routes;
use crate::state::ConsoleState;
use axum::routing::{get, post};
use shared::adapters::crypto::token_crypto::subject_of_member;
use shared::domain::account::Member;
use shared::services::members::{LossPolicy, Losses, Members};
use shared::texts::Texts;

/// The complaint about an address that another member has.
const ADDRESS_TAKEN: &str = "a member has this address already: change that entry instead";

/// The routes of the pages about members.
pub fn routes() -> Routes {
    const MEMBERS: &str = "/console/accounts/{account_id}/members";
    let below = |path: &str| format!("{MEMBERS}{path}");
    Routes::default()
        .route(MEMBERS, get(list::show).fallback(page_only))
        .route(&below("/new"), get(form::show_new).post(form::submit_new).fallback(page_or_form_only))
        .route(&below("/{sub}"), get(view::show).fallback(page_only))
        .route(&below("/{sub}/edit"), get(form::show).post(form::submit).fallback(page_or_form_only))
        .route(&below("/{sub}/address"), get(address::show).post(address::submit).fallback(page_or_form_only))
        .route(&below("/{sub}/remove"), get(remove::show).post(remove::submit).fallback(page_or_form_only))
        .route(&below("/{sub}/invitation"), post(view::invite).fallback(post_only))
}

/// The members of the account of a request.
fn members<'a>(state: &'a ConsoleState, request: &'a AccountRequest) -> Result<Members<'a>, ConsoleError> {
    Ok(Members::authorize(request.management(state), request.account.account_id.as_str())?)
}

/// The URL of a page of a member.
fn member_url(request: &AccountRequest, member: &Member, below: &str) -> String {
    request.url(&format!("/members/{}{below}", subject_of_member(member).sub))
}

/// The frame of a page below the list, and below a member if there is one.
fn frame<'a>(
    state: &'a ConsoleState,
    request: &AccountRequest,
    title: String,
    member: Option<&Member>,
) -> Frame<'a> {
    let list = Link { href: request.url("/members"), text: request.texts.get("nav-members") };
    let member =
        member.map(|member| Link { href: member_url(request, member, ""), text: display_name(&member.name) });
    Frame::in_account(state, request, title).below([Some(list), member].into_iter().flatten().collect())
}

/// What an account would lose, in words.
fn warnings(texts: Texts, losses: Losses) -> Vec<String> {
    let mut warnings = Vec::new();
    warnings.extend(losses.reminders.then(|| texts.get("member-loss-reminders")));
    warnings.extend(losses.management.then(|| texts.get("member-loss-management")));
    warnings
}

/// Whether the person has accepted what the account would lose.
fn loss_policy(request: &AccountRequest) -> LossPolicy {
    if request.form.get("accepted").is_some() { LossPolicy::Accept } else { LossPolicy::Refuse }
}

/// The URL of a member in the management API.
fn api_url(state: &ConsoleState, member: &Member) -> String {
    let issuer = &state.app().config.issuer;
    format!("{issuer}/v1/accounts/{}/members/{}", member.account_id, subject_of_member(member).sub)
}
