//! Pages that show an error.

use askama::Template;
use shared::domain::sign_in::SignInId;

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
    SessionNotFound,
    AlreadyCompleted,
    CrossSite,
    MethodNotAllowed,
    /// Seconds until a code may be requested again.
    RateLimited(i64),
    Unavailable(RetryLink<'a>),
}

/// Template of an error page.
#[derive(Template)]
#[template(path = "error.html")]
pub struct ErrorPageTemplate<'a> {
    host: &'a str,
    title: &'static str,
    message: String,
    /// Error code of RFC 6749 §4.1.2.1 and description, for the developer of the client.
    developer: Option<(&'static str, &'static str)>,
    /// Sign-in to try again.
    retry: Option<&'a SignInId>,
}

impl<'a> ErrorPage<'a> {
    /// The template of the page.
    pub fn template(self, host: &'a str) -> ErrorPageTemplate<'a> {
        let page = |title, message: &str| ErrorPageTemplate {
            host,
            title,
            message: message.to_owned(),
            developer: None,
            retry: None,
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
            Self::RateLimited(seconds) => {
                let minutes = (seconds.max(1) + 59) / 60;
                let unit = if minutes == 1 { "minute" } else { "minutes" };
                page(
                    "Too many codes",
                    &format!(
                        "So many codes were asked for in the last hour that no more are sent. Use the newest one that \
                         you got, or try again in {minutes} {unit}."
                    ),
                )
            }
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
