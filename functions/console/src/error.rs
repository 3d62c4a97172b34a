//! Errors of the console's handlers.

use axum::body::Body;
use axum::response::{IntoResponse, Response};
use http::StatusCode;
use shared::adapters::error::BackendError;
use shared::domain::account::SignInMethods;
use shared::domain::account::limits::LimitReached;
use shared::domain::console::path::ConsolePath;
use shared::domain::primitives::validation::FieldError;
use shared::services::accounts::AccountError;
use shared::services::clients::{ClientError, TemplateError};
use shared::services::console::EnterError;
use shared::services::idempotency::IdempotencyError;
use shared::services::members::MemberError;
use shared::services::modify::Contention;
use shared::services::principal::AccessError;
use shared::services::resources::ResourceError;
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
    /// The person has to confirm who they are, and gets to this page then.
    #[error("the person has to confirm who they are")]
    ConfirmationRequired(ConsolePath),
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
    /// The body is not a form, or too long.
    #[error("the body is not a form")]
    InvalidForm,
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

impl From<BackendError> for ConsoleError {
    fn from(error: BackendError) -> Self {
        Self::Unavailable(error)
    }
}

impl From<Contention> for ConsoleError {
    fn from(contention: Contention) -> Self {
        Self::Unavailable(BackendError::new("changing what others change too", contention))
    }
}

impl From<IdempotencyError> for ConsoleError {
    fn from(error: IdempotencyError) -> Self {
        match error {
            IdempotencyError::KeyReused => Self::Conflict("form_reused"),
            IdempotencyError::Contention(contention) => contention.into(),
            IdempotencyError::Backend(error) => Self::Unavailable(error),
        }
    }
}

impl From<AccessError> for ConsoleError {
    fn from(error: AccessError) -> Self {
        match error {
            AccessError::AccountNotFound => Self::NotFound,
            other => Self::Access(other),
        }
    }
}

impl From<EnterError> for ConsoleError {
    fn from(error: EnterError) -> Self {
        match error {
            EnterError::SessionEnded => Self::SessionEnded,
            EnterError::Contention(contention) => contention.into(),
            EnterError::Backend(error) => Self::Unavailable(error),
        }
    }
}

impl From<ClientError> for ConsoleError {
    fn from(error: ClientError) -> Self {
        match error {
            ClientError::Access(error) => error.into(),
            ClientError::NotFound => Self::NotFound,
            ClientError::Invalid(errors) => Self::Invalid(errors),
            ClientError::IdTaken => Self::Conflict("id_taken"),
            ClientError::AccountDisabled => Self::AccountDisabled,
            ClientError::LimitReached(reached) => Self::LimitReached(reached),
            ClientError::RateLimited(seconds) => Self::RateLimited(seconds),
            ClientError::TakesNoSecrets => Self::Conflict("takes_no_secrets"),
            ClientError::Rotation(_) => Self::Conflict("two_secrets"),
            ClientError::SecretExpired => Self::Conflict("secret_expired"),
            ClientError::OperatorClient => Self::Conflict("operator_client"),
            ClientError::NotRevealable => Self::Conflict("not_revealable"),
            ClientError::VersionMismatch(_) => Self::Changed,
            ClientError::Idempotency(error) => error.into(),
            ClientError::Contention(contention) => contention.into(),
            ClientError::Backend(error) => Self::Unavailable(error),
        }
    }
}

impl From<TemplateError> for ConsoleError {
    fn from(error: TemplateError) -> Self {
        match error {
            TemplateError::Access(error) => error.into(),
            TemplateError::NotFound => Self::NotFound,
            TemplateError::IdTaken => Self::Conflict("id_taken"),
            TemplateError::TooMany => Self::Conflict("too_many_templates"),
            TemplateError::Invalid(errors) => Self::Invalid(errors),
            TemplateError::VersionMismatch(_) => Self::Changed,
            TemplateError::Idempotency(error) => error.into(),
            TemplateError::Contention(contention) => contention.into(),
            TemplateError::Backend(error) => Self::Unavailable(error),
        }
    }
}

impl From<ResourceError> for ConsoleError {
    fn from(error: ResourceError) -> Self {
        match error {
            ResourceError::Access(error) => error.into(),
            ResourceError::NotFound => Self::NotFound,
            ResourceError::IdTaken => Self::Conflict("id_taken"),
            ResourceError::IdRetired => Self::Conflict("id_retired"),
            ResourceError::AudienceTaken => Self::Conflict("audience_taken"),
            ResourceError::TooManyResources => Self::Conflict("too_many_resources"),
            ResourceError::CatalogueTooLarge => Self::Conflict("catalogue_too_large"),
            ResourceError::Invalid(errors) => Self::Invalid(errors),
            ResourceError::VersionMismatch(_) => Self::Changed,
            ResourceError::Idempotency(error) => error.into(),
            ResourceError::Contention(contention) => contention.into(),
            ResourceError::Backend(error) => Self::Unavailable(error),
        }
    }
}

impl From<AccountError> for ConsoleError {
    fn from(error: AccountError) -> Self {
        match error {
            AccountError::Access(error) => error.into(),
            AccountError::NotFound => Self::NotFound,
            AccountError::IdTaken => Self::Conflict("id_taken"),
            AccountError::Invalid(errors) => Self::Invalid(errors),
            AccountError::SelfDisable | AccountError::SelfDelete => Self::Conflict("own_account"),
            AccountError::OperatorAccount => Self::Conflict("operator_account"),
            AccountError::InUse => Self::Conflict("account_in_use"),
            AccountError::VersionMismatch(_) => Self::Changed,
            AccountError::Idempotency(error) => error.into(),
            AccountError::Contention(contention) => contention.into(),
            AccountError::Backend(error) => Self::Unavailable(error),
        }
    }
}

impl From<MemberError> for ConsoleError {
    fn from(error: MemberError) -> Self {
        match error {
            MemberError::Access(error) => error.into(),
            MemberError::NotFound => Self::NotFound,
            MemberError::AlreadyExists => Self::Conflict("member_exists"),
            MemberError::NotInvited => Self::Conflict("not_invited"),
            MemberError::RateLimited(seconds) => Self::RateLimited(seconds),
            MemberError::AccountDisabled => Self::AccountDisabled,
            MemberError::LimitReached(reached) => Self::LimitReached(reached),
            MemberError::Losses(_) => Self::Conflict("account_losses"),
            MemberError::VersionMismatch(_) => Self::Changed,
            MemberError::Idempotency(error) => error.into(),
            MemberError::Contention(contention) => contention.into(),
            MemberError::Backend(error) => Self::Unavailable(error),
        }
    }
}

impl ConsoleError {
    /// Status of the response.
    pub const fn status(&self) -> StatusCode {
        match self {
            Self::SignedOut(_) | Self::ChooseAccount(_) | Self::ConfirmationRequired(_) => {
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
