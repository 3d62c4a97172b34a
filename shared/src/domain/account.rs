//! Accounts and their members.

use crate::domain::management::ManagementScope;
use crate::domain::primitives::display_text::Name;
use crate::domain::primitives::email::EmailAddress;
use crate::domain::primitives::ids::AccountId;
use crate::domain::primitives::validation::{FieldError, FromJson, wrong};
use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use serde_json::Value;
use std::collections::BTreeSet;

/// Whether an account or a client may act.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Status {
    /// It may.
    #[default]
    Active,
    /// It gets no token, and its tokens count as inactive until it is enabled again.
    Disabled,
}

impl Status {
    /// The name on the wire.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Active => "active",
            Self::Disabled => "disabled",
        }
    }
}

impl FromJson for Status {
    fn from_json(value: &Value) -> Result<Self, Vec<FieldError>> {
        match value.as_str() {
            Some("active") => Ok(Self::Active),
            Some("disabled") => Ok(Self::Disabled),
            _ => wrong("must be \"active\" or \"disabled\""),
        }
    }
}

/// A tenant: one customer organisation. Owns clients and members.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Account {
    /// Its id; never changes.
    pub account_id: AccountId,
    /// For people.
    pub account_name: Name,
    /// A disabled account's clients can neither be made nor changed by the account itself.
    pub status: Status,
    /// When it was made.
    pub created_at: Timestamp,
    /// When it last changed.
    pub updated_at: Timestamp,
    /// Counts its changes, for `ETag`.
    pub version: u64,
}

/// A person of an account.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Member {
    /// The account.
    pub account_id: AccountId,
    /// The person's address, which is also their id in the account.
    pub email: EmailAddress,
    /// For people.
    pub name: Name,
    /// What the person may manage; holders of `clients:manage` are reminded of expiring secrets.
    pub permissions: BTreeSet<ManagementScope>,
    /// When the person joined.
    pub created_at: Timestamp,
    /// When the entry last changed.
    pub updated_at: Timestamp,
    /// Counts its changes, for `ETag`.
    pub version: u64,
}
