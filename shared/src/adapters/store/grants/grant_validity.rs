//! Whether the consent that an authorization grant rests on is still valid.

use crate::adapters::crypto::token_crypto::subject_of_member;
use crate::adapters::error::BackendError;
use crate::adapters::store::Store;
use crate::domain::account::EndUserPolicy;
use crate::domain::oauth::authorization_grant::{AuthorizationGrant, ConsentInvalid, UserConsent};
use crate::domain::primitives::ids::AccountId;
use crate::domain::sign_in::end_user::{EndUser, SubjectType};
use jiff::Timestamp;

/// Whether the consent of an authorization grant is still valid.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[must_use]
pub enum ConsentStatus {
    /// It is, or the grant rests on no consent.
    Valid,
    /// It is no longer valid.
    Invalid(ConsentInvalid),
}

impl ConsentStatus {
    /// Why the consent is no longer valid; `None` if it is valid.
    #[must_use]
    pub fn invalid(self) -> Option<ConsentInvalid> {
        match self {
            Self::Valid => None,
            Self::Invalid(reason) => Some(reason),
        }
    }
}

impl Store {
    /// Checks that the consenting person may still sign in to the account, of which `end_users` says who may, and that their
    /// consent still exists. Consistent: removing a member or withdrawing a consent acts on the next request.
    pub async fn validate_consent(
        &self,
        authorization: &AuthorizationGrant,
        end_users: EndUserPolicy,
        now: Timestamp,
    ) -> Result<ConsentStatus, BackendError> {
        let Some(UserConsent { person, consent_id }) = &authorization.consent else {
            return Ok(ConsentStatus::Valid);
        };
        let (excluded, consent) = tokio::try_join!(
            self.why_excluded(&authorization.account_id, person, end_users),
            self.load_consent(&authorization.client_id, &person.sub)
        )?;
        if let Some(reason) = excluded {
            return Ok(ConsentStatus::Invalid(reason));
        }
        let is_valid =
            consent.is_some_and(|consent| consent.consent_id == *consent_id && consent.is_live(now));
        Ok(if is_valid {
            ConsentStatus::Valid
        } else {
            ConsentStatus::Invalid(ConsentInvalid::ConsentWithdrawn)
        })
    }

    /// Why a person may no longer sign in to an account; `None` if they may. Consistent.
    pub async fn why_excluded(
        &self,
        account: &AccountId,
        person: &EndUser,
        end_users: EndUserPolicy,
    ) -> Result<Option<ConsentInvalid>, BackendError> {
        let reason = match (person.sub.subject_type(), end_users) {
            (SubjectType::Member, _) => {
                let member = self.load_member(account, &person.email).await?;
                let is_gone = member.is_none_or(|member| subject_of_member(&member) != *person);
                is_gone.then_some(ConsentInvalid::MemberGone)
            }
            (SubjectType::EndUser, EndUserPolicy::Members) => Some(ConsentInvalid::EndUsersNotAllowed),
            (SubjectType::EndUser, EndUserPolicy::Anyone) => None,
        };
        Ok(reason)
    }
}
