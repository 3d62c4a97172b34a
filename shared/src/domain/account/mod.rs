//! Accounts and their members.

mod claims;
mod entitlement;
mod member;

pub use claims::{AccountClaims, ClaimsPatch};
pub use entitlement::{Entitlement, Entitlements};
pub use member::{ExternalSubject, Member};

use crate::domain::primitives::display_text::Name;
use crate::domain::primitives::ids::AccountId;
use crate::domain::primitives::unknown_attributes::UnknownAttributes;
use crate::domain::primitives::validation::{FieldError, FromJson, invalid};
use jiff::Timestamp;
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
    /// Whether its id is recorded, so that no other id differs from it in case only.
    #[serde(default, skip_serializing_if = "Not::not")]
    pub id_recorded: bool,
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

impl Account {
    /// A new account, which is active and entitled to nothing.
    #[must_use]
    pub fn new(account_id: AccountId, account_name: Name, now: Timestamp) -> Self {
        Self {
            account_id,
            account_name,
            status: Status::Active,
            entitlements: Entitlements::default(),
            claims: AccountClaims::default(),
            id_recorded: true,
            created_at: now,
            updated_at: now,
            version: 1,
            unknown: UnknownAttributes::default(),
        }
    }
}
