//! What a person does on the page about them, as a member of one of their accounts.

use crate::error::ConsoleError;
use crate::pages::parts::notice::Notice;
use crate::session::PersonRequest;
use crate::state::ConsoleState;
use shared::domain::console::path::ConsolePath;
use shared::domain::primitives::ids::AccountId;
use shared::services::audit::AuditContext;
use shared::services::console::{CurrentPerson, PersonError};

/// The URL of the page, which says what was done.
pub fn notice_url(notice: Notice) -> String {
    notice.after("/console/me")
}

/// The person as a member of one of their accounts, and the beginning of what they do there.
pub async fn acting(
    state: &ConsoleState,
    person: &PersonRequest,
    account: &AccountId,
) -> Result<(CurrentPerson, AuditContext), ConsoleError> {
    let current = match CurrentPerson::load(&state.app().store, &person.live.session, account).await {
        Ok(current) => current,
        Err(PersonError::NotAMember) => return Err(ConsoleError::NoAccount),
        Err(PersonError::AccountDisabled) => return Err(ConsoleError::AccountDisabled),
        Err(PersonError::MethodNotAllowed(methods)) => {
            return Err(ConsoleError::OtherSignIn(methods, ConsolePath::root()));
        }
        Err(PersonError::Backend(error)) => return Err(error.into()),
    };
    let actor = current.principal.actor(person.source_ip)?;
    Ok((current, AuditContext { actor, now: person.now, request: None }))
}

/// The person in the account of their session; `None` if it is open to them no more, or if a link opened the session, whose holder
/// may be another person.
pub async fn in_own_account(
    state: &ConsoleState,
    person: &PersonRequest,
) -> Result<Option<CurrentPerson>, ConsoleError> {
    let session = &person.live.session;
    let Some(account) = session.account_id.as_ref().filter(|_| session.proves_person()) else {
        return Ok(None);
    };
    match CurrentPerson::load(&state.app().store, session, account).await {
        Ok(current) => Ok(Some(current)),
        Err(PersonError::NotAMember | PersonError::AccountDisabled | PersonError::MethodNotAllowed(_)) => {
            Ok(None)
        }
        Err(PersonError::Backend(error)) => Err(error.into()),
    }
}
