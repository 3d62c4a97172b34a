//! Which e-mails the person who is signed in gets in their account, and in which language. Everyone decides that for themself.

use crate::error::ConsoleError;
use crate::forms::Form;
use crate::forms::form_target::FormTarget;
use crate::frame::display_name;
use crate::pages::me::acting::{acting, notice_url};
use crate::pages::parts::notice::Notice;
use crate::session::PersonRequest;
use crate::state::ConsoleState;
use axum::extract::{FromRequestParts, Request, State};
use axum::response::Response;
use shared::domain::console::path::ConsolePath;
use shared::domain::management::ManagementScope;
use shared::domain::primitives::language::Language;
use shared::services::console::CurrentPerson;
use shared::services::context::ManagementContext;
use shared::services::members::update_own_mail;
use shared::web::response::see_other;
use std::sync::Arc;

/// Path of the form.
const PATH: &str = "/console/me/mail";

/// What the page about the person shows of their e-mails.
pub struct OwnMail {
    /// The form.
    pub target: FormTarget,
    /// The name of the account.
    pub account: String,
    /// Whether they get e-mails about what ends.
    pub is_on: bool,
    /// Whether their rights are such that there are any.
    pub may_get: bool,
    /// The tag of the language that they have chosen; empty for the account's.
    pub locale: &'static str,
}

impl OwnMail {
    /// That of a person in the account of their session.
    pub fn new(person: &PersonRequest, current: &CurrentPerson) -> Self {
        Self {
            target: FormTarget::new(&person.live.cookie, PATH),
            account: display_name(&current.account.account_name),
            is_on: current.member.mail,
            may_get: current.member.permissions.contains(&ManagementScope::ClientsManage),
            locale: current.member.locale.map(Language::tag).unwrap_or_default(),
        }
    }
}

/// `POST /console/me/mail`
pub async fn submit(
    State(state): State<Arc<ConsoleState>>,
    request: Request,
) -> Result<Response, ConsoleError> {
    let (mut head, body) = request.into_parts();
    let person = PersonRequest::from_request_parts(&mut head, &state).await?;
    let request = Request::from_parts(head, body);
    let form = Form::read(request, &state.app().config.issuer, &person.live.cookie).await?;
    let session = &person.live.session;
    if !session.proves_person() {
        return Err(ConsoleError::ConfirmationRequired(ConsolePath::root(), None));
    }
    let account = session.account_id.as_ref().ok_or(ConsoleError::NoAccount)?;
    let (current, audit_context) = acting(&state, &person, account).await?;
    let ctx = ManagementContext {
        principal: &current.principal,
        audit_context: &audit_context,
        backend: state.management.backend(),
    };
    let locale = form.get("locale").and_then(|tag| tag.parse().ok());
    update_own_mail(ctx, &current.member, form.get("mail").is_some(), locale).await?;
    Ok(see_other(&notice_url(Notice::Saved)))
}
