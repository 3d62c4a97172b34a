//! What people are shown of a principal.

use super::Principal;
use crate::adapters::email::member_notice::Inviter;
use crate::domain::account::Member;

impl Principal {
    /// As e-mails name it.
    #[must_use]
    pub fn inviter(&self) -> Inviter<'_> {
        match self {
            Self::Client(caller) => Inviter::Client(&caller.client.client_name),
            Self::Member(caller) => Inviter::Member(&caller.email),
        }
    }

    /// Whether it is this member.
    #[must_use]
    pub fn is_member(&self, member: &Member) -> bool {
        match self {
            Self::Client(_) => false,
            Self::Member(caller) => {
                caller.account.account_id == member.account_id && caller.email == member.email
            }
        }
    }
}
