//! The page of a sign-in's current step.

use crate::error::AuthorizeError;
use crate::page_language::PageLanguage;
use crate::pages::form_error::{FormError, FormErrorCode};
use crate::pages::response;
use crate::pages::templates::{
    Confirmation, ConsentPage, EmailCodePage, NotAMemberPage, PageContext, ScopeRow, SignInPage, display_name,
};
use crate::sign_in::session::{self, PathId};
use crate::state::AuthorizeState;
use axum::Extension;
use axum::extract::State;
use axum::response::Response;
use http::request::Parts;
use shared::domain::account::SignInMethod;
use shared::domain::primitives::email::EmailAddress;
use shared::domain::sign_in::end_user::{EndUser, SubjectType};
use shared::domain::sign_in::purpose::SignInPurpose;
use shared::domain::sign_in::{CODE_LIFETIME, EmailCode, Step};
use shared::services::sign_in::{ActiveClient, SignInSession};
use shared::texts::Texts;
use shared::web::response::see_other;
use shared::wire::params::OAuthParams;
use std::sync::Arc;

/// `GET /oauth/authorize/{sign_in_id}`: the page of the step. A completed sign-in leads to the client again.
pub async fn get(
    State(state): State<Arc<AuthorizeState>>,
    id: PathId,
    Extension(language): Extension<PageLanguage>,
    head: Parts,
) -> Result<Response, AuthorizeError> {
    let id = session::path_id(id)?;
    let query = OAuthParams::from_form(head.uri.query().unwrap_or_default().as_bytes()).ok();
    let input_error =
        query.and_then(|query| query.get(FormErrorCode::PARAMETER).and_then(FormErrorCode::parse));
    let result = async {
        let session = session::load(&state, id.clone(), &head).await?;
        if session.is_completed() {
            return repeat_response(&state, &session).await;
        }
        let texts = language.texts();
        render_step(&state, &session, texts, input_error)
    };
    result.await.map_err(|error| error.with_sign_in(&id))
}

/// Where a completed sign-in leads: to the client with the same response, or to the console.
async fn repeat_response(
    state: &AuthorizeState,
    session: &SignInSession,
) -> Result<Response, AuthorizeError> {
    if let Some(request) = session.sign_in.purpose.console() {
        return Ok(see_other(request.to.as_str()));
    }
    let code = session.repeated_response(&state.app.store).await?;
    Ok(response::redirect_with_code(state, session, &code)?)
}

fn render_step(
    state: &AuthorizeState,
    session: &SignInSession,
    texts: Texts,
    input_error: Option<FormErrorCode>,
) -> Result<Response, AuthorizeError> {
    let step = match &session.sign_in.step {
        Step::AwaitIdentity | Step::AwaitIdp { .. } => {
            let error = input_error.filter(|code| *code == FormErrorCode::Address);
            sign_in(state, session, texts, error.map(|code| FormError::invalid_input(texts, code)))
        }
        Step::IdpFailed => {
            sign_in(state, session, texts, Some(FormError::idp_failed(texts, state.provider())))
        }
        Step::EmailCode(code) => email_code(state, session, texts, code, input_error),
        Step::NotAMember { email, other_identity } => {
            let client = session.client().ok();
            let account = client.map(|target| display_name(&target.active.account.account_name));
            let context = context(state, session, texts);
            let page = NotAMemberPage {
                texts,
                frame: state.frame(),
                context,
                email: email.as_str(),
                account: account.as_deref(),
                other_identity: *other_identity,
            };
            response::sign_in_page(state, session, &page)
        }
        Step::Consent { person } => consent(state, session, texts, person)?,
        Step::Completed => return Err(AuthorizeError::AlreadyCompleted),
    };
    Ok(step)
}

fn context<'a>(state: &'a AuthorizeState, session: &'a SignInSession, texts: Texts) -> PageContext<'a> {
    let client = session.client().ok();
    let console = session.sign_in.purpose.console();
    let confirms = console.and_then(|request| {
        let confirmed = request.confirms.as_ref()?;
        let cancel = request.to.parent().as_str().to_owned();
        Some(Confirmation { email: confirmed.email.as_str(), cancel })
    });
    PageContext {
        id: &session.id,
        csrf_token: session.csrf_token(),
        client_name: client.map_or_else(
            || texts.get("sign-in-console"),
            |target| display_name(&target.active.client.client_name),
        ),
        application_of: client.and_then(|target| target.account_to_name()).map(display_name),
        is_console: client.is_none(),
        confirms,
        by_email: state.email.is_some() && session.allows(SignInMethod::EmailCode),
        provider: state.provider().filter(|_| session.allows(SignInMethod::Provider)),
    }
}

fn sign_in(
    state: &AuthorizeState,
    session: &SignInSession,
    texts: Texts,
    error: Option<FormError>,
) -> Response {
    // A person who chose "Not you?" is another one than the hint names.
    let hint = match &session.sign_in.purpose {
        SignInPurpose::Client(request) => request.login_hint.as_ref(),
        SignInPurpose::Console(_) => None,
    };
    let hint = hint.filter(|_| !session.sign_in.switched_user);
    let email = hint.map_or("", EmailAddress::as_str);
    let page =
        SignInPage { texts, frame: state.frame(), context: context(state, session, texts), error, email };
    response::sign_in_page(state, session, &page)
}

fn email_code(
    state: &AuthorizeState,
    session: &SignInSession,
    texts: Texts,
    code: &EmailCode,
    input_error: Option<FormErrorCode>,
) -> Response {
    let attempts_left = code.attempts_left(session.now);
    let error = if !code.is_live(session.now) {
        Some(FormError::code_expired(texts))
    } else if attempts_left == 0 {
        Some(FormError::no_attempts_left(texts))
    } else if input_error == Some(FormErrorCode::Code) {
        Some(FormError::invalid_input(texts, FormErrorCode::Code))
    } else {
        (code.attempts > 0).then(|| FormError::wrong_code(texts, attempts_left))
    };
    let page = EmailCodePage {
        texts,
        frame: state.frame(),
        context: context(state, session, texts),
        error,
        email: code.email.as_str(),
        accepts_code: attempts_left > 0,
        minutes: CODE_LIFETIME.unsigned_abs().as_secs() / 60,
    };
    response::sign_in_page(state, session, &page)
}

fn consent(
    state: &AuthorizeState,
    session: &SignInSession,
    texts: Texts,
    person: &EndUser,
) -> Result<Response, AuthorizeError> {
    let target = session.client()?;
    let (request, ActiveClient { client, account, .. }) = (&target.request, &target.active);
    let resource = target.resource()?;
    let requested = resource.scopes.iter().filter(|scope| request.scopes.contains(scope.name.as_str()));
    let scopes = requested
        .map(|scope| ScopeRow { description: scope.description.as_str(), name: scope.name.as_str() })
        .collect();
    let page = ConsentPage {
        texts,
        frame: state.frame(),
        context: context(state, session, texts),
        account: display_name(&account.account_name),
        website: client.client_uri.as_ref().map(|uri| (uri.as_str(), uri.host())),
        resource: display_name(&resource.resource_name),
        email: person.email.as_str(),
        scopes,
        redirect_host: request.redirect.display_host(),
        is_public: client.token_endpoint_auth_method.is_public(),
        is_member: person.sub.subject_type() == SubjectType::Member,
    };
    Ok(response::sign_in_page(state, session, &page))
}
