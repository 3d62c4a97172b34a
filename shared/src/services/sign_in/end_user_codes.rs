//! Codes for people who are no members of the account: bounded, so that an account whose clients everyone may sign in to
//! sends no e-mails without end to whatever addresses others name.

use crate::adapters::email::mailer::Quota;
use crate::adapters::store::Store;
use crate::domain::sign_in::code_limits::{CodeRequest, END_USERS_PER_ACCOUNT};
use crate::domain::sign_in::rate_limit::{Counter, RateLimitDecision};
use crate::services::sign_in::request_code::CodeDelivery;
use crate::services::sign_in::{EmailSender, SignInError, SignInSession};
use jiff::Timestamp;
use std::time::Duration;
use tokio::time::timeout;

/// How long a request waits for the quota. It is part of the time after which every request for a code is answered.
const QUOTA_TIMEOUT: Duration = Duration::from_millis(500);

impl SignInSession {
    /// Counts an e-mail to a person who is no member. What is refused is not shown: the page is the usual one.
    ///
    /// The number of the account comes last, so that what is refused for another reason does not use it up.
    pub(super) async fn reason_not_to_send_to_end_user(
        &self,
        store: &Store,
        sender: &EmailSender,
        request: &CodeRequest<'_>,
        known_source: bool,
    ) -> Result<Option<CodeDelivery>, SignInError> {
        let now = self.now;
        if store.check_rate_limit(&request.to_end_user(), now).await? != RateLimitDecision::Allowed {
            return Ok(Some(CodeDelivery::EndUserLimit));
        }
        if store.check_rate_limits(&request.daily(known_source), now).await? != RateLimitDecision::Allowed {
            return Ok(Some(CodeDelivery::DailyLimit));
        }
        if !sender.leaves_quota_for_codes(now).await {
            return Ok(Some(CodeDelivery::QuotaReserved));
        }
        let key = self.client()?.request.account_id.to_string();
        let of_account = Counter { limit: END_USERS_PER_ACCOUNT, key };
        Ok(match store.check_rate_limit(&of_account, now).await? {
            RateLimitDecision::Allowed => None,
            RateLimitDecision::RetryAfter(_) => Some(CodeDelivery::EndUserLimit),
        })
    }
}

impl EmailSender {
    /// Whether more is left of SES's quota than what is kept for members' codes. If it is not known, there is not.
    pub(in crate::services) async fn leaves_quota_for_codes(&self, now: Timestamp) -> bool {
        match timeout(QUOTA_TIMEOUT, self.quota(now)).await {
            Ok(Ok(quota)) => leaves_enough(&quota),
            Ok(Err(error)) => {
                tracing::warn!(cause = %error, "SES quota could not be read, only codes to members are sent");
                false
            }
            Err(elapsed) => {
                tracing::warn!(cause = %elapsed, "SES quota could not be read, only codes to members are sent");
                false
            }
        }
    }
}

fn leaves_enough(quota: &Quota) -> bool {
    quota.left > quota.kept_for_codes
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_last_fifth_of_the_quota_is_kept_for_members() {
        for (left, kept_for_codes, enough) in
            [(10_001, 10_000, true), (10_000, 10_000, false), (0, 0, false), (u64::MAX, 0, true)]
        {
            let quota = Quota { left, kept_for_codes, per_second: 14.0, sandbox: false, is_low: false };
            assert_eq!(leaves_enough(&quota), enough, "{left} of which {kept_for_codes} are kept");
        }
    }
}
