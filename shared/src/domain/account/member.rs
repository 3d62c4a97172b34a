//! Members of an account.

use crate::domain::account::calendar_feed::CalendarFeed;
use crate::domain::account::invitation::PendingEmail;
use crate::domain::management::ManagementScope;
use crate::domain::oauth::token_generation::is_first_generation;
use crate::domain::primitives::display_text::Name;
use crate::domain::primitives::email::EmailAddress;
use crate::domain::primitives::ids::AccountId;
use crate::domain::primitives::language::Language;
use crate::domain::primitives::unknown_attributes::UnknownAttributes;
use crate::domain::sign_in::end_user::Subject;
use jiff::Timestamp;
use jiff::tz::TimeZone;
use serde::{Deserialize, Serialize};
use std::collections::BTreeSet;

/// A person's identity at the upstream provider, which is never another person's (OpenID Connect Core 1.0 §5.7).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ExternalSubject {
    /// The provider.
    pub issuer: String,
    /// `sub`.
    pub subject: String,
}

/// A person of an account.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Member {
    /// The account.
    pub account_id: AccountId,
    /// The person's address, which is also their id in the account.
    pub email: EmailAddress,
    /// `sub` of the tokens that act for the person. Members of earlier versions have it from their first change on, or
    /// from the job's first run; until then it is computed.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub sub: Option<Subject>,
    /// Tokens that act for the person and are of an earlier generation are not active.
    #[serde(default, skip_serializing_if = "is_first_generation")]
    pub token_generation: u64,
    /// Display name.
    pub name: Name,
    /// The person's management scopes. Members with `clients:manage` get notices about expiring secrets.
    pub permissions: BTreeSet<ManagementScope>,
    /// The identity of the person's first sign-in at the upstream provider. From then on, another one with the same address is
    /// not this person.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub external_identity: Option<ExternalSubject>,
    /// Whether the member gets reminders.
    #[serde(default = "is_reminded", skip_serializing_if = "Clone::clone")]
    pub mail: bool,
    /// The language of the member's e-mails; absent: the account's.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub locale: Option<Language>,
    /// Until when an invited person has to sign in; then the job removes them. Absent once they have, and for members who
    /// were not invited.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub invited_until: Option<Timestamp>,
    /// When the person last signed in, of those sign-ins that were the first of a day (UTC).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub last_signed_in_at: Option<Timestamp>,
    /// The address that the person is to have once its mailbox has confirmed it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub pending_email: Option<PendingEmail>,
    /// The member's calendars of what ends.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub calendar_feeds: Vec<CalendarFeed>,
    /// When the person was added.
    pub created_at: Timestamp,
    /// When it was last changed.
    pub updated_at: Timestamp,
    /// Incremented by each change: its `ETag`.
    pub version: u64,
    /// Attributes of a later version.
    #[serde(flatten)]
    pub unknown: UnknownAttributes,
}

impl Member {
    /// Whether a sign-in has to be written down: it is the first one of an invited person, or of a day.
    #[must_use]
    pub fn is_sign_in_to_be_noted(&self, now: Timestamp) -> bool {
        let day = |at: Timestamp| at.to_zoned(TimeZone::UTC).date();
        self.invited_until.is_some() || self.last_signed_in_at.is_none_or(|last| day(last) < day(now))
    }

    /// The address that the person is to have, if it can still be confirmed.
    #[must_use]
    pub fn pending_email(&self, now: Timestamp) -> Option<&PendingEmail> {
        self.pending_email.as_ref().filter(|pending| now < pending.expires_at)
    }
}

/// Members are reminded unless they, or an administrator, say otherwise.
const fn is_reminded() -> bool {
    true
}
