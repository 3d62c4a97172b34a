//! Middleware that logs the errors of handlers and renders their pages.

use crate::error::ConsoleError;
use crate::forms::kept::{self, PostedForm};
use crate::forms::retry::SentForm;
use crate::frame::Frame;
use crate::frame::seen::SeenFrame;
use crate::language;
use crate::pages::parts::error_page::ErrorPage;
use crate::respond;
use crate::state::ConsoleState;
use axum::extract::{MatchedPath, Request, State};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use http::{HeaderValue, Method, header};
use shared::adapters::telemetry::emf;
use shared::domain::console::path::ConsolePath;
use shared::services::members::administrators_of;
use shared::services::principal::AccessError;
use shared::texts::Texts;
use shared::web::response::{see_other, with_language, with_retry_after};
use std::sync::Arc;
use tracing::Instrument;
use tracing::field::Empty;

/// `Retry-After` while a store does not answer, in seconds.
const UNAVAILABLE_RETRY_AFTER: i64 = 2;

/// Logs one event for a request that failed, with the account that the request records in the span, and replaces its response
/// by the error's. Pages get their policy here.
pub async fn log_and_render_errors(
    State(state): State<Arc<ConsoleState>>,
    mut request: Request,
    next: Next,
) -> Response {
    let method = request.method().clone();
    let route = request.extensions().get::<MatchedPath>().cloned();
    let texts = language::texts(&state, request.headers(), request.uri());
    let account = account_of_path(request.uri().path()).map(str::to_owned);
    let span = tracing::info_span!("request", account_id = Empty);
    let posted = PostedForm::of(&state, &request);
    let seen = SeenFrame::default();
    request.extensions_mut().insert(seen.clone());
    async move {
        // The frames of pages have it.
        state.app().logo.get(state.app().clock.now()).await;
        let (mut response, sent) = match SentForm::keep(request).await {
            Ok((request, sent)) => (next.run(request).await, sent),
            Err(error) => (error.into_response(), None),
        };
        if method == Method::POST
            && let Some(outcome) = outcome(&response)
        {
            let (app, now) = (state.app(), state.app().clock.now());
            emf::record(&app.config.stage, now, &[("outcome", outcome)], &[("console_actions", 1)]);
        }
        let route = route.as_ref().map_or("none", MatchedPath::as_str);
        let response = match response.extensions_mut().remove::<Arc<ConsoleError>>() {
            None => {
                if let (Some(posted), Some(sent), true) = (&posted, &sent, is_done(&response)) {
                    kept::remove_sent(&state, posted, sent).await;
                }
                response
            }
            Some(error) => {
                log(method.as_str(), route, &error);
                if let ConsoleError::ConfirmationRequired(to, draft) = &*error {
                    let to = kept::keep(&state, route, to, draft.as_deref()).await;
                    leads_to("/console/confirm", &to)
                } else {
                    let failed = FailedRequest { route, account: account.as_deref(), posted, sent };
                    let page = error_page(&state, texts, &error, failed).await;
                    let (person, account) = seen.known();
                    let bare = Frame::bare(&state, texts, page.title.clone());
                    let frame = Frame { account, person, ..bare };
                    respond_to(&error, page, frame)
                }
            }
        };
        state.pages.finish(with_language(response, texts.language()))
    }
    .instrument(span)
    .await
}

/// Whether a form has done its work.
fn is_done(response: &Response) -> bool {
    response.status().is_success() || response.status().is_redirection()
}

/// What became of a form, for the metric; `None` if it only led to a sign-in.
fn outcome(response: &Response) -> Option<&'static str> {
    match response.extensions().get::<Arc<ConsoleError>>().map(|error| &**error) {
        Some(
            ConsoleError::SignedOut(_)
            | ConsoleError::ChooseAccount(_)
            | ConsoleError::ConfirmationRequired(..),
        ) => None,
        Some(ConsoleError::Unavailable(_)) => Some("unavailable"),
        Some(_) => Some("rejected"),
        None if response.status().is_client_error() => Some("rejected"),
        None => Some("done"),
    }
}

fn log(method: &str, route: &str, error: &ConsoleError) {
    match error {
        ConsoleError::SignedOut(_)
        | ConsoleError::ChooseAccount(_)
        | ConsoleError::ConfirmationRequired(..) => {}
        ConsoleError::Unavailable(cause) => tracing::error!(method, route, %cause, "console request failed"),
        other => tracing::info!(method, route, reason = %other, "console request rejected"),
    }
}

/// The account that the path of a page names.
fn account_of_path(path: &str) -> Option<&str> {
    path.strip_prefix("/console/accounts/")?.split('/').next()
}

/// What is known of a request that has failed.
struct FailedRequest<'a> {
    route: &'a str,
    /// The account of its path.
    account: Option<&'a str>,
    posted: Option<PostedForm>,
    sent: Option<SentForm>,
}

/// The page of an error; with who can give the right that is missing, or with the form to send again.
async fn error_page(
    state: &ConsoleState,
    texts: Texts,
    error: &ConsoleError,
    failed: FailedRequest<'_>,
) -> ErrorPage {
    let page = ErrorPage::new(error, texts);
    let FailedRequest { route, account, posted, sent } = failed;
    match (error, account) {
        // Only members of the account, and operators, get so far as to lack a right there.
        (ConsoleError::Access(AccessError::InsufficientScope(_)), Some(account)) => {
            page.with_administrators(administrators_of(&state.app().store, account).await)
        }
        (ConsoleError::RateLimited(_) | ConsoleError::Unavailable(_), _) => {
            page.with_retry(sent.and_then(SentForm::again))
        }
        (ConsoleError::SessionEnded, _) => match posted {
            None => page,
            Some(posted) => {
                let after = kept::after_session(state, route, posted, sent.as_ref()).await;
                page.with_sign_in(texts, &after)
            }
        },
        _ => page,
    }
}

/// Leads to a page, and from there to another one.
fn leads_to(page: &str, to: &ConsolePath) -> Response {
    let to = form_urlencoded::Serializer::new(String::new()).append_pair("to", to.as_str()).finish();
    see_other(&format!("{page}?{to}"))
}

fn respond_to(error: &ConsoleError, page: ErrorPage, frame: Frame<'_>) -> Response {
    match error {
        ConsoleError::SignedOut(to) => return leads_to("/console/sign-in", to),
        ConsoleError::ChooseAccount(to) => return leads_to("/console", to),
        _ => {}
    }
    let mut response = respond::page_with_status(error.status(), &page.template(frame));
    match error {
        ConsoleError::MethodNotAllowed(allowed) => {
            response.headers_mut().insert(header::ALLOW, HeaderValue::from_static(allowed));
            response
        }
        ConsoleError::RateLimited(seconds) => with_retry_after(response, *seconds),
        ConsoleError::Unavailable(_) => with_retry_after(response, UNAVAILABLE_RETRY_AFTER),
        _ => response,
    }
}
