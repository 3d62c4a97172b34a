//! The list of members.

use super::role::{other_rights, role_name};
use super::{member_url, members};
use crate::account_request::AccountRequest;
use crate::error::ConsoleError;
use crate::frame::{Frame, display_name};
use crate::pages::parts::time::Instant;
use crate::paging;
use crate::respond;
use crate::state::ConsoleState;
use askama::Template;
use axum::extract::State;
use axum::response::Response;
use shared::adapters::store::AccountMail;
use shared::domain::account::Member;
use shared::services::members::is_reminded;
use std::sync::Arc;

struct MemberRow {
    href: String,
    name: String,
    email: String,
    role: String,
    /// Its rights, if the role's name does not say them.
    rights: Vec<String>,
    is_self: bool,
    is_reminded: bool,
    /// Until when an invited member has to sign in.
    invited: Option<Instant>,
    last_signed_in: Option<Instant>,
    joined: Instant,
}

#[derive(Template)]
#[template(path = "members/list.html")]
struct MemberListPage<'a> {
    frame: Frame<'a>,
    add: String,
    members: Vec<MemberRow>,
    first: Option<String>,
    next: Option<String>,
}

/// `GET …/members`
pub async fn show(
    State(state): State<Arc<ConsoleState>>,
    request: AccountRequest,
) -> Result<Response, ConsoleError> {
    let members = members(&state, &request)?;
    let (app, now) = (state.app(), request.audit_context.now);
    let purpose = format!("console members {}", request.account.account_id);
    let mut params = form_urlencoded::parse(request.query.as_bytes());
    let sealed = params.find(|(name, _)| name == paging::PARAMETER).map(|(_, value)| value.into_owned());
    let position = paging::open(app, &purpose, sealed.as_deref(), now).await?;
    let limit = i32::try_from(paging::PAGE_SIZE).unwrap_or(i32::MAX);
    let page = members.list(limit, position.as_ref()).await?;
    let mail = members.mail().await?;
    let next = paging::seal(app, &purpose, page.next, now).await?;
    let own = request.url("/members");
    let shown = MemberListPage {
        frame: Frame::in_account(&state, &request, request.texts.get("nav-members")),
        add: request.url("/members/new"),
        members: page.items.iter().map(|member| row(&request, member, &mail)).collect(),
        next: next.map(|position| {
            let query = form_urlencoded::Serializer::new(String::new())
                .append_pair(paging::PARAMETER, &position)
                .finish();
            format!("{own}?{query}")
        }),
        first: position.is_some().then_some(own),
    };
    Ok(respond::page(&shown))
}

fn row(request: &AccountRequest, member: &Member, mail: &AccountMail) -> MemberRow {
    let (texts, now) = (request.texts, request.audit_context.now);
    let instant = |at| Instant::new(texts, at, now);
    MemberRow {
        href: member_url(request, member, ""),
        name: display_name(&member.name),
        email: member.email.to_string(),
        role: role_name(texts, &member.permissions),
        rights: other_rights(texts, &member.permissions),
        is_self: request.person.principal.is_member(member),
        is_reminded: is_reminded(member, mail, now),
        invited: member.invited_until.map(instant),
        last_signed_in: member.last_signed_in_at.map(instant),
        joined: instant(member.created_at),
    }
}
