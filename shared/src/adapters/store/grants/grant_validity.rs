//! Whether what an authorization rests on is still there.

use crate::adapters::crypto::token_crypto::subject_of_member;
use crate::adapters::error::BackendError;
use crate::adapters::store::Store;
use crate::domain::oauth::authorization_grant::{AuthorizationGrant, ConsentInvalid, UserConsent};
use jiff::Timestamp;

impl Store {
    /// Whether a person's word still stands: they are a member, and have not withdrawn it. What rests on nobody's word
    /// stands. Consistent: who removes a member or withdraws a consent ends the next request.
    pub async fn validate_consent(
        &self,
        authorization: &AuthorizationGrant,
        now: Timestamp,
    ) -> Result<Result<(), ConsentInvalid>, BackendError> {
        let Some(UserConsent { person, consent_id }) = &authorization.consent else {
            return Ok(Ok(()));
        };
        let (member, consent) = tokio::try_join!(
            self.load_member(&authorization.account_id, &person.email),
            self.load_consent(&authorization.client_id, &person.sub)
        )?;
        if member.is_none_or(|member| subject_of_member(&member) != *person) {
            return Ok(Err(ConsentInvalid::MemberGone));
        }
        let stands = consent.is_some_and(|consent| consent.consent_id == *consent_id && consent.is_live(now));
        Ok(if stands { Ok(()) } else { Err(ConsentInvalid::ConsentWithdrawn) })
    }
}
