//! Pages that show an error.

use askama::Template;
use shared::domain::oauth::authorization::error::AuthorizationError;
use shared::domain::primitives::language::Language;
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
    host: &'a str,
    title: &'static str,
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
    pub fn template(self, host: &'a str) -> ErrorPageTemplate<'a> {
        let page = |title, message: &str| ErrorPageTemplate {
            texts: Texts::of(Language::default()),
            host,
            title,
            message: message.to_owned(),
            developer: None,
            retry: None,
            back: None,
        };
        match self {
            Self::InvalidRequest(reason) => ErrorPageTemplate {
                developer: Some(reason.developer_message()),
                ..page(
                    "This link does not work",
                    "The application that sent you here made a mistake, so nobody can be signed in to it this way. Nothing \
                 has happened. Go back to it and try again; if that does not help, tell those who run it.",
                )
            },
            Self::RequestRejected { error, link, host: redirect_host } => {
                let (title, message) = rejected_message(error);
                ErrorPageTemplate {
                    developer: Some((error.code(), error.description())),
                    back: Some((link, redirect_host)),
                    ..page(title, message)
                }
            }
            Self::SessionNotFound => page(
                "This sign-in cannot go on here",
                "It has taken too long, or it was begun in another browser. A sign-in goes on only where it was begun, \
                 within half an hour, and with cookies allowed. Go back to the application and sign in again.",
            ),
            Self::AlreadyCompleted => page(
                "This sign-in is finished",
                "The application has had its answer, here or in another tab. You can close this page; to sign in once \
                 more, begin in the application.",
            ),
            Self::CrossSite => page(
                "That was not sent from our page",
                "What you sent did not come from a page of this site, so nothing was done. Go back to the application \
                 and sign in again.",
            ),
            Self::MethodNotAllowed => page(
                "Nothing is here",
                "This address belongs to a form and shows nothing by itself. Go back to the application and sign in \
                 again.",
            ),
            Self::RateLimited(seconds) => page(
                "Too many codes",
                &format!(
                    "So many codes were asked for from here in the last hour that no more are sent. Use the newest one \
                     that you got: only that one works. Or ask again in {}.",
                    minutes(seconds)
                ),
            ),
            Self::TooManySignIns(seconds) => page(
                "Too many sign-ins",
                &format!(
                    "So many sign-ins were begun from here in the last hour that no more can be begun now. Go back to the \
                     application and sign in again in {}.",
                    minutes(seconds)
                ),
            ),
            Self::TooManySteps => page(
                "This sign-in has gone on for too long",
                "It was tried again too often, so it cannot go on. Go back to the application and begin a new one.",
            ),
            Self::MailLinkNotFound => page(
                "This link does not work",
                "Mail programs sometimes cut long links off: copy the whole link from the e-mail into the address bar. If \
                 that does not help, the account that the e-mail is about is gone, and sends no more.",
            ),
            Self::TooManyMailChanges(seconds) => page(
                "Too many changes",
                &format!(
                    "These e-mails were stopped and started so often that this cannot be changed now. Try again in {}.",
                    minutes(seconds)
                ),
            ),
            Self::Unavailable(link) => ErrorPageTemplate {
                retry: match link {
                    RetryLink::Reload => None,
                    RetryLink::SignIn(id) => Some(id),
                },
                ..page(
                    "Something is out of order",
                    "Nothing was lost and nothing was decided. Wait a moment and try again; if you came from an \
                     application, going back to it helps too.",
                )
            },
        }
    }
}

/// Title and message for a request that the client got wrong, or that cannot be granted.
const fn rejected_message(error: &AuthorizationError) -> (&'static str, &'static str) {
    match error {
        AuthorizationError::LoginRequired => (
            "You are not signed in",
            "The application asked to go on without showing you a page. That needs a sign-in, and there is none. Go back \
             to it and sign in there.",
        ),
        AuthorizationError::TemporarilyUnavailable(_) => (
            "Nobody can sign in here yet",
            "The operator of this site has set up no way for people to sign in. Nothing has happened. You can go back to \
             the application, which is then told so.",
        ),
        AuthorizationError::InvalidRequest(_)
        | AuthorizationError::UnauthorizedClient
        | AuthorizationError::AccessDenied(_)
        | AuthorizationError::UnsupportedResponseType
        | AuthorizationError::InvalidScope(_)
        | AuthorizationError::InvalidTarget(_)
        | AuthorizationError::RequestNotSupported
        | AuthorizationError::RequestUriNotSupported => (
            "This sign-in cannot begin",
            "The application that sent you here asked for something that it cannot get. Nothing has happened. You can go \
             back to it, and it is then told what was wrong; if you do not know it, close this page.",
        ),
    }
}

/// `1 minute`, `32 minutes`: rounded up.
fn minutes(seconds: i64) -> String {
    match (seconds.max(1) + 59) / 60 {
        1 => "1 minute".to_owned(),
        minutes => format!("{minutes} minutes"),
    }
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
