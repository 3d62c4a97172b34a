//! Accounts and their members.

mod calendar_feed;
mod claims;
mod end_users;
mod entitlement;
pub mod index;
pub mod invitation;
pub mod limits;
pub mod mail;
mod member;
mod secret_lifetime;
mod sign_in_methods;

pub use calendar_feed::{CalendarFeed, MAX_CALENDAR_FEEDS};
pub use claims::{AccountClaims, ClaimsPatch};
pub use end_users::EndUserPolicy;
pub use entitlement::{Entitlement, Entitlements};
pub use member::{ExternalSubject, Member};
pub use secret_lifetime::{SecretLifetime, SecretLifetimeChange};
pub use sign_in_methods::{SignInMethod, SignInMethods};

use limits::AccountLimits;

use crate::domain::primitives::display_text::Name;
use crate::domain::primitives::email::EmailAddress;
use crate::domain::primitives::ids::AccountId;
use crate::domain::primitives::language::Language;
use crate::domain::primitives::unknown_attributes::UnknownAttributes;
use crate::domain::primitives::validation::{FieldError, FromJson, invalid};
use jiff::{SignedDuration, Timestamp};
use serde::{Deserialize, Serialize};
use serde_json::Value;
use std::ops::Not;
use strum::{EnumString, IntoStaticStr};

/// Whether an account or a client is enabled.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, EnumString, IntoStaticStr)]
#[serde(rename_all = "snake_case")]
#[strum(serialize_all = "snake_case")]
pub enum Status {
    /// Enabled.
    #[default]
    Active,
    /// It gets no tokens, and its tokens are inactive until it is enabled again.
    Disabled,
}

impl Status {
    /// The name in JSON and in storage.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        self.into()
    }
}

impl FromJson for Status {
    fn from_json(value: &Value) -> Result<Self, Vec<FieldError>> {
        let status = value.as_str().and_then(|text| text.parse().ok());
        status.map_or_else(|| invalid("must be \"active\" or \"disabled\""), Ok)
    }
}

/// A tenant: one customer organisation. Owns clients and members.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Account {
    /// Its id; never changes.
    pub account_id: AccountId,
    /// Display name.
    pub account_name: Name,
    /// A disabled account cannot create or change its clients.
    pub status: Status,
    /// What it may give its clients.
    #[serde(default, skip_serializing_if = "Entitlements::is_empty")]
    pub entitlements: Entitlements,
    /// Claims of its access tokens.
    #[serde(default, skip_serializing_if = "AccountClaims::is_empty")]
    pub claims: AccountClaims,
    /// Who may sign in to its clients.
    #[serde(default, skip_serializing_if = "EndUserPolicy::is_default")]
    pub end_users: EndUserPolicy,
    /// The language of its e-mails, for recipients who have chosen none; absent: the deployment's.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub locale: Option<Language>,
    /// Recipients of the reminders about all its clients, besides its members and the contacts of each client.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub contacts: Vec<EmailAddress>,
    /// How long its secrets live.
    #[serde(default, skip_serializing_if = "SecretLifetime::is_default")]
    pub secret_lifetime_days: SecretLifetime,
    /// How its members may sign in to the console.
    #[serde(default, skip_serializing_if = "SignInMethods::is_default")]
    pub sign_in_methods: SignInMethods,
    /// Whether its id is recorded, so that no other id differs from it in case only.
    #[serde(default, skip_serializing_if = "Not::not")]
    pub id_recorded: bool,
    /// When it was disabled; absent while it is active, and if an earlier version disabled it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub disabled_at: Option<Timestamp>,
    /// When it was deleted. What is left of it is this item, so that its id is not used again.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub deleted_at: Option<Timestamp>,
    /// Its own limits.
    #[serde(default, skip_serializing_if = "AccountLimits::is_default")]
    pub limits: AccountLimits,
    /// When it was created.
    pub created_at: Timestamp,
    /// When it was last changed.
    pub updated_at: Timestamp,
    /// Incremented by each change: its `ETag`.
    pub version: u64,
    /// Attributes of a later version.
    #[serde(flatten)]
    pub unknown: UnknownAttributes,
}

/// How long an account is disabled before it can be deleted with all that it has.
pub const DISABLED_BEFORE_DELETION: SignedDuration = SignedDuration::from_hours(24 * 7);

impl Account {
    /// From when on it can be deleted with all that it has: when it has been disabled for long enough. `None` if it is
    /// active. An earlier version did not record when it disabled an account: then it is the last change.
    #[must_use]
    pub fn deletable_from(&self) -> Option<Timestamp> {
        let disabled_at = self.disabled_at.unwrap_or(self.updated_at);
        let is_disabled = self.status == Status::Disabled;
        is_disabled.then(|| disabled_at.saturating_add(DISABLED_BEFORE_DELETION).unwrap_or(Timestamp::MAX))
    }

    /// Whether it has been disabled for as long as it takes before it can be deleted.
    #[must_use]
    pub fn is_disabled_long_enough(&self, now: Timestamp) -> bool {
        self.deletable_from().is_some_and(|from| from <= now)
    }

    /// What is left of it when it is deleted: its id.
    #[must_use]
    pub fn deleted(&self, now: Timestamp) -> Self {
        let name = Name::parse("Deleted").unwrap_or_else(|_| unreachable!("a literal name is legal"));
        Self {
            status: Status::Disabled,
            disabled_at: self.disabled_at,
            deleted_at: Some(now),
            id_recorded: self.id_recorded,
            created_at: self.created_at,
            version: self.version + 1,
            ..Self::new(self.account_id.clone(), name, now)
        }
    }

    /// A new account, which is active and entitled to nothing.
    #[must_use]
    pub fn new(account_id: AccountId, account_name: Name, now: Timestamp) -> Self {
        Self {
            account_id,
            account_name,
            status: Status::Active,
            entitlements: Entitlements::default(),
            claims: AccountClaims::default(),
            end_users: EndUserPolicy::default(),
            locale: None,
            contacts: Vec::new(),
            secret_lifetime_days: SecretLifetime::default(),
            sign_in_methods: SignInMethods::default(),
            id_recorded: true,
            disabled_at: None,
            deleted_at: None,
            limits: AccountLimits::default(),
            created_at: now,
            updated_at: now,
            version: 1,
            unknown: UnknownAttributes::default(),
        }
    }
}
