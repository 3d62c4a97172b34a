//! Errors of members.

use super::Problem;
use super::from::ACCOUNT_DISABLED;
use shared::services::members::MemberError;

impl From<MemberError> for Problem {
    fn from(error: MemberError) -> Self {
        match error {
            MemberError::Access(error) => error.into(),
            MemberError::NotFound => Self::NotFound,
            MemberError::AlreadyExists => {
                Self::Conflict("member_exists", "this person is a member already; change the entry instead")
            }
            MemberError::NotInvited => Self::Conflict(
                "not_invited",
                "this member is not invited: they can sign in without an invitation",
            ),
            MemberError::RateLimited(seconds) => Self::RateLimited(seconds),
            MemberError::AccountDisabled => ACCOUNT_DISABLED,
            MemberError::LimitReached(reached) => Self::LimitReached(reached),
            MemberError::VersionMismatch(mismatch) => mismatch.into(),
            MemberError::Idempotency(error) => error.into(),
            MemberError::Contention(contention) => contention.into(),
            MemberError::Backend(fault) => fault.into(),
        }
    }
}
