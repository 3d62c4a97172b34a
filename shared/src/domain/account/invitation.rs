//! Invitations of members, and changes of their addresses: what waits for a person to prove a mailbox.

use crate::domain::primitives::email::EmailAddress;
use crate::domain::primitives::ids::AccountId;
use crate::domain::sign_in::end_user::Subject;
use crate::domain::sign_in::rate_limit::RateLimit;
use jiff::tz::TimeZone;
use jiff::{SignedDuration, Timestamp};
use serde::{Deserialize, Serialize};

/// How long an invited person has to sign in for the first time.
pub const INVITATION_VALID_FOR: SignedDuration = SignedDuration::from_hours(24 * 7);

/// How long a new address can be confirmed.
pub const EMAIL_CHANGE_VALID_FOR: SignedDuration = SignedDuration::from_hours(24);

/// How often an invitation is sent again on a day.
pub const REPEATED_INVITATIONS: u32 = 3;

/// How often an address is asked to confirm that it becomes the one of a member of one account.
pub const EMAIL_CHANGES: RateLimit = RateLimit::daily("new addresses of a member", 3);

/// How often an address is invited to one account on this day (UTC): the e-mail of the day on which the member was added is not
/// one of those that are sent again.
#[must_use]
pub fn invitations(added_at: Timestamp, now: Timestamp) -> RateLimit {
    let day = |at: Timestamp| at.to_zoned(TimeZone::UTC).date();
    let first = u32::from(day(added_at) == day(now));
    RateLimit::daily("invitations of a member", REPEATED_INVITATIONS + first)
}

/// An invitation, as the job finds it when it ends.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Invitation {
    /// The account.
    pub account_id: AccountId,
    /// The invited member. Not under the name that the index of members by address has.
    #[serde(rename = "address")]
    pub email: EmailAddress,
    /// Until when they have to sign in.
    pub until: Timestamp,
}

/// A new address of a member, until its mailbox has confirmed it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct PendingEmail {
    /// The new address.
    pub email: EmailAddress,
    /// The change that the link in the e-mail is for: an earlier link confirms nothing.
    pub change_id: String,
    /// When it can no longer be confirmed.
    pub expires_at: Timestamp,
}

/// What the link to confirm a new address says, encrypted.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct EmailChangeLink {
    /// The account.
    pub account_id: AccountId,
    /// The address that the member has until then.
    pub email: EmailAddress,
    /// The change.
    pub change_id: String,
    /// The person in tokens, by whom is found what the link has done. Links of earlier versions have none.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub sub: Option<Subject>,
}
