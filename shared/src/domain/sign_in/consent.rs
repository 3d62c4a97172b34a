//! Consents of end users to clients, stored so that the consent page is not shown each time.

use crate::domain::primitives::email::EmailAddress;
use crate::domain::primitives::ids::{AccountId, ClientId, ResourceId};
use crate::domain::primitives::unknown_attributes::UnknownAttributes;
use crate::domain::resource::scope::ScopeSet;
use crate::domain::sign_in::end_user::{EndUser, Subject};
use jiff::{SignedDuration, Timestamp};
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// How long a consent is stored after its last use: longer than any refresh token that is based on it.
pub const REMEMBERED_FOR: SignedDuration = SignedDuration::from_hours(24 * 366);

/// Id of a consent. A consent after a withdrawal is another one, so that grants of the withdrawn one stay invalid.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct ConsentId(String);

impl ConsentId {
    /// A new id of 128 random bits.
    #[must_use]
    pub fn from_random_bytes(bytes: [u8; 16]) -> Self {
        Self(format!("{:032x}", u128::from_be_bytes(bytes)))
    }

    /// The id as text.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

/// The consent of one end user to one client.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Consent {
    /// Its id.
    pub consent_id: ConsentId,
    /// The client.
    pub client_id: ClientId,
    /// The account of the client and of the end user.
    pub account_id: AccountId,
    /// The end user, as in tokens.
    pub sub: Subject,
    /// The end user, as member of the account.
    pub email: EmailAddress,
    /// The granted scopes by resource.
    pub granted: BTreeMap<ResourceId, ScopeSet>,
    /// When it was given.
    pub given_at: Timestamp,
    /// When it was last given or used.
    pub used_at: Timestamp,
    /// When it expires.
    pub expires_at: Timestamp,
    /// Attributes of a later version.
    #[serde(flatten)]
    pub unknown: UnknownAttributes,
}

impl Consent {
    /// A new consent, without any scopes yet.
    #[must_use]
    pub fn new(
        consent_id: ConsentId,
        client_id: ClientId,
        account_id: AccountId,
        person: EndUser,
        now: Timestamp,
    ) -> Self {
        Self {
            consent_id,
            client_id,
            account_id,
            sub: person.sub,
            email: person.email,
            granted: BTreeMap::new(),
            given_at: now,
            used_at: now,
            expires_at: now.saturating_add(REMEMBERED_FOR).unwrap_or(Timestamp::MAX),
            unknown: UnknownAttributes::default(),
        }
    }

    /// Whether it has not expired.
    #[must_use]
    pub fn is_live(&self, now: Timestamp) -> bool {
        now < self.expires_at
    }

    /// Whether it includes this resource and all of these scopes. A resource without any scope must be included too.
    #[must_use]
    pub fn covers(&self, resource: &ResourceId, scopes: &ScopeSet) -> bool {
        self.granted.get(resource).is_some_and(|granted| scopes.is_subset(granted))
    }

    /// The consent as one of this person: without what was granted with an address that the member no longer has.
    #[must_use]
    pub fn of(self, person: &EndUser, now: Timestamp) -> Self {
        if self.email == person.email {
            return self;
        }
        Self { email: person.email.clone(), granted: BTreeMap::new(), given_at: now, ..self }
    }

    /// The consent extended by this resource and these scopes, and used at `now`.
    #[must_use]
    pub fn with(mut self, resource: &ResourceId, scopes: &ScopeSet, now: Timestamp) -> Self {
        let before = self.granted.remove(resource).unwrap_or_default();
        let all = before.iter().chain(scopes.iter()).cloned().collect();
        self.granted.insert(resource.clone(), all);
        self.used_at = now;
        self.expires_at = now.saturating_add(REMEMBERED_FOR).unwrap_or(Timestamp::MAX);
        self
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn consent() -> Consent {
        let person = EndUser {
            sub: Subject::of_digest(&"0".repeat(64)),
            email: EmailAddress::parse("ann@acme.example").expect("legal"),
            token_generation: 0,
        };
        let (client, account) =
            (ClientId::parse("c1").expect("legal"), AccountId::parse("T1").expect("legal"));
        Consent::new(ConsentId::from_random_bytes([1; 16]), client, account, person, Timestamp::UNIX_EPOCH)
    }

    fn scopes(text: &str) -> ScopeSet {
        ScopeSet::parse(text).expect("legal")
    }

    #[test]
    fn it_covers_only_the_granted_scopes_of_a_resource() {
        let (orders, other) =
            (ResourceId::parse("orders").expect("legal"), ResourceId::parse("o").expect("legal"));
        assert!(!consent().covers(&orders, &ScopeSet::default()), "nothing is granted yet");
        let given = consent().with(&orders, &scopes("a b"), Timestamp::UNIX_EPOCH);
        assert!(given.covers(&orders, &scopes("a")) && given.covers(&orders, &ScopeSet::default()));
        assert!(!given.covers(&orders, &scopes("a c")));
        assert!(!given.covers(&other, &scopes("a")));
        assert!(given.with(&orders, &scopes("c"), Timestamp::UNIX_EPOCH).covers(&orders, &scopes("a b c")));
    }

    #[test]
    fn each_use_extends_its_expiry() {
        let later = Timestamp::UNIX_EPOCH + SignedDuration::from_hours(24 * 365);
        let resource = ResourceId::parse("orders").expect("legal");
        let used = consent().with(&resource, &scopes("a"), later);
        assert!(used.is_live(later + REMEMBERED_FOR - SignedDuration::from_secs(1)));
        assert!(!used.is_live(later + REMEMBERED_FOR));
        assert_eq!(used.given_at, Timestamp::UNIX_EPOCH);
    }
}
