//! The page of a sign-in's present step.

use crate::error::{AuthorizeError, Trace, answer};
use crate::pages::form_error::{FormError, FormErrorCode};
use crate::pages::response;
use crate::pages::templates::{
    ConsentPage, EmailCodePage, NotAMemberPage, PageContext, ScopeRow, SignInPage, display_name,
};
use crate::sign_in::form::{self, PathId};
use crate::sign_in::session::SignInSession;
use crate::state::AuthorizeState;
use axum::extract::State;
use axum::response::Response;
use http::StatusCode;
use http::request::Parts;
use shared::domain::net::client_ip::ClientIp;
use shared::domain::sign_in::end_user::EndUser;
use shared::domain::sign_in::{CODE_LIFETIME, EmailCode, SignInId, Step};
use shared::wire::params::OAuthParams;
use std::sync::Arc;

/// `GET /oauth/authorize/{sign_in_id}`
pub async fn get(State(state): State<Arc<AuthorizeState>>, id: PathId, head: Parts) -> Response {
    let (mut trace, id) = (Trace::default(), form::text(id));
    let result = page(&state, &id, &head, &mut trace).await;
    let result = match SignInId::parse(&id) {
        Ok(id) => result.map_err(|halt| halt.with_sign_in(&id)),
        Err(_) => result,
    };
    answer(&state, "showing a page", &trace, result)
}

async fn page(
    state: &AuthorizeState,
    id: &str,
    head: &Parts,
    trace: &mut Trace,
) -> Result<Response, AuthorizeError> {
    let source = head.extensions.get::<ClientIp>().map(|source| source.0);
    let session = SignInSession::load(state, id, &head.headers, source, trace).await?;
    let trouble = OAuthParams::from_form(head.uri.query().unwrap_or_default().as_bytes())
        .ok()
        .and_then(|query| query.get(FormErrorCode::PARAMETER).and_then(FormErrorCode::parse));
    match &session.sign_in.step {
        Step::AwaitIdentity | Step::AwaitIdp { .. } => {
            let problem = trouble.filter(|trouble| *trouble == FormErrorCode::Address).map(FormError::of);
            Ok(identify(state, &session, problem))
        }
        Step::IdpFailed => Ok(identify(state, &session, Some(FormError::upstream(state.provider())))),
        Step::EmailCode(kept) => Ok(code(state, &session, kept, trouble)),
        Step::NotAMember { email } => {
            let account = state.app.store.load_account(&session.client.account_id).await?;
            let account = account.map(|account| display_name(&account.account_name)).unwrap_or_default();
            let page =
                NotAMemberPage { frame: frame(state, &session), email: email.as_str(), account: &account };
            Ok(response::page(StatusCode::OK, &page, &session.form_action(state)))
        }
        Step::Consent { person } => consent(state, &session, person).await,
        Step::Completed => Err(AuthorizeError::AlreadyCompleted),
    }
}

fn frame<'a>(state: &'a AuthorizeState, session: &'a SignInSession) -> PageContext<'a> {
    PageContext {
        host: state.host(),
        id: &session.id,
        token: session.form_token(),
        client: display_name(&session.client.client_name),
        by_mail: state.post.is_some(),
        provider: state.provider(),
    }
}

fn identify(state: &AuthorizeState, session: &SignInSession, problem: Option<FormError>) -> Response {
    let page = SignInPage { frame: frame(state, session), problem };
    response::page(StatusCode::OK, &page, &session.form_action(state))
}

fn code(
    state: &AuthorizeState,
    session: &SignInSession,
    kept: &EmailCode,
    trouble: Option<FormErrorCode>,
) -> Response {
    let left = kept.attempts_left(session.now);
    let problem = if !kept.is_live(session.now) {
        Some(FormError::expired())
    } else if left == 0 {
        Some(FormError::spent())
    } else if trouble == Some(FormErrorCode::Code) {
        Some(FormError::of(FormErrorCode::Code))
    } else {
        (kept.attempts > 0).then(|| FormError::wrong(left))
    };
    let page = EmailCodePage {
        frame: frame(state, session),
        problem,
        email: kept.email.as_str(),
        usable: left > 0,
        minutes: CODE_LIFETIME.as_mins(),
    };
    response::page(StatusCode::OK, &page, &session.form_action(state))
}

async fn consent(
    state: &AuthorizeState,
    session: &SignInSession,
    person: &EndUser,
) -> Result<Response, AuthorizeError> {
    let request = &session.sign_in.request;
    let account = state.app.store.load_account(&request.account_id).await?;
    let account = account.ok_or(AuthorizeError::ClientRejected("account_gone"))?;
    let resource = session.catalogue.value.resources.get(&request.resource);
    let resource = resource.ok_or(AuthorizeError::ClientRejected("resource_gone"))?;
    let offered = resource.scopes.iter().filter(|offered| request.scopes.contains(offered.name.as_str()));
    let lines: Vec<ScopeRow<'_>> = offered
        .map(|offered| ScopeRow { words: offered.description.as_str(), name: offered.name.as_str() })
        .collect();
    let page = ConsentPage {
        frame: frame(state, session),
        account: display_name(&account.account_name),
        resource: display_name(&resource.resource_name),
        email: person.email.as_str(),
        lines,
        display_host: request.redirect.display_host(),
        public: session.client.token_endpoint_auth_method.is_public(),
    };
    Ok(response::page(StatusCode::OK, &page, &session.form_action(state)))
}
