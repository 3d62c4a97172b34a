//! Addresses that the reminders of an account are not sent to.

use crate::domain::primitives::email::EmailAddress;
use crate::domain::primitives::ids::AccountId;
use crate::domain::sign_in::rate_limit::RateLimit;
use jiff::{SignedDuration, Timestamp};
use serde::{Deserialize, Serialize};
use strum::{EnumString, IntoStaticStr};

/// How long an address that could not be reached is not tried again.
pub const SUPPRESSED_FOR: SignedDuration = SignedDuration::from_hours(24 * 180);

/// How long a record that e-mails of an account wait is true: the hourly job writes it anew for as long as they do.
pub const DEFERRAL_VALID_FOR: SignedDuration = SignedDuration::from_hours(3);

/// How often one recipient's e-mails can be stopped and resumed: each time is an entry of the audit trail.
pub const MAIL_CHANGES: RateLimit = RateLimit::hourly("changes of a recipient's mail", 20);

/// The recipient of the e-mails of an account. A link in an e-mail holds it, and lets its holder stop them.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct MailRecipient {
    /// The account that the e-mails are about.
    pub account_id: AccountId,
    /// The recipient's address.
    pub email: EmailAddress,
}

/// Why an address gets no reminders.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, EnumString, IntoStaticStr)]
#[serde(rename_all = "snake_case")]
#[strum(serialize_all = "snake_case")]
pub enum SuppressionReason {
    /// Its reader stopped them.
    Stopped,
    /// An e-mail to it came back for good.
    Bounced,
    /// Its reader reported an e-mail as spam.
    Complained,
}

impl SuppressionReason {
    /// The name in JSON and in storage.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        self.into()
    }
}

/// Why, and since when, an address gets no reminders of an account.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Suppression {
    /// Why.
    pub reason: SuppressionReason,
    /// Since when.
    pub since: Timestamp,
}

impl Suppression {
    /// When the address may be written to again, unless it is lifted before; `None` if only its reader decides.
    #[must_use]
    pub fn ends_at(&self) -> Option<Timestamp> {
        match self.reason {
            SuppressionReason::Stopped => None,
            SuppressionReason::Bounced | SuppressionReason::Complained => {
                Some(self.since.saturating_add(SUPPRESSED_FOR).unwrap_or(Timestamp::MAX))
            }
        }
    }

    /// Whether it is in force.
    #[must_use]
    pub fn is_active(&self, now: Timestamp) -> bool {
        self.ends_at().is_none_or(|end| now < end)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_bounce_is_forgotten_after_half_a_year_and_a_stop_is_not() {
        let since = Timestamp::UNIX_EPOCH;
        let end = since + SUPPRESSED_FOR;
        for (reason, is_active_at_end) in [
            (SuppressionReason::Stopped, true),
            (SuppressionReason::Bounced, false),
            (SuppressionReason::Complained, false),
        ] {
            let suppression = Suppression { reason, since };
            assert!(suppression.is_active(end - SignedDuration::from_secs(1)));
            assert_eq!(suppression.is_active(end), is_active_at_end, "{reason:?}");
            assert_eq!(SuppressionReason::try_from(reason.as_str()), Ok(reason));
        }
    }
}
