//! Pages that only say something: what a sign-in can end at.

use askama::Template;
use shared::domain::sign_in::SignInId;

/// Why a request leads nowhere, not even back.
#[derive(Clone, Copy)]
pub enum InvalidRequestReason {
    ClientId,
    Client,
    RedirectMissing,
    RedirectMalformed,
    RedirectHoldsAnswer,
    RedirectUnknown,
}

/// What is offered when something did not answer.
pub enum RetryLink<'a> {
    Reload,
    BackTo(&'a SignInId),
}

/// A page that only says something.
pub enum ErrorPage<'a> {
    InvalidRequest(InvalidRequestReason),
    SessionNotFound,
    AlreadyCompleted,
    CrossSite,
    MethodNotAllowed,
    RateLimited(i64),
    Unavailable(RetryLink<'a>),
}

/// The same, in words.
#[derive(Template)]
#[template(path = "message.html")]
pub struct ErrorPageTemplate<'a> {
    host: &'a str,
    title: &'static str,
    what: String,
    /// The code of RFC 6749 §4.1.2.1 and what is wrong, for the developer of the client.
    developer: Option<(&'static str, &'static str)>,
    page: Option<&'a SignInId>,
}

impl<'a> ErrorPage<'a> {
    pub fn page(self, host: &'a str) -> ErrorPageTemplate<'a> {
        let said = |title, what: &str| ErrorPageTemplate {
            host,
            title,
            what: what.to_owned(),
            developer: None,
            page: None,
        };
        match self {
            Self::InvalidRequest(why) => ErrorPageTemplate {
                developer: Some(why.developer()),
                ..said(
                    "This link does not work",
                    "The application that sent you here made a mistake, so nobody can be signed in to it this way. Nothing \
                 has happened. Go back to it and try again; if that does not help, tell those who run it.",
                )
            },
            Self::SessionNotFound => said(
                "This sign-in cannot go on here",
                "It has taken too long, or it was begun in another browser. A sign-in goes on only where it was begun, \
                 within half an hour, and with cookies allowed. Go back to the application and sign in again.",
            ),
            Self::AlreadyCompleted => said(
                "This sign-in is finished",
                "The application has had its answer, here or in another tab. You can close this page; to sign in once \
                 more, begin in the application.",
            ),
            Self::CrossSite => said(
                "That was not sent from our page",
                "What you sent did not come from a page of this site, so nothing was done. Go back to the application \
                 and sign in again.",
            ),
            Self::MethodNotAllowed => said(
                "Nothing is here",
                "This address belongs to a form and shows nothing by itself. Go back to the application and sign in \
                 again.",
            ),
            Self::RateLimited(seconds) => {
                let minutes = (seconds.max(1) + 59) / 60;
                let unit = if minutes == 1 { "minute" } else { "minutes" };
                said(
                    "Too many codes",
                    &format!(
                        "So many codes were asked for in the last hour that no more are sent. Use the newest one that \
                         you got, or try again in {minutes} {unit}."
                    ),
                )
            }
            Self::Unavailable(offer) => ErrorPageTemplate {
                page: match offer {
                    RetryLink::Reload => None,
                    RetryLink::BackTo(id) => Some(id),
                },
                ..said(
                    "Something is out of order",
                    "Nothing was lost and nothing was decided. Wait a moment and try again; if you came from an \
                     application, going back to it helps too.",
                )
            },
        }
    }
}

impl InvalidRequestReason {
    const fn developer(self) -> (&'static str, &'static str) {
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
            Self::RedirectHoldsAnswer => (
                "invalid_request",
                "the query of redirect_uri holds a parameter of the answer, such as state or code",
            ),
            Self::RedirectUnknown => {
                ("invalid_request", "redirect_uri is none of those registered for the client")
            }
        }
    }
}
