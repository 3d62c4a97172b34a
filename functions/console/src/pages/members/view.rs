//! A member, with what can be done.

use super::role::role_name;
use super::{frame, member_url, members};
use crate::account_request::AccountRequest;
use crate::error::ConsoleError;
use crate::forms::form_target::FormTarget;
use crate::frame::{Frame, display_name};
use crate::pages::clients::permissions::words::management_words;
use crate::pages::parts::notice::Notice;
use crate::pages::parts::time::Instant;
use crate::respond;
use crate::state::ConsoleState;
use askama::Template;
use axum::extract::{Path, State};
use axum::response::Response;
use shared::services::members::{MailOutcome, is_reminded};
use shared::web::response::see_other;
use std::sync::Arc;

#[derive(Template)]
#[template(path = "members/view.html")]
struct MemberPage<'a> {
    frame: Frame<'a>,
    invitation: FormTarget,
    email: String,
    /// The address that waits to be confirmed.
    pending: Option<(String, Instant)>,
    role: String,
    rights: Vec<String>,
    is_reminded: bool,
    /// Since when the address gets no e-mails, though it should.
    suppressed: Option<Instant>,
    invited: Option<Instant>,
    last_signed_in: Option<Instant>,
    joined: Instant,
    sub: String,
    url: String,
    /// Whether the person may change the member.
    may_change: bool,
    is_self: bool,
}

/// `GET …/members/{sub}`
pub async fn show(
    State(state): State<Arc<ConsoleState>>,
    Path((_, sub)): Path<(String, String)>,
    request: AccountRequest,
) -> Result<Response, ConsoleError> {
    let members = members(&state, &request)?;
    let member = members.get(&sub).await?;
    let mail = members.mail().await?;
    let (texts, now) = (request.texts, request.audit_context.now);
    let instant = |at| Instant::new(texts, at, now);
    let url = member_url(&request, &member, "");
    let pending = member.pending_email(now);
    let page = MemberPage {
        frame: Frame { title: display_name(&member.name), ..frame(&state, &request, String::new(), None) },
        invitation: request.form_target_at(&format!("{url}/invitation")),
        email: member.email.to_string(),
        pending: pending.map(|pending| (pending.email.to_string(), instant(pending.expires_at))),
        role: role_name(texts, &member.permissions),
        rights: member.permissions.iter().map(|scope| management_words(texts, *scope)).collect(),
        is_reminded: is_reminded(&member, &mail, now),
        suppressed: mail.suppression(&member.email, now).map(|suppression| instant(suppression.since)),
        invited: member.invited_until.map(instant),
        last_signed_in: member.last_signed_in_at.map(instant),
        joined: instant(member.created_at),
        sub,
        url,
        may_change: request.person.principal.ensure_covers_member(&member).is_ok(),
        is_self: request.person.principal.is_member(&member),
    };
    Ok(respond::page(&page))
}

/// `POST …/members/{sub}/invitation`
pub async fn invite(
    State(state): State<Arc<ConsoleState>>,
    Path((_, sub)): Path<(String, String)>,
    request: AccountRequest,
) -> Result<Response, ConsoleError> {
    let invited = members(&state, &request)?.invite(&sub).await?;
    let notice = match invited.mail {
        Some(MailOutcome::NotSent(_)) => Notice::InvitationNotSent,
        Some(MailOutcome::Sent) | None => Notice::MemberInvited,
    };
    Ok(see_other(&notice.after(&member_url(&request, &invited.member, ""))))
}
