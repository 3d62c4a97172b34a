//! Pages that show an error.

use crate::pages::templates::Frame;
use askama::Template;
use shared::domain::oauth::authorization::error::AuthorizationError;
use shared::domain::sign_in::SignInId;
use shared::texts::Texts;

/// Why an authorization request is rejected without a redirect to the client (RFC 6749 §4.1.2.1).
#[derive(Clone, Copy)]
pub enum InvalidRequestReason {
    ClientId,
    Client,
    RedirectMissing,
    RedirectMalformed,
    RedirectHoldsResponse,
    RedirectNotRegistered,
}

/// Link of the page for an unavailable backend.
pub enum RetryLink<'a> {
    /// No link: the page can be reloaded.
    Reload,
    /// The page of this sign-in.
    SignIn(&'a SignInId),
}

/// An error page.
pub enum ErrorPage<'a> {
    InvalidRequest(InvalidRequestReason),
    /// The client gets the error if the person follows the link.
    RequestRejected {
        error: &'a AuthorizationError,
        /// Redirect URI with the error.
        link: String,
        /// Host that the link leads to.
        host: String,
    },
    SessionNotFound,
    AlreadyCompleted,
    CrossSite,
    MethodNotAllowed,
    /// Seconds until a code may be requested again.
    RateLimited(i64),
    /// Seconds until a sign-in may be started again.
    TooManySignIns(i64),
    TooManySteps,
    MailLinkNotFound,
    /// Seconds until the reminders to the recipient may be stopped or resumed again.
    TooManyMailChanges(i64),
    Unavailable(RetryLink<'a>),
}

/// Template of an error page.
#[derive(Template)]
#[template(path = "error.html")]
pub struct ErrorPageTemplate<'a> {
    texts: Texts,
    frame: Frame<'a>,
    title: String,
    message: String,
    /// Error code of RFC 6749 §4.1.2.1 and description, for the developer of the client.
    developer: Option<(&'static str, &'static str)>,
    /// Sign-in to try again.
    retry: Option<&'a SignInId>,
    /// Link to the client, and the host that it leads to.
    back: Option<(String, String)>,
}

impl<'a> ErrorPage<'a> {
    /// The template of the page.
    pub fn template(self, texts: Texts, frame: Frame<'a>) -> ErrorPageTemplate<'a> {
        let (title, message) = self.text(texts);
        let page =
            ErrorPageTemplate { texts, frame, title, message, developer: None, retry: None, back: None };
        match self {
            Self::InvalidRequest(reason) => {
                ErrorPageTemplate { developer: Some(reason.developer_message()), ..page }
            }
            Self::RequestRejected { error, link, host: redirect_host } => ErrorPageTemplate {
                developer: Some((error.code(), error.description())),
                back: Some((link, redirect_host)),
                ..page
            },
            Self::Unavailable(RetryLink::SignIn(id)) => ErrorPageTemplate { retry: Some(id), ..page },
            Self::SessionNotFound
            | Self::AlreadyCompleted
            | Self::CrossSite
            | Self::MethodNotAllowed
            | Self::RateLimited(_)
            | Self::TooManySignIns(_)
            | Self::TooManySteps
            | Self::MailLinkNotFound
            | Self::TooManyMailChanges(_)
            | Self::Unavailable(RetryLink::Reload) => page,
        }
    }

    /// Title and message.
    fn text(&self, texts: Texts) -> (String, String) {
        let page = |title, message| (texts.get(title), texts.get(message));
        let later = |title, message, seconds| {
            let minutes = texts.count("minutes", minutes(seconds));
            (texts.get(title), texts.with(message, [("minutes", minutes)]))
        };
        match self {
            Self::InvalidRequest(_) => page("link-broken-title", "link-broken-request"),
            Self::RequestRejected { error, .. } => {
                let (title, message) = rejected_message(error);
                page(title, message)
            }
            Self::SessionNotFound => page("session-not-found-title", "session-not-found"),
            Self::AlreadyCompleted => page("already-completed-title", "already-completed"),
            Self::CrossSite => page("cross-site-title", "cross-site"),
            Self::MethodNotAllowed => page("method-not-allowed-title", "method-not-allowed"),
            Self::RateLimited(seconds) => later("too-many-codes-title", "too-many-codes", *seconds),
            Self::TooManySignIns(seconds) => later("too-many-sign-ins-title", "too-many-sign-ins", *seconds),
            Self::TooManySteps => page("too-many-steps-title", "too-many-steps"),
            Self::MailLinkNotFound => page("link-broken-title", "link-broken-mail"),
            Self::TooManyMailChanges(seconds) => {
                later("too-many-mail-changes-title", "too-many-mail-changes", *seconds)
            }
            Self::Unavailable(_) => page("unavailable-title", "unavailable"),
        }
    }
}

/// Messages for a request that the client got wrong, or that cannot be granted: title and text.
const fn rejected_message(error: &AuthorizationError) -> (&'static str, &'static str) {
    match error {
        AuthorizationError::LoginRequired => ("login-required-title", "login-required"),
        AuthorizationError::TemporarilyUnavailable(_) => ("no-sign-in-title", "no-sign-in"),
        AuthorizationError::InvalidRequest(_)
        | AuthorizationError::UnauthorizedClient
        | AuthorizationError::AccessDenied(_)
        | AuthorizationError::UnsupportedResponseType
        | AuthorizationError::InvalidScope(_)
        | AuthorizationError::InvalidTarget(_)
        | AuthorizationError::RequestNotSupported
        | AuthorizationError::RequestUriNotSupported => ("request-rejected-title", "request-rejected"),
    }
}

/// Minutes, rounded up: at least one.
fn minutes(seconds: i64) -> u64 {
    u64::try_from(seconds).unwrap_or(0).div_ceil(60).max(1)
}

impl InvalidRequestReason {
    /// Error code and description for the developer of the client.
    const fn developer_message(self) -> (&'static str, &'static str) {
        match self {
            Self::ClientId => ("invalid_request", "client_id is missing, malformed or there twice"),
            Self::Client => ("unauthorized_client", "no active client has this client_id"),
            Self::RedirectMissing => (
                "invalid_request",
                "redirect_uri is missing, and the client has not exactly one without wildcards",
            ),
            Self::RedirectMalformed => {
                ("invalid_request", "redirect_uri is no absolute URI in its normal form")
            }
            Self::RedirectHoldsResponse => (
                "invalid_request",
                "the query of redirect_uri holds a parameter of the answer, such as state or code",
            ),
            Self::RedirectNotRegistered => {
                ("invalid_request", "redirect_uri is none of those registered for the client")
            }
        }
    }
}
