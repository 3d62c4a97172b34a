//! Whether what an authorization rests on is still there.

use super::Store;
use crate::adapters::fault::Fault;
use crate::adapters::grant_secrets::person_of;
use crate::domain::authorization::{Authorization, Ended, GivenBy};
use jiff::Timestamp;

impl Store {
    /// Whether a person's word still stands: they are a member, and have not withdrawn it. What rests on nobody's word
    /// stands. Consistent: who removes a member or withdraws a consent ends the next request.
    pub async fn still_given(
        &self,
        authorization: &Authorization,
        now: Timestamp,
    ) -> Result<Result<(), Ended>, Fault> {
        let Some(GivenBy { person, consent_id }) = &authorization.given_by else {
            return Ok(Ok(()));
        };
        let (member, consent) = tokio::try_join!(
            self.load_member(&authorization.account_id, &person.email),
            self.load_consent(&authorization.client_id, &person.sub)
        )?;
        if member.is_none_or(|member| person_of(&member) != *person) {
            return Ok(Err(Ended::MemberGone));
        }
        let stands = consent.is_some_and(|consent| consent.consent_id == *consent_id && consent.is_live(now));
        Ok(if stands { Ok(()) } else { Err(Ended::ConsentWithdrawn) })
    }
}
