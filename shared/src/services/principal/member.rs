//! Principals that are members of an account.

use super::{MemberPrincipal, Principal};
use crate::adapters::crypto::token_crypto::subject_of_member;
use crate::domain::account::{Account, Member};
use crate::domain::console::session::ConsoleSession;
use crate::domain::management::ManagementScope;
use std::sync::Arc;

impl Principal {
    /// A member in a session of the console, with the scopes that it holds now.
    #[must_use]
    pub fn member(member: &Member, account: Arc<Account>, session: &ConsoleSession) -> Self {
        let may_use =
            |scope: &&ManagementScope| session.scopes.as_ref().is_none_or(|most| most.contains(scope));
        Self::Member(MemberPrincipal {
            account,
            email: member.email.clone(),
            sub: subject_of_member(member).sub,
            session_id: session.session_id.clone(),
            method: Some(session.method),
            scopes: member.permissions.iter().filter(may_use).copied().collect(),
        })
    }

    /// The calendar of a member, which reads clients and does nothing else.
    #[must_use]
    pub fn calendar(member: &Member, account: Arc<Account>) -> Self {
        let is_read = |scope: &&ManagementScope| **scope == ManagementScope::ClientsRead;
        Self::Member(MemberPrincipal {
            account,
            email: member.email.clone(),
            sub: subject_of_member(member).sub,
            session_id: String::new(),
            method: None,
            scopes: member.permissions.iter().filter(is_read).copied().collect(),
        })
    }
}
