//! The person of a session as a principal: their membership and its account as they are now.

use crate::adapters::error::BackendError;
use crate::adapters::store::{Membership, Store};
use crate::domain::account::{Account, Member, SignInMethods, Status};
use crate::domain::console::session::ConsoleSession;
use crate::domain::primitives::ids::AccountId;
use crate::services::principal::Principal;
use std::sync::Arc;

/// A person who acts in an account.
#[derive(Debug)]
pub struct CurrentPerson {
    /// Their membership.
    pub member: Member,
    /// Its account.
    pub account: Arc<Account>,
    /// What they may do.
    pub principal: Principal,
}

/// Why a session acts in no account.
#[derive(Debug, thiserror::Error)]
pub enum PersonError {
    /// The person is no member of the account, or signed in as another one than the member.
    #[error("the person is no member of the account")]
    NotAMember,
    /// The account is disabled.
    #[error("the account is disabled")]
    AccountDisabled,
    /// The account does not allow the way in which the person has last proved who they are. It allows these.
    #[error("the account does not allow this way to sign in")]
    MethodNotAllowed(SignInMethods),
    /// A store failed.
    #[error(transparent)]
    Backend(#[from] BackendError),
}

impl CurrentPerson {
    /// Reads the membership and its account, so that a removal, other rights, a disabled account, and ways to sign in that it
    /// no longer allows act at once.
    pub async fn load(
        store: &Store,
        session: &ConsoleSession,
        account: &AccountId,
    ) -> Result<Self, PersonError> {
        let membership = store.load_account_and_member(account, &session.email).await?;
        Self::of(membership.ok_or(PersonError::NotAMember)?, session)
    }

    /// The same with all members of the account, by one query where they fit its response.
    pub async fn load_with_members(
        store: &Store,
        session: &ConsoleSession,
        account: &AccountId,
    ) -> Result<(Self, Vec<Member>), PersonError> {
        let found = store.load_account_and_members(account).await?;
        let (account, members) = found.ok_or(PersonError::NotAMember)?;
        let own = members.iter().find(|member| member.email == session.email);
        let member = own.ok_or(PersonError::NotAMember)?.clone();
        Ok((Self::of(Membership { account, member }, session)?, members))
    }

    fn of(Membership { account, member }: Membership, session: &ConsoleSession) -> Result<Self, PersonError> {
        // A member that was added anew, or whose identity was pinned since, is another person than the one who signed in.
        let is_same = match (&session.external_identity, &member.external_identity) {
            (Some(own), pinned) => pinned.as_ref() == Some(own),
            (None, _) => true,
        };
        if !is_same {
            return Err(PersonError::NotAMember);
        }
        if account.status == Status::Disabled {
            return Err(PersonError::AccountDisabled);
        }
        if !account.sign_in_methods.allow(session.method) {
            return Err(PersonError::MethodNotAllowed(account.sign_in_methods));
        }
        let account = Arc::new(account);
        let principal = Principal::member(&member, Arc::clone(&account), session);
        Ok(Self { member, account, principal })
    }
}
