//! The session of a person in the console.

use crate::domain::account::ExternalSubject;
use crate::domain::management::ManagementScope;
use crate::domain::primitives::email::EmailAddress;
use crate::domain::primitives::ids::AccountId;
use crate::domain::primitives::unknown_attributes::UnknownAttributes;
use jiff::{SignedDuration, Timestamp};
use serde::{Deserialize, Serialize};
use std::collections::BTreeSet;
use std::net::IpAddr;
use strum::IntoStaticStr;

/// After so long, a person has to confirm who they are before what cannot be undone (OWASP ASVS 5.0, 7.5.3).
pub const CONFIRMED_FOR: SignedDuration = SignedDuration::from_mins(10);

/// How often a session notes that it is used: a write each time.
pub const SEEN_EVERY: SignedDuration = SignedDuration::from_mins(5);

/// The most accounts whose look by an operator is kept with a session.
const MAX_ENTERED: usize = 200;

/// The longest description of a browser that is stored, in bytes.
const MAX_USER_AGENT: usize = 256;

/// How a person proved who they are.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, IntoStaticStr)]
#[serde(rename_all = "snake_case")]
#[strum(serialize_all = "snake_case")]
pub enum AuthenticationMethod {
    /// By a one-time code that was sent to their mailbox.
    EmailCode,
    /// At the upstream provider.
    Provider,
    /// By a link that another principal made for them. It confirms nothing.
    Link,
}

/// How long sessions last.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct SessionLifetime {
    /// Without a request.
    pub idle: SignedDuration,
    /// In all.
    pub absolute: SignedDuration,
}

impl Default for SessionLifetime {
    fn default() -> Self {
        Self { idle: SignedDuration::from_mins(30), absolute: SignedDuration::from_hours(12) }
    }
}

/// A session, as it is stored below the person's address, under the digest of its cookie.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ConsoleSession {
    /// Names it in the list of a person's sessions and in the audit trail. It opens nothing.
    pub session_id: String,
    /// The person.
    pub email: EmailAddress,
    /// The account that they act in, as its member; none until they have chosen among several.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub account_id: Option<AccountId>,
    /// How they proved who they are.
    pub method: AuthenticationMethod,
    /// Their identity at the upstream provider, if that was the way. A member with another one is not this person.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub external_identity: Option<ExternalSubject>,
    /// The most that the session may do, if not all that the member may.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub scopes: Option<BTreeSet<ManagementScope>>,
    /// When they last proved it.
    pub authenticated_at: Timestamp,
    /// When it was started.
    pub started_at: Timestamp,
    /// When it was last used, within [`SEEN_EVERY`].
    pub seen_at: Timestamp,
    /// When it ends at the latest.
    pub expires_at: Timestamp,
    /// The address that it was started from.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub source_ip: Option<IpAddr>,
    /// What the browser calls itself; empty if it does not say.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub user_agent: String,
    /// The accounts that its person, an operator, has looked into: the audit trail of each says so.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub entered: Vec<AccountId>,
    /// Attributes of a later version.
    #[serde(flatten)]
    pub unknown: UnknownAttributes,
}

impl ConsoleSession {
    /// A session that begins now, and ends at the latest after `lifetime`.
    #[must_use]
    pub fn begin(
        session_id: String,
        email: EmailAddress,
        method: AuthenticationMethod,
        lifetime: SessionLifetime,
        now: Timestamp,
    ) -> Self {
        Self {
            session_id,
            email,
            account_id: None,
            method,
            external_identity: None,
            scopes: None,
            authenticated_at: now,
            started_at: now,
            seen_at: now,
            expires_at: now.saturating_add(lifetime.absolute).unwrap_or(now),
            source_ip: None,
            user_agent: String::new(),
            entered: Vec::new(),
            unknown: UnknownAttributes::default(),
        }
    }

    /// When it ends unless it is used.
    #[must_use]
    pub fn ends_at(&self, lifetime: SessionLifetime) -> Timestamp {
        let idle = self.seen_at.saturating_add(lifetime.idle).unwrap_or(self.expires_at);
        idle.min(self.expires_at)
    }

    /// Whether it has neither expired nor been idle for too long. A clock that was set back does not prolong it.
    #[must_use]
    pub fn is_live(&self, lifetime: SessionLifetime, now: Timestamp) -> bool {
        let was_set_back = now.duration_since(self.started_at) < -CONFIRMED_FOR;
        now < self.ends_at(lifetime) && !was_set_back
    }

    /// Whether its use has to be noted.
    #[must_use]
    pub fn is_to_be_noted(&self, now: Timestamp) -> bool {
        now.duration_since(self.seen_at) >= SEEN_EVERY
    }

    /// The accounts that its person has looked into, with one more. Of very many, those that came first are left out.
    #[must_use]
    pub fn entered_with(&self, account: &AccountId) -> Vec<AccountId> {
        let surplus = (self.entered.len() + 1).saturating_sub(MAX_ENTERED);
        self.entered.iter().skip(surplus).chain([account]).cloned().collect()
    }

    /// Whether it proves who the person is. A link does not: it lets its holder act as one member, and in no other account
    /// of that person.
    #[must_use]
    pub fn proves_person(&self) -> bool {
        self.method != AuthenticationMethod::Link
    }

    /// Whether the person has proved lately who they are. A link proves nothing.
    #[must_use]
    pub fn is_confirmed(&self, now: Timestamp) -> bool {
        self.method != AuthenticationMethod::Link
            && now.duration_since(self.authenticated_at) <= CONFIRMED_FOR
    }
}

/// What is stored of a browser's `User-Agent`: visible ASCII, cut off.
#[must_use]
pub fn user_agent(header: &str) -> String {
    header.chars().filter(|c| c.is_ascii_graphic() || *c == ' ').take(MAX_USER_AGENT).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn session(method: AuthenticationMethod) -> ConsoleSession {
        let email = EmailAddress::parse("ann@acme.example").expect("legal");
        ConsoleSession::begin(
            "s".to_owned(),
            email,
            method,
            SessionLifetime::default(),
            Timestamp::UNIX_EPOCH,
        )
    }

    #[test]
    fn a_session_ends_when_it_is_idle_and_after_twelve_hours() {
        let lifetime = SessionLifetime::default();
        let (new, start) = (session(AuthenticationMethod::EmailCode), Timestamp::UNIX_EPOCH);
        let after = |minutes| start + SignedDuration::from_mins(minutes);
        assert!(new.is_live(lifetime, start) && new.is_live(lifetime, after(29)));
        assert!(!new.is_live(lifetime, after(30)));
        let used = ConsoleSession { seen_at: after(719), ..new.clone() };
        assert!(used.is_live(lifetime, after(719)) && !used.is_live(lifetime, after(720)));
        assert!(!new.is_live(lifetime, start - SignedDuration::from_mins(11)), "the clock was set back");
    }

    #[test]
    fn a_use_is_noted_every_five_minutes() {
        let (new, start) = (session(AuthenticationMethod::EmailCode), Timestamp::UNIX_EPOCH);
        assert!(!new.is_to_be_noted(start + SignedDuration::from_secs(299)));
        assert!(new.is_to_be_noted(start + SEEN_EVERY));
    }

    #[test]
    fn a_person_is_confirmed_for_ten_minutes_and_never_by_a_link() {
        let start = Timestamp::UNIX_EPOCH;
        for method in [AuthenticationMethod::EmailCode, AuthenticationMethod::Provider] {
            assert!(session(method).is_confirmed(start + CONFIRMED_FOR));
            assert!(!session(method).is_confirmed(start + CONFIRMED_FOR + SignedDuration::from_secs(1)));
        }
        assert!(!session(AuthenticationMethod::Link).is_confirmed(start));
    }

    #[test]
    fn the_accounts_that_an_operator_looked_into_are_kept_up_to_a_limit() {
        let id = |number: usize| AccountId::parse(&format!("T{number}")).expect("legal");
        let new = session(AuthenticationMethod::EmailCode);
        assert_eq!(new.entered_with(&id(1)), [id(1)]);
        let full = ConsoleSession { entered: (0..MAX_ENTERED).map(id).collect(), ..new };
        let after = full.entered_with(&id(MAX_ENTERED));
        assert_eq!((after.len(), &after[0], after.last()), (MAX_ENTERED, &id(1), Some(&id(MAX_ENTERED))));
    }

    #[test]
    fn a_browser_is_stored_without_what_is_not_visible() {
        assert_eq!(user_agent("Mozilla/5.0 (X11)\u{202e}\n"), "Mozilla/5.0 (X11)");
        assert_eq!(user_agent(&"x".repeat(1_000)).len(), MAX_USER_AGENT);
    }
}
