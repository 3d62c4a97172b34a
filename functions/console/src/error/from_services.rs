//! What the errors of the services are on a page.

use super::ConsoleError;
use shared::adapters::error::BackendError;
use shared::services::accounts::AccountError;
use shared::services::clients::{ClientError, TemplateError};
use shared::services::console::EnterError;
use shared::services::idempotency::IdempotencyError;
use shared::services::members::MemberError;
use shared::services::modify::Contention;
use shared::services::principal::AccessError;
use shared::services::resources::ResourceError;

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
