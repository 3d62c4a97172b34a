//! A person who signs in to the console: a member of one account or of several.

use crate::adapters::error::BackendError;
use crate::adapters::store::{Membership, Store};
use crate::domain::account::{ExternalSubject, Member};
use crate::domain::console::session::AuthenticationMethod;
use crate::domain::primitives::email::EmailAddress;
use crate::domain::primitives::ids::AccountId;
use crate::services::audit::security_events::SecurityEvents;
use crate::services::sign_in::identity_pin::Found;
use crate::services::sign_in::{SignInSession, identity_pin};

/// A person with the memberships that are theirs.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ConsolePerson {
    /// The person's address.
    pub email: EmailAddress,
    /// How they proved who they are.
    pub method: AuthenticationMethod,
    /// Their identity at the upstream provider, if that was the way.
    pub external_identity: Option<ExternalSubject>,
    /// The accounts that they are a member of; at least one.
    pub memberships: Vec<Membership>,
}

impl ConsolePerson {
    /// What they are in an account.
    #[must_use]
    pub fn member_of(&self, account: Option<&AccountId>) -> Option<&Member> {
        let mut members = self.memberships.iter().map(|membership| &membership.member);
        members.find(|member| account == Some(&member.account_id))
    }

    /// The person who has this mailbox; `None` if they are no member of any account.
    pub(super) async fn of_mailbox(
        store: &Store,
        email: &EmailAddress,
    ) -> Result<Option<Self>, BackendError> {
        let memberships = store.memberships_of(email).await?.items;
        let method = AuthenticationMethod::EmailCode;
        let person = Self { email: email.clone(), method, external_identity: None, memberships };
        Ok((!person.memberships.is_empty()).then_some(person))
    }

    /// The person that the provider has identified. Members with their address but another identity at the provider are
    /// others.
    pub(super) async fn of_provider(
        session: &SignInSession,
        security: SecurityEvents<'_>,
        subject: &ExternalSubject,
        email: &EmailAddress,
    ) -> Result<Found<Self>, BackendError> {
        if !session.may_confirm(email) {
            return Ok(Found::OtherIdentity);
        }
        let candidates = security.store.memberships_of(email).await?.items;
        let is_known = !candidates.is_empty();
        let mut memberships = Vec::new();
        for membership in candidates {
            if identity_pin::is_pinned(session, security, &membership.member, subject).await? {
                memberships.push(membership);
            }
        }
        if memberships.is_empty() {
            return Ok(if is_known { Found::OtherIdentity } else { Found::NotAMember });
        }
        Ok(Found::Person(Self {
            email: email.clone(),
            method: AuthenticationMethod::Provider,
            external_identity: Some(subject.clone()),
            memberships,
        }))
    }
}
