//! Members of an account.

use crate::domain::management::ManagementScope;
use crate::domain::oauth::token_generation::is_first_generation;
use crate::domain::primitives::display_text::Name;
use crate::domain::primitives::email::EmailAddress;
use crate::domain::primitives::ids::AccountId;
use crate::domain::primitives::language::Language;
use crate::domain::primitives::unknown_attributes::UnknownAttributes;
use crate::domain::sign_in::end_user::Subject;
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

/// Members are reminded unless they, or an administrator, say otherwise.
const fn is_reminded() -> bool {
    true
}
