//! Forms that would be lost because their person has to prove who they are: the session has ended, or the form needs a recent
//! confirmation. They are kept on the server, and their page shows them again.

use crate::forms::new_client_link::{page_of, page_with_text};
use crate::forms::retry::SentForm;
use crate::forms::{DRAFT_FIELD, Form};
use crate::state::ConsoleState;
use axum::extract::Request;
use http::{Method, header};
use shared::adapters::crypto::console_cookie::ConsoleCookie;
use shared::adapters::error::BackendError;
use shared::domain::account::Account;
use shared::domain::console::draft::DraftId;
use shared::domain::console::path::ConsolePath;
use shared::domain::primitives::ids::AccountId;
use shared::services::console::{FormDrafts, LiveSession, NewDraft};
use shared::web::cross_site::{CSRF_FIELD, is_cross_site};

/// The page of new clients.
const NEW_CLIENT: &str = "/console/accounts/{account_id}/clients/new";

/// The pages that show a form as it was typed. All that need a recent confirmation are among them, unless nothing is typed
/// there that may be kept.
const RESTORED: [&str; 21] = [
    NEW_CLIENT,
    "/console/accounts/{account_id}/clients/{client_id}/delete",
    "/console/accounts/{account_id}/clients/{client_id}/edit",
    "/console/accounts/{account_id}/clients/{client_id}/permissions",
    "/console/accounts/{account_id}/clients/{client_id}/settings",
    "/console/accounts/{account_id}/clients/{client_id}/credentials/keys/platforms/{platform}",
    "/console/accounts/{account_id}/clients/{client_id}/credentials/keys/url",
    "/console/accounts/{account_id}/clients/{client_id}/credentials/leaked",
    "/console/accounts/{account_id}/clients/{client_id}/credentials/rotate",
    "/console/accounts/{account_id}/members/new",
    "/console/accounts/{account_id}/members/{sub}/address",
    "/console/accounts/{account_id}/members/{sub}/edit",
    "/console/accounts/{account_id}/members/{sub}/remove",
    "/console/accounts/{account_id}/settings",
    "/console/operator/accounts/new",
    "/console/operator/accounts/{account_id}/delete",
    "/console/operator/accounts/{account_id}/disable",
    "/console/operator/accounts/{account_id}/entitlements",
    "/console/operator/apis/{resource_id}/delete",
    "/console/operator/apis/{resource_id}/edit",
    "/console/operator/apis/{resource_id}/scope",
];

/// What is remembered of the request of a form.
pub struct PostedForm {
    cookie: Option<ConsoleCookie>,
    path: String,
    /// The page that the form was on, as the browser says.
    page: Option<ConsolePath>,
    is_cross_site: bool,
}

/// Where a person gets whose session has ended.
pub struct AfterSignIn {
    /// The page.
    pub to: ConsolePath,
    /// Whether it has what they typed.
    pub is_kept: bool,
}

impl PostedForm {
    /// Of a request, if it is a form's.
    pub fn of(state: &ConsoleState, request: &Request) -> Option<Self> {
        if request.method() != Method::POST {
            return None;
        }
        let (headers, issuer) = (request.headers(), &state.app().config.issuer);
        let is_cross_site = is_cross_site(headers, issuer);
        let referrer = headers.get(header::REFERER).and_then(|value| value.to_str().ok());
        let page = referrer.and_then(|url| url.strip_prefix(issuer.as_str())).filter(|_| !is_cross_site);
        Some(Self {
            cookie: state.cookie().read(headers).as_deref().and_then(ConsoleCookie::parse),
            path: request.uri().path().to_owned(),
            page: page.and_then(|page| ConsolePath::parse(page).ok()),
            is_cross_site,
        })
    }
}

/// The page `to`, with what was typed in a form that needs a confirmation first. A fault of the store loses the form, not the
/// way.
pub async fn keep(
    state: &ConsoleState,
    route: &str,
    to: &ConsolePath,
    draft: Option<&NewDraft>,
) -> ConsolePath {
    let Some(draft) = draft.filter(|_| RESTORED.contains(&route)) else { return to.clone() };
    match drafts(state).keep(draft.clone()).await {
        Ok(Some(id)) => to.clone().with_param(DRAFT_FIELD, id.expose()),
        Ok(None) => to.clone(),
        Err(cause) => {
            tracing::warn!(%cause, "a form could not be kept");
            to.clone()
        }
    }
}

/// Where the person of a form gets on whose session has ended: to the form as it was typed, if the session is known to have
/// been theirs, else to the page that they came from.
pub async fn after_session(
    state: &ConsoleState,
    route: &str,
    posted: PostedForm,
    sent: Option<&SentForm>,
) -> AfterSignIn {
    let form = sent.filter(|_| !posted.is_cross_site).map(SentForm::form).unwrap_or_default();
    let own = ConsolePath::parse(&posted.path).ok().filter(|_| RESTORED.contains(&route));
    let Some(own) = own else {
        return AfterSignIn { to: posted.page.unwrap_or_else(ConsolePath::root), is_kept: false };
    };
    let draft = match draft_of_ended(state, route, &posted, &form).await {
        Ok(draft) => draft,
        Err(cause) => {
            tracing::warn!(%cause, "a form could not be kept");
            None
        }
    };
    let own = if route == NEW_CLIENT { page_of(&own, &form) } else { own };
    if draft.is_some() {
        let to = keep(state, route, &own, draft.as_ref()).await;
        return AfterSignIn { is_kept: to != own, to };
    }
    let to = if route == NEW_CLIENT { page_with_text(&posted.path, &form).unwrap_or(own) } else { own };
    AfterSignIn { to, is_kept: false }
}

/// The form of a session that has ended by itself. Of one that a person has ended nothing is kept, nor of a cookie that never
/// was a session's.
async fn draft_of_ended(
    state: &ConsoleState,
    route: &str,
    posted: &PostedForm,
    form: &Form,
) -> Result<Option<NewDraft>, BackendError> {
    let token = form.get(CSRF_FIELD).unwrap_or_default();
    let cookie = posted.cookie.as_ref().filter(|cookie| cookie.verify_csrf_token(&posted.path, token));
    let (Some(cookie), Some(fields)) = (cookie, form.to_draft()) else { return Ok(None) };
    let Some(session) = state.sessions(state.app().clock.now()).load_ended(cookie).await? else {
        return Ok(None);
    };
    let account_id = account_of(route, &posted.path).or(session.account_id);
    let (person, path) = (cookie.person().to_owned(), posted.path.clone());
    Ok(account_id.map(|account_id| NewDraft { person, account_id, path, fields }))
}

/// The account that a path of a route names.
fn account_of(route: &str, path: &str) -> Option<AccountId> {
    let mut segments = route.split('/').zip(path.split('/'));
    let (_, id) = segments.find(|(name, _)| *name == "{account_id}")?;
    AccountId::parse(id).ok()
}

/// The form that the query names, if this person has typed it on this page.
pub async fn restore(
    state: &ConsoleState,
    live: &LiveSession,
    account: &Account,
    path: &str,
    query: &str,
) -> Result<(Form, Option<DraftId>), BackendError> {
    let mut params = form_urlencoded::parse(query.as_bytes());
    let named = params.find(|(name, _)| name == DRAFT_FIELD).and_then(|(_, id)| DraftId::parse(&id));
    let Some(id) = named else { return Ok((Form::default(), None)) };
    let kept = drafts(state).load(live.cookie.person(), &id, &account.account_id, path).await?;
    Ok(kept.map_or_else(|| (Form::default(), None), |fields| (Form::from_draft(&fields), Some(id))))
}

/// Removes what was kept of a form, once it has done its work.
pub async fn remove_sent(state: &ConsoleState, posted: &PostedForm, sent: &SentForm) {
    let form = sent.form();
    let id = form.get(DRAFT_FIELD).and_then(DraftId::parse);
    let (Some(cookie), Some(id)) = (&posted.cookie, id) else { return };
    if let Err(cause) = drafts(state).remove(cookie.person(), &id).await {
        tracing::warn!(%cause, "a form that was sent is still kept");
    }
}

/// The forms that are kept.
pub fn drafts(state: &ConsoleState) -> FormDrafts<'_> {
    FormDrafts { store: &state.app().store, now: state.app().clock.now() }
}
