//! What a sign-in means for a member.

use crate::adapters::error::BackendError;
use crate::adapters::store::SessionKey;
use crate::domain::account::Member;
use crate::domain::audit::AuditEntry;
use crate::domain::console::session::ConsoleSession;
use crate::services::audit::security_events::SecurityEvents;
use crate::services::modify::{Attempt, modify};

/// A sign-in of a member.
#[derive(Clone, Copy, Debug)]
pub struct MemberSignIn<'a> {
    /// The member, as they were read.
    pub member: &'a Member,
    /// What the audit trail says of it.
    pub entry: &'a AuditEntry,
    /// The session that begins with it, in the console.
    pub session: Option<(SessionKey<'a>, &'a ConsoleSession)>,
}

/// What noting a sign-in has written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[must_use]
pub enum NotedSignIn {
    /// The end of the invitation, with the entry and the session.
    Joined,
    /// At most the time of the sign-in. Entry and session are still to be written.
    Noted,
}

/// Notes that a member has signed in, once a day. The first sign-in of an invited member ends the invitation, in one transaction
/// with the entry and the session: else the trail would not say how the person has joined, and the job, which takes the word of
/// the trail after a rollback, might remove them.
pub async fn note_sign_in(
    security: SecurityEvents<'_>,
    sign_in: MemberSignIn<'_>,
) -> Result<NotedSignIn, BackendError> {
    let MemberSignIn { member, entry, session } = sign_in;
    let now = entry.at;
    if member.invited_until.is_none() {
        if member.is_sign_in_to_be_noted(now)
            && let Err(cause) = security.store.note_member_sign_in(member, now).await
        {
            tracing::warn!(%cause, "the sign-in of a member could not be noted");
        }
        return Ok(NotedSignIn::Noted);
    }
    // On the heap: every sign-in would else be as large as the first one.
    let joining = Box::pin(modify(|| async {
        let read = security.store.load_member(&member.account_id, &member.email).await?;
        let Some(invited) = read.filter(|member| member.invited_until.is_some()) else {
            return Ok::<_, BackendError>(Attempt::Done(NotedSignIn::Noted));
        };
        let outcome = security.store.join_member(&invited, entry, session).await?;
        Ok(Attempt::from_outcome(outcome, NotedSignIn::Joined))
    }));
    let noted = joining.await?;
    if noted == NotedSignIn::Joined {
        security.publish(entry).await;
    }
    Ok(noted)
}
