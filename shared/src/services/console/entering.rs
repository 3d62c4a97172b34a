//! An operator looks into an account.

use crate::adapters::error::BackendError;
use crate::adapters::store::SessionKey;
use crate::domain::audit::event::DomainEvent;
use crate::domain::audit::{Action, Target};
use crate::domain::console::session::ConsoleSession;
use crate::domain::primitives::ids::AccountId;
use crate::services::audit::AuditContext;
use crate::services::console::{ConsoleSessions, LiveSession};
use crate::services::modify::{Attempt, Contention, modify};

/// Why an operator does not see an account.
#[derive(Debug, thiserror::Error)]
pub enum EnterError {
    /// The session has ended meanwhile.
    #[error("the session has ended")]
    SessionEnded,
    /// Other requests kept changing the session.
    #[error(transparent)]
    Contention(#[from] Contention),
    /// A store failed.
    #[error(transparent)]
    Backend(#[from] BackendError),
}

impl ConsoleSessions<'_> {
    /// Records in the trail of an account that the person of a session, an operator, looks into it. A session has one entry
    /// for each account, whatever page the first one is and however many follow.
    pub async fn record_look(
        &self,
        live: &LiveSession,
        account: &AccountId,
        context: &AuditContext,
    ) -> Result<(), EnterError> {
        if live.session.entered.contains(account) {
            return Ok(());
        }
        let digest = &live.digest();
        let person = live.cookie.person();
        let entry = &context.audit(account, Action::AccountEntered, Target::default(), &[]);
        let is_recorded = modify(|| async move {
            let session = self.load_stored(person, digest).await?.ok_or(EnterError::SessionEnded)?;
            if session.entered.contains(account) {
                return Ok::<_, EnterError>(Attempt::Done(false));
            }
            let session = ConsoleSession { entered: session.entered_with(account), ..session };
            let key = SessionKey { person, digest };
            let outcome = self.store.record_look(key, &session, account, entry).await?;
            Ok(Attempt::from_outcome(outcome, true))
        });
        if is_recorded.await? {
            self.events.send(&[DomainEvent::Change(entry)]).await;
        }
        Ok(())
    }
}
