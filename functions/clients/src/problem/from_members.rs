//! Errors of members.

use super::Problem;
use super::from::ACCOUNT_DISABLED;
use shared::services::members::{Losses, MemberError};

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
            MemberError::Losses(losses) => losses_problem(losses),
            MemberError::LimitReached(reached) => Self::LimitReached(reached),
            MemberError::VersionMismatch(mismatch) => mismatch.into(),
            MemberError::Idempotency(error) => error.into(),
            MemberError::Contention(contention) => contention.into(),
            MemberError::Backend(fault) => fault.into(),
        }
    }
}

/// What `Prefer: handling=strict` refuses.
const fn losses_problem(losses: Losses) -> Problem {
    if losses.management {
        Problem::Conflict(
            "no_one_manages_members",
            "no member could manage members afterwards; give another one members:manage first",
        )
    } else {
        Problem::Conflict(
            "no_one_reminded",
            "no one would be reminded of all that ends afterwards; give another member clients:manage first",
        )
    }
}
