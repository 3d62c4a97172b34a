//! The person of a request, and the account of its page.

use crate::error::ConsoleError;
use crate::session::requested_path;
use crate::state::ConsoleState;
use http::Method;
use http::request::Parts;
use shared::domain::account::{Account, Member};
use shared::domain::console::path::ConsolePath;
use shared::domain::primitives::ids::AccountId;
use shared::services::console::{CurrentPerson, LiveSession, PersonError};
use std::sync::Arc;

/// Which members of the account are read.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum WantedMembers {
    /// The person's own membership.
    Own,
    /// All of them.
    All,
}

/// The person of a request, and the account of its page.
pub struct FoundPerson {
    /// The person, in their own account.
    pub person: CurrentPerson,
    /// The account of the page.
    pub account: Arc<Account>,
    /// Its members, if all were wanted.
    pub members: Vec<Member>,
}

/// The person in the account of their session.
pub async fn own_person(
    state: &ConsoleState,
    live: &LiveSession,
    head: &Parts,
) -> Result<CurrentPerson, ConsoleError> {
    let own = own_account(live, head)?;
    let loaded = CurrentPerson::load(&state.app().store, &live.session, own).await;
    loaded.map_err(|error| refused(error, live, head))
}

/// The person in the account of their session, and the account of the page: the same, or any for an operator. A member of
/// several accounts is led to the choice among them.
pub async fn find_person(
    state: &ConsoleState,
    live: &LiveSession,
    id: &AccountId,
    head: &Parts,
    wanted: WantedMembers,
) -> Result<FoundPerson, ConsoleError> {
    let store = &state.app().store;
    if own_account(live, head)? == id && wanted == WantedMembers::All {
        let loaded = CurrentPerson::load_with_members(store, &live.session, id).await;
        let (person, members) = loaded.map_err(|error| refused(error, live, head))?;
        let account = Arc::clone(&person.account);
        return Ok(FoundPerson { person, account, members });
    }
    let person = own_person(state, live, head).await?;
    if person.principal.account_id() == id {
        let account = Arc::clone(&person.account);
        return Ok(FoundPerson { person, account, members: Vec::new() });
    }
    if person.principal.is_operator() {
        let found = match wanted {
            WantedMembers::Own => store.load_account(id).await?.map(|account| (account, Vec::new())),
            WantedMembers::All => store.load_account_and_members(id).await?,
        };
        let (account, members) = found.ok_or(ConsoleError::NotFound)?;
        return Ok(FoundPerson { person, account: Arc::new(account), members });
    }
    let is_theirs =
        live.session.proves_person() && store.load_member(id, &live.session.email).await?.is_some();
    Err(if is_theirs { ConsoleError::ChooseAccount(wanted_page(head)) } else { ConsoleError::NotFound })
}

/// The account of the session.
fn own_account<'a>(live: &'a LiveSession, head: &Parts) -> Result<&'a AccountId, ConsoleError> {
    live.session.account_id.as_ref().ok_or_else(|| ConsoleError::ChooseAccount(wanted_page(head)))
}

fn refused(error: PersonError, live: &LiveSession, head: &Parts) -> ConsoleError {
    let to = wanted_page(head);
    match error {
        // Their rights in this account have ended; they may be a member of another one.
        PersonError::NotAMember if live.session.proves_person() => ConsoleError::ChooseAccount(to),
        PersonError::NotAMember => ConsoleError::NoAccount,
        PersonError::AccountDisabled => ConsoleError::AccountDisabled,
        PersonError::MethodNotAllowed(methods) => ConsoleError::OtherSignIn(methods, to),
        PersonError::Backend(error) => error.into(),
    }
}

/// The page that a person gets to who has chosen an account.
fn wanted_page(head: &Parts) -> ConsolePath {
    requested_path(head).filter(|_| head.method != Method::POST).unwrap_or_else(ConsolePath::root)
}
