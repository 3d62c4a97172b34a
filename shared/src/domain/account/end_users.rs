//! Who may sign in to an account's clients.

use crate::domain::primitives::validation::{FieldError, FromJson, invalid};
use serde::{Deserialize, Serialize};
use serde_json::Value;
use strum::{EnumString, IntoStaticStr};

/// Who may sign in to the clients of an account, and consent to them.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, EnumString, IntoStaticStr)]
#[serde(rename_all = "snake_case")]
#[strum(serialize_all = "snake_case")]
pub enum EndUserPolicy {
    /// Members of the account.
    #[default]
    Members,
    /// Everyone who signs in at the upstream provider or proves a mailbox.
    Anyone,
}

impl EndUserPolicy {
    /// The name in JSON and in storage.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        self.into()
    }

    /// Whether it is the one of an account that does not say.
    #[must_use]
    pub fn is_default(&self) -> bool {
        *self == Self::default()
    }
}

impl FromJson for EndUserPolicy {
    fn from_json(value: &Value) -> Result<Self, Vec<FieldError>> {
        let policy = value.as_str().and_then(|text| text.parse().ok());
        policy.map_or_else(|| invalid("must be \"members\" or \"anyone\""), Ok)
    }
}
