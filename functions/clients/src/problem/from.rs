//! From the errors of the services to problems.

use crate::problem::Problem;
use shared::adapters::error::BackendError;
use shared::domain::client::secret_rotation::RotationError;
use shared::services::accounts::AccountError;
use shared::services::audit::trail::AuditTrailError;
use shared::services::clients::ClientError;
use shared::services::console::links::IssueLinkError;
use shared::services::idempotency::IdempotencyError;
use shared::services::modify::{Contention, VersionMismatch};
use shared::services::principal::{AccessError, AuthenticationError};
use shared::services::resources::ResourceError;

const CONTENTION: Problem = Problem::Conflict("busy", "others are changing this at the same time; try again");
pub(super) const ACCOUNT_DISABLED: Problem =
    Problem::Conflict("account_disabled", "the account is disabled; enable it first");

impl From<BackendError> for Problem {
    fn from(fault: BackendError) -> Self {
        Self::Unavailable(fault)
    }
}

impl From<Contention> for Problem {
    fn from(_: Contention) -> Self {
        CONTENTION
    }
}

impl From<VersionMismatch> for Problem {
    fn from(_: VersionMismatch) -> Self {
        Self::PreconditionFailed
    }
}

impl From<AuthenticationError> for Problem {
    fn from(error: AuthenticationError) -> Self {
        match error {
            AuthenticationError::ActsForPerson => Self::InvalidToken("acts_for_a_person"),
            AuthenticationError::Inactive(reason) => Self::InvalidToken(reason.as_str()),
            AuthenticationError::AccountDisabled => Self::InvalidToken("account_disabled"),
            AuthenticationError::AddressNotAllowed => Self::InvalidToken("address_not_allowed"),
            AuthenticationError::Backend(fault) => fault.into(),
        }
    }
}

impl From<AccessError> for Problem {
    fn from(error: AccessError) -> Self {
        match error {
            AccessError::InsufficientScope(scope) => Self::InsufficientScope(scope),
            AccessError::OperatorOnly(member) => Self::OperatorOnly(member),
            AccessError::AccountNotFound => Self::NotFound,
            AccessError::ScopesExceedCaller => {
                Self::Forbidden("this client holds management scopes that your token does not")
            }
            AccessError::SelfChange => Self::Forbidden("a client cannot change itself; use another one"),
            AccessError::GrantToClient => Self::Forbidden(
                "a management scope can be granted only by a caller that holds it, and resources:manage only by an operator",
            ),
            AccessError::GrantToMember => Self::Forbidden(
                "a permission can be granted only by a caller that holds it, and resources:manage only by an operator",
            ),
            AccessError::MemberExceedsCaller => {
                Self::Forbidden("this member holds permissions that your token does not")
            }
            AccessError::OperatorLink => {
                Self::Forbidden("links for members of the operator's account are issued to operators only")
            }
            AccessError::WidensEqual => Self::Forbidden(
                "allowed_ips, keys and rights of a client with management scopes can be widened only by a caller \
                 that holds these scopes and more",
            ),
            AccessError::NetworksExceedCaller => Self::Forbidden(
                "this client could act from networks that yours is not allowed at; name allowed_ips within your own",
            ),
            AccessError::OwnOperatorRight => Self::Conflict(
                "own_operator_right",
                "an operator cannot take accounts:manage from itself; another operator has to do it",
            ),
            AccessError::OwnMembersRight => Self::Conflict(
                "own_members_right",
                "a member cannot take members:manage from themself; another one has to do it",
            ),
        }
    }
}

impl From<IdempotencyError> for Problem {
    fn from(error: IdempotencyError) -> Self {
        match error {
            IdempotencyError::KeyReused => Self::IdempotencyKeyReused,
            IdempotencyError::Contention(contention) => contention.into(),
            IdempotencyError::Backend(fault) => fault.into(),
        }
    }
}

impl From<AccountError> for Problem {
    fn from(error: AccountError) -> Self {
        match error {
            AccountError::Access(error) => error.into(),
            AccountError::NotFound => Self::NotFound,
            AccountError::IdTaken => Self::Conflict(
                "account_id_taken",
                "an account of this id exists, perhaps in another case; choose another id",
            ),
            AccountError::Invalid(errors) => Self::Invalid(errors),
            AccountError::SelfDisable => Self::Forbidden("an account cannot disable itself"),
            AccountError::SelfDelete => Self::Forbidden("an account cannot delete itself"),
            AccountError::InUse => Self::Conflict(
                "account_in_use",
                "disable it first, and delete it 7 days later at the earliest; or delete its clients and members",
            ),
            AccountError::OperatorAccount => Self::Conflict(
                "operator_account",
                "this is the operator's account, without which nothing can be managed; it stays",
            ),
            AccountError::VersionMismatch(mismatch) => mismatch.into(),
            AccountError::Idempotency(error) => error.into(),
            AccountError::Contention(contention) => contention.into(),
            AccountError::Backend(fault) => fault.into(),
        }
    }
}

impl From<AuditTrailError> for Problem {
    fn from(error: AuditTrailError) -> Self {
        match error {
            AuditTrailError::NotFound => Self::NotFound,
            AuditTrailError::Backend(fault) => fault.into(),
        }
    }
}

impl From<IssueLinkError> for Problem {
    fn from(error: IssueLinkError) -> Self {
        match error {
            IssueLinkError::Access(error) => error.into(),
            IssueLinkError::NotFound => Self::NotFound,
            IssueLinkError::NoSuchMember => {
                Self::field("email", "the account has no member of this address; add one first")
            }
            IssueLinkError::AccountDisabled => ACCOUNT_DISABLED,
            IssueLinkError::LinksNotAllowed => Self::Conflict(
                "links_not_allowed",
                "members of this account sign in at the provider only, by its sign_in_methods; send them to the console itself",
            ),
            IssueLinkError::RateLimited(seconds) => Self::RateLimited(seconds),
            IssueLinkError::Contention(contention) => contention.into(),
            IssueLinkError::Backend(fault) => fault.into(),
        }
    }
}

impl From<ResourceError> for Problem {
    fn from(error: ResourceError) -> Self {
        match error {
            ResourceError::Access(error) => error.into(),
            ResourceError::NotFound => Self::NotFound,
            ResourceError::IdTaken => {
                Self::Conflict("resource_id_taken", "a resource of this id exists; choose another id")
            }
            ResourceError::IdRetired => Self::Conflict(
                "resource_id_retired",
                "a deleted resource had this id, and ids are not used again; choose another id",
            ),
            ResourceError::AudienceTaken => Self::Conflict(
                "audience_taken",
                "another resource has this audience: add the scopes to that one, or choose another audience",
            ),
            ResourceError::TooManyResources => Self::Conflict(
                "limit_reached",
                "there are 200 resources, which is the most; delete one that is not used",
            ),
            ResourceError::CatalogueTooLarge => Self::Conflict(
                "limit_reached",
                "all resources together may take 1 MB; shorten descriptions, or delete a resource that is not used",
            ),
            ResourceError::Invalid(errors) => Self::Invalid(errors),
            ResourceError::VersionMismatch(mismatch) => mismatch.into(),
            ResourceError::Idempotency(error) => error.into(),
            ResourceError::Contention(contention) => contention.into(),
            ResourceError::Backend(fault) => fault.into(),
        }
    }
}

impl From<ClientError> for Problem {
    fn from(error: ClientError) -> Self {
        match error {
            ClientError::Access(error) => error.into(),
            ClientError::NotFound => Self::NotFound,
            ClientError::Invalid(errors) => Self::Invalid(errors),
            ClientError::IdTaken => Self::Conflict(
                "client_id_taken",
                "a client has or had this id, and ids are not used again; choose another id, or leave it out",
            ),
            ClientError::AccountDisabled => ACCOUNT_DISABLED,
            ClientError::LimitReached(reached) => Self::LimitReached(reached),
            ClientError::RateLimited(seconds) => Self::RateLimited(seconds),
            ClientError::TakesNoSecrets => Self::Conflict(
                "no_secrets",
                "by the client's token_endpoint_auth_method no secret would let it in; change that first",
            ),
            ClientError::Rotation(RotationError::NoSuchSecret) => {
                Self::field("replace", "the client has no secret of this id")
            }
            ClientError::Rotation(RotationError::TwoLive) => Self::Conflict(
                "two_secrets_live",
                "two secrets are live; revoke one, or say which one the new secret replaces",
            ),
            ClientError::OperatorClient => Self::Conflict(
                "operator_client",
                "this is the operator's client, the last way in; it stays enabled and keeps accounts:manage. If its \
                 secret leaked, revoke the secret",
            ),
            ClientError::SecretExpired => {
                Self::Conflict("secret_expired", "the secret has expired; add a new one")
            }
            ClientError::NotRevealable => Self::Conflict(
                "shown_once",
                "this secret was shown when it was made, and is not shown again; add a new one",
            ),
            ClientError::VersionMismatch(mismatch) => mismatch.into(),
            ClientError::Idempotency(error) => error.into(),
            ClientError::Contention(contention) => contention.into(),
            ClientError::Backend(fault) => fault.into(),
        }
    }
}
