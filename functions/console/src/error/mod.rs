//! Errors of the console's handlers.

mod from_services;
mod long_form;

pub use long_form::LongForm;

use axum::body::Body;
use axum::response::{IntoResponse, Response};
use http::StatusCode;
use shared::adapters::error::BackendError;
use shared::domain::account::SignInMethods;
use shared::domain::account::limits::LimitReached;
use shared::domain::console::path::ConsolePath;
use shared::domain::primitives::validation::FieldError;
use shared::services::console::NewDraft;
use shared::services::principal::AccessError;
use std::sync::Arc;

/// Error of a handler. Some lead to another page; the others are shown as a page.
#[derive(Debug, thiserror::Error)]
pub enum ConsoleError {
    /// The request has no live session. The person signs in, and gets to this page.
    #[error("there is no session")]
    SignedOut(ConsolePath),
    /// A form was posted without a live session.
    #[error("the session has ended")]
    SessionEnded,
    /// The session is in no account, or in another one of the person's. They choose, and get to this page.
    #[error("an account is to be chosen")]
    ChooseAccount(ConsolePath),
    /// The person has to confirm who they are, and gets to this page then, with what they have typed there.
    #[error("the person has to confirm who they are")]
    ConfirmationRequired(ConsolePath, Option<Box<NewDraft>>),
    /// The account is disabled.
    #[error("the account is disabled")]
    AccountDisabled,
    /// The account does not allow the way in which the person has signed in. They sign in by one of these, and get to this page.
    #[error("the account does not allow this way to sign in")]
    OtherSignIn(SignInMethods, ConsolePath),
    /// The person is a member of no account.
    #[error("the person is a member of no account")]
    NoAccount,
    /// The link was used, has expired, or never worked.
    #[error("the link does not work")]
    LinkUnusable,
    /// There is no such page, or the person must not know of it.
    #[error("not found")]
    NotFound,
    /// The page has no such method.
    #[error("the page has no such method")]
    MethodNotAllowed(&'static str),
    /// The person is not allowed to do it.
    #[error(transparent)]
    Access(AccessError),
    /// The form was not sent by one of our pages. The reason is for the log.
    #[error("the form came from elsewhere: {0}")]
    CrossSite(&'static str),
    /// The body is not a form.
    #[error("the body is not a form")]
    InvalidForm,
    /// The form is too long.
    #[error("the form is too long")]
    FormTooLong(Box<LongForm>),
    /// Input that the page does not show at its fields.
    #[error("the input is not valid")]
    Invalid(Vec<FieldError>),
    /// The thing has changed since the page was loaded.
    #[error("changed meanwhile")]
    Changed,
    /// The present state does not allow it.
    #[error("the present state does not allow it: {0}")]
    Conflict(&'static str),
    /// The account has as many as it may have.
    #[error(transparent)]
    LimitReached(LimitReached),
    /// Too many requests of this kind. The next one may be sent after so many seconds.
    #[error("too many requests")]
    RateLimited(i64),
    /// A store did not answer.
    #[error("a backend failed")]
    Unavailable(#[source] BackendError),
}

impl ConsoleError {
    /// Status of the response.
    pub const fn status(&self) -> StatusCode {
        match self {
            Self::SignedOut(_) | Self::ChooseAccount(_) | Self::ConfirmationRequired(..) => {
                StatusCode::SEE_OTHER
            }
            Self::SessionEnded => StatusCode::UNAUTHORIZED,
            Self::AccountDisabled
            | Self::OtherSignIn(..)
            | Self::NoAccount
            | Self::Access(_)
            | Self::CrossSite(_) => StatusCode::FORBIDDEN,
            Self::LinkUnusable => StatusCode::GONE,
            Self::NotFound => StatusCode::NOT_FOUND,
            Self::MethodNotAllowed(_) => StatusCode::METHOD_NOT_ALLOWED,
            Self::InvalidForm => StatusCode::BAD_REQUEST,
            Self::FormTooLong(_) => StatusCode::PAYLOAD_TOO_LARGE,
            Self::Invalid(_) => StatusCode::UNPROCESSABLE_ENTITY,
            Self::Changed => StatusCode::PRECONDITION_FAILED,
            Self::Conflict(_) | Self::LimitReached(_) => StatusCode::CONFLICT,
            Self::RateLimited(_) => StatusCode::TOO_MANY_REQUESTS,
            Self::Unavailable(_) => StatusCode::SERVICE_UNAVAILABLE,
        }
    }
}

/// The status and, as an extension, the error itself. [`crate::error_responses`] renders the page.
impl IntoResponse for ConsoleError {
    fn into_response(self) -> Response {
        let mut response = Response::new(Body::empty());
        *response.status_mut() = self.status();
        response.extensions_mut().insert(Arc::new(self));
        response
    }
}
