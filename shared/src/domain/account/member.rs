//! Members of an account.

use crate::domain::management::ManagementScope;
use crate::domain::primitives::display_text::Name;
use crate::domain::primitives::email::EmailAddress;
use crate::domain::primitives::ids::AccountId;
use crate::domain::primitives::unknown_attributes::UnknownAttributes;
use jiff::Timestamp;
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
    /// Display name.
    pub name: Name,
    /// The person's management scopes. Members with `clients:manage` get notices about expiring secrets.
    pub permissions: BTreeSet<ManagementScope>,
    /// The identity of the person's first sign-in at the upstream provider. From then on, another one with the same address is
    /// not this person.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub external_identity: Option<ExternalSubject>,
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
