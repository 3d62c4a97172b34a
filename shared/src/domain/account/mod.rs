//! Accounts and their members.

mod member;

pub use member::Member;

use crate::domain::primitives::display_text::Name;
use crate::domain::primitives::ids::AccountId;
use crate::domain::primitives::unknown_attributes::UnknownAttributes;
use crate::domain::primitives::validation::{FieldError, FromJson, invalid};
use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use serde_json::Value;
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
