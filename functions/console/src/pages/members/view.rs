//! A member, with what can be done.

use super::role::{rights_in_words, role_name};
use super::{api_url, frame, member_url, members};
use crate::account_request::AccountRequest;
use crate::error::ConsoleError;
use crate::forms::form_target::FormTarget;
use crate::frame::{Frame, display_name};
use crate::pages::parts::by_api::bare_command;
use crate::pages::parts::notice::Notice;
use crate::pages::parts::time::Instant;
use crate::respond;
use crate::state::ConsoleState;
use askama::Template;
use axum::extract::{Path, State};
use axum::response::Response;
use shared::adapters::crypto::token_crypto::subject_of_member;
use shared::services::members::{MailOutcome, MemberError, is_reminded};
use shared::web::response::see_other;
use std::sync::Arc;

#[derive(Template)]
#[template(path = "members/view.html")]
struct MemberPage<'a> {
    frame: Frame<'a>,
    invitation: FormTarget,
    /// When an invitation can be sent again, if today's are used up.
    invitable_from: Option<Instant>,
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
    /// Inviting again, as a request to the management API; for those who may.
    command: Option<String>,
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
    let invitable_from =
        if member.invited_until.is_some() { members.invitable_from(&member).await? } else { None };
    let may_change = request.person.principal.ensure_covers_member(&member).is_ok();
    let page = MemberPage {
        frame: Frame { title: display_name(&member.name), ..frame(&state, &request, String::new(), None) },
        invitation: request.form_target_at(&format!("{url}/invitation")),
        invitable_from: invitable_from.map(instant),
        email: member.email.to_string(),
        pending: pending.map(|pending| (pending.email.to_string(), instant(pending.expires_at))),
        role: role_name(texts, &member.permissions),
        rights: rights_in_words(texts, &member.permissions),
        is_reminded: is_reminded(&member, &mail, now),
        suppressed: mail.suppression(&member.email, now).map(|suppression| instant(suppression.since)),
        invited: member.invited_until.map(instant),
        last_signed_in: member.last_signed_in_at.map(instant),
        joined: instant(member.created_at),
        sub: subject_of_member(&member).sub.to_string(),
        url,
        command: (may_change && member.invited_until.is_some())
            .then(|| bare_command("POST", &format!("{}/invitation", api_url(&state, &member)))),
        may_change,
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
    let members = members(&state, &request)?;
    let invited = match members.invite(&sub).await {
        Err(MemberError::RateLimited(_)) => {
            let url = member_url(&request, &members.get(&sub).await?, "");
            return Ok(see_other(&Notice::InvitationsUsedUp.after(&url)));
        }
        result => result?,
    };
    let notice = match invited.mail {
        Some(MailOutcome::NotSent(_)) => Notice::InvitationNotSent,
        Some(MailOutcome::Sent) | None => Notice::MemberInvited,
    };
    Ok(see_other(&notice.after(&member_url(&request, &invited.member, ""))))
}
