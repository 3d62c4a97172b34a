//! Whether the consent that an authorization grant rests on is still valid.

use crate::adapters::crypto::token_crypto::subject_of_member;
use crate::adapters::error::BackendError;
use crate::adapters::store::Store;
use crate::domain::oauth::authorization_grant::{AuthorizationGrant, ConsentInvalid, UserConsent};
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
    /// Checks that the consenting member and their consent still exist. Consistent: removing a member or withdrawing a
    /// consent acts on the next request.
    pub async fn validate_consent(
        &self,
        authorization: &AuthorizationGrant,
        now: Timestamp,
    ) -> Result<ConsentStatus, BackendError> {
        let Some(UserConsent { person, consent_id }) = &authorization.consent else {
            return Ok(ConsentStatus::Valid);
        };
        let (member, consent) = tokio::try_join!(
            self.load_member(&authorization.account_id, &person.email),
            self.load_consent(&authorization.client_id, &person.sub)
        )?;
        if member.is_none_or(|member| subject_of_member(&member) != *person) {
            return Ok(ConsentStatus::Invalid(ConsentInvalid::MemberGone));
        }
        let is_valid =
            consent.is_some_and(|consent| consent.consent_id == *consent_id && consent.is_live(now));
        Ok(if is_valid {
            ConsentStatus::Valid
        } else {
            ConsentStatus::Invalid(ConsentInvalid::ConsentWithdrawn)
        })
    }
}
