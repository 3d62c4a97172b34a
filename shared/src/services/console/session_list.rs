//! The live sessions of a person: listed, and ended.

use crate::adapters::crypto::console_cookie::person_digest;
use crate::adapters::error::BackendError;
use crate::adapters::store::{SessionKey, StoredConsoleSession};
use crate::domain::primitives::email::EmailAddress;
use crate::services::console::{ConsoleSessions, LiveSession};

/// The most live sessions of a person.
pub const MAX_SESSIONS: usize = 100;
/// The most sessions of a person that are listed.
const MAX_LISTED: i32 = 100;
/// How many sessions are read to find those that are too many: those that have ended stay until DynamoDB removes them.
const MAX_SESSIONS_READ: i32 = 1_000;

impl ConsoleSessions<'_> {
    /// Ends a session.
    pub async fn end(&self, live: &LiveSession) -> Result<(), BackendError> {
        let key = SessionKey { person: live.cookie.person(), digest: &live.digest() };
        self.store.end_console_session(key).await?;
        self.record_end(&live.session).await;
        Ok(())
    }

    /// The live sessions of a person, the last used first; at most a hundred.
    pub async fn list(&self, email: &EmailAddress) -> Result<Vec<StoredConsoleSession>, BackendError> {
        let mut sessions = self.store.list_console_sessions(&person_digest(email), MAX_LISTED).await?;
        sessions.retain(|stored| stored.session.is_live(self.lifetime, self.now));
        sessions.sort_by_key(|stored| std::cmp::Reverse(stored.session.seen_at));
        Ok(sessions)
    }

    /// Ends all sessions of the person but this one.
    pub async fn end_others(&self, live: &LiveSession) -> Result<(), BackendError> {
        let (person, own) = (live.cookie.person(), live.digest());
        loop {
            let sessions = self.store.list_console_sessions(person, MAX_LISTED).await?;
            let others: Vec<_> = sessions.iter().filter(|stored| stored.digest != own).collect();
            if others.is_empty() {
                return Ok(());
            }
            for stored in others {
                self.store.end_console_session(SessionKey { person, digest: &stored.digest }).await?;
                if stored.session.is_live(self.lifetime, self.now) {
                    self.record_end(&stored.session).await;
                }
            }
        }
    }

    /// Ends the sessions of a person that were not used for longest, beyond the most that they may have.
    pub(super) async fn end_surplus(&self, person: &str) -> Result<(), BackendError> {
        let mut sessions = self.store.list_console_sessions(person, MAX_SESSIONS_READ).await?;
        sessions.retain(|stored| stored.session.is_live(self.lifetime, self.now));
        sessions.sort_by_key(|stored| std::cmp::Reverse(stored.session.seen_at));
        for stored in sessions.iter().skip(MAX_SESSIONS) {
            self.store.end_console_session(SessionKey { person, digest: &stored.digest }).await?;
            self.record_end(&stored.session).await;
        }
        Ok(())
    }
}
