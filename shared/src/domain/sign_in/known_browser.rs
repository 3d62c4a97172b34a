//! A browser that people have signed in with: what its long-lived cookie holds.

use crate::domain::primitives::email::EmailAddress;
use jiff::{SignedDuration, Timestamp};
use serde::{Deserialize, Serialize};

/// How long a browser stays known after a sign-in.
pub const BROWSER_KNOWN_FOR: SignedDuration = SignedDuration::from_hours(24 * 180);

/// How long a source stays known after a sign-in from it.
pub const SOURCE_KNOWN_FOR: SignedDuration = SignedDuration::from_hours(24 * 30);

/// The most people that one browser is known for. The oldest is forgotten first.
const MAX_PEOPLE: usize = 5;

/// A browser that people have signed in with. Its cookie authenticates no one: it only separates the codes that this
/// browser requests from those that others request.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct KnownBrowser {
    /// Random and unique.
    id: String,
    /// The latest sign-in of each person, the newest last.
    people: Vec<KnownPerson>,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
struct KnownPerson {
    email: EmailAddress,
    signed_in_at: Timestamp,
}

impl KnownBrowser {
    /// A browser with this unique id that no one has signed in with.
    #[must_use]
    pub const fn new(id: String) -> Self {
        Self { id, people: Vec::new() }
    }

    /// Its id.
    #[must_use]
    pub fn id(&self) -> &str {
        &self.id
    }

    /// Whether this person has signed in with it lately.
    #[must_use]
    pub fn knows(&self, email: &EmailAddress, now: Timestamp) -> bool {
        self.people.iter().any(|person| person.email == *email && person.is_known(now))
    }

    /// Whether anyone has signed in with it lately.
    #[must_use]
    pub fn knows_anyone(&self, now: Timestamp) -> bool {
        self.people.iter().any(|person| person.is_known(now))
    }

    /// The browser after this person has signed in.
    #[must_use]
    pub fn with_sign_in(mut self, email: &EmailAddress, now: Timestamp) -> Self {
        self.people.retain(|person| person.email != *email && person.is_known(now));
        self.people.push(KnownPerson { email: email.clone(), signed_in_at: now });
        let excess = self.people.len().saturating_sub(MAX_PEOPLE);
        self.people.drain(..excess);
        self
    }
}

impl KnownPerson {
    fn is_known(&self, now: Timestamp) -> bool {
        now.duration_since(self.signed_in_at) < BROWSER_KNOWN_FOR
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_browser_knows_people_for_180_days_and_at_most_five() {
        let address = |n: usize| EmailAddress::parse(&format!("n{n}@acme.example")).expect("legal");
        let now = Timestamp::UNIX_EPOCH;
        let mut browser = KnownBrowser::new("b".to_owned());
        assert!(!browser.knows_anyone(now));
        for n in 0..6 {
            browser = browser.with_sign_in(&address(n), now);
        }
        let known: Vec<bool> = (0..6).map(|n| browser.knows(&address(n), now)).collect();
        assert_eq!(known, [false, true, true, true, true, true]);
        let later = now + BROWSER_KNOWN_FOR;
        assert!(browser.knows(&address(5), later - SignedDuration::from_secs(1)));
        assert!(!browser.knows(&address(5), later) && !browser.knows_anyone(later));
        let again = browser.with_sign_in(&address(5), later);
        assert!(again.knows(&address(5), later) && !again.knows(&address(4), later));
    }
}
