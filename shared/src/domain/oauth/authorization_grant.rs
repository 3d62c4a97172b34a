//! Authorization grants (RFC 6749 §1.3) as they are stored: by an end user's consent, or to the client itself.

use crate::domain::oauth::token_generation::is_first_generation;
use crate::domain::primitives::ids::{AccountId, ClientId, ResourceId};
use crate::domain::primitives::unknown_attributes::UnknownAttributes;
use crate::domain::resource::scope::ScopeSet;
use crate::domain::sign_in::consent::ConsentId;
use crate::domain::sign_in::end_user::EndUser;
use serde::{Deserialize, Serialize};
use strum::IntoStaticStr;

/// The grant that an authorization code or a refresh-token family represents.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct AuthorizationGrant {
    /// The client that may use it.
    pub client_id: ClientId,
    /// The account of the client and of the end user.
    pub account_id: AccountId,
    /// The only resource (RFC 8707).
    pub resource: ResourceId,
    /// The granted scopes. Tokens have those of them that the client still has a permission for.
    pub scopes: ScopeSet,
    /// The consent that it is based on; `None` if the client acts for itself.
    #[serde(rename = "given_by", default, skip_serializing_if = "Option::is_none")]
    pub consent: Option<UserConsent>,
    /// The client's `token_generation` when it was issued. Of an earlier generation, it is no longer valid.
    #[serde(default, skip_serializing_if = "is_first_generation")]
    pub token_generation: u64,
    /// Attributes of a later version.
    #[serde(flatten)]
    pub unknown: UnknownAttributes,
}

/// The end user who consented, and the id of the consent.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct UserConsent {
    /// The end user.
    pub person: EndUser,
    /// The consent, which may be withdrawn.
    pub consent_id: ConsentId,
}

/// Why a consent is no longer valid. For the log only.
#[derive(Clone, Copy, Debug, PartialEq, Eq, IntoStaticStr)]
#[strum(serialize_all = "snake_case")]
pub enum ConsentInvalid {
    /// The end user is no longer a member of the account, or all their tokens were revoked. One who was removed and added
    /// again is another subject.
    MemberGone,
    /// The end user is no member, and the account no longer lets others sign in.
    EndUsersNotAllowed,
    /// The consent was withdrawn. A later consent does not restore it.
    ConsentWithdrawn,
}

impl ConsentInvalid {
    /// The reason's name in the log.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        self.into()
    }
}
