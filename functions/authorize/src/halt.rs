//! Why a request goes no further, and what the browser is told.

use crate::desk::Desk;
use crate::message::{Message, NoWayBack, Offer};
use crate::respond;
use axum::response::Response;
use http::StatusCode;
use shared::adapters::fault::Fault;
use shared::domain::authorization_error::AuthorizationError;
use shared::domain::redirect_uri::{RedirectRefused, RedirectTarget};
use shared::domain::sign_in::SignInId;

/// Where errors go to.
pub struct WayBack {
    pub redirect: RedirectTarget,
    pub state: Option<String>,
}

/// Why a browser does not get what it asked for: most end at a page, the client hears of one of them.
pub enum Halt {
    /// `client_id` is missing, malformed, or there twice.
    NoClientId,
    /// No such client, or it may not act: the reason is for the log.
    Client(&'static str),
    /// No redirect URI that is the client's.
    Redirect(RedirectRefused),
    /// `redirect_uri` is there twice.
    RedirectTwice,
    /// The client hears of it.
    Back(WayBack, AuthorizationError),
    /// There is no such sign-in, not in this browser, or not any more. The reason is for the log.
    NotHere(&'static str),
    /// The client has its answer already.
    Over,
    /// The form was not sent by a page of ours.
    Foreign(&'static str),
    /// What was sent is no form.
    NoForm,
    /// Too often: again after so many seconds.
    TooOften(i64),
    /// Somebody else has taken the sign-in further, most likely the same person in another tab.
    MovedOn(SignInId),
    /// Something did not answer, so nothing was decided.
    Fault(Fault, Option<SignInId>),
}

impl From<Fault> for Halt {
    fn from(fault: Fault) -> Self {
        Self::Fault(fault, None)
    }
}

/// Who it is about, for the log.
#[derive(Default)]
pub struct Trace {
    pub client_id: Option<String>,
    pub account_id: Option<String>,
}

/// The answer, with one event for what went no further.
pub fn answer(desk: &Desk, doing: &'static str, trace: &Trace, result: Result<Response, Halt>) -> Response {
    match result {
        Ok(response) => response,
        Err(halt) => {
            log(doing, trace, &halt);
            halt.respond(desk)
        }
    }
}

fn log(doing: &'static str, trace: &Trace, halt: &Halt) {
    let (client_id, account_id) = (trace.client_id.as_deref(), trace.account_id.as_deref());
    let (error, reason) = match halt {
        Halt::NoClientId => ("invalid_request", "client_id is missing or malformed"),
        Halt::Client(why) => ("invalid_client", *why),
        Halt::Redirect(why) => ("invalid_request", why.as_str()),
        Halt::RedirectTwice => ("invalid_request", "redirect_uri_twice"),
        Halt::Back(_, error) => (error.code(), error.description()),
        Halt::NotHere(why) | Halt::Foreign(why) => ("refused", *why),
        Halt::Over => ("refused", "sign_in_over"),
        Halt::NoForm => ("refused", "no_form"),
        Halt::TooOften(_) => ("refused", "too_often"),
        Halt::MovedOn(_) => ("moved_on", "the sign-in was taken further meanwhile"),
        Halt::Fault(fault, _) => {
            tracing::error!(doing, client_id, account_id, cause = %fault, "sign-in not decided");
            return;
        }
    };
    tracing::info!(doing, client_id, account_id, error, reason, "sign-in halted");
}

impl Halt {
    /// The same, with a way on to the sign-in's page where nothing was decided.
    pub fn on_page_of(self, id: &SignInId) -> Self {
        match self {
            Self::Fault(fault, None) => Self::Fault(fault, Some(id.clone())),
            other => other,
        }
    }

    fn respond(self, desk: &Desk) -> Response {
        let no_way_back = |what| respond::message(desk, StatusCode::BAD_REQUEST, Message::NoWayBack(what));
        match self {
            Self::NoClientId => no_way_back(NoWayBack::ClientId),
            Self::Client(_) => no_way_back(NoWayBack::Client),
            Self::Redirect(RedirectRefused::Missing) => no_way_back(NoWayBack::RedirectMissing),
            Self::Redirect(RedirectRefused::Malformed) | Self::RedirectTwice => {
                no_way_back(NoWayBack::RedirectMalformed)
            }
            Self::Redirect(RedirectRefused::AnswerInQuery) => no_way_back(NoWayBack::RedirectHoldsAnswer),
            Self::Redirect(RedirectRefused::NotRegistered) => no_way_back(NoWayBack::RedirectUnknown),
            Self::Back(way, error) => {
                let said = [("error", error.code()), ("error_description", error.description())];
                respond::to_client(desk, &way.redirect, way.state.as_deref(), &said)
            }
            Self::NotHere(_) => respond::message(desk, StatusCode::BAD_REQUEST, Message::NotHere),
            Self::Over => respond::message(desk, StatusCode::GONE, Message::Over),
            Self::Foreign(_) => respond::message(desk, StatusCode::FORBIDDEN, Message::Foreign),
            Self::NoForm => respond::message(desk, StatusCode::BAD_REQUEST, Message::Foreign),
            Self::TooOften(seconds) => {
                let answer =
                    respond::message(desk, StatusCode::TOO_MANY_REQUESTS, Message::TooOften(seconds));
                respond::retry_after(answer, seconds)
            }
            Self::MovedOn(id) => respond::to_page(&id, None),
            Self::Fault(_, id) => {
                let offer = id.as_ref().map_or(Offer::Reload, Offer::BackTo);
                let answer =
                    respond::message(desk, StatusCode::SERVICE_UNAVAILABLE, Message::Unavailable(offer));
                respond::retry_after(answer, 2)
            }
        }
    }
}
