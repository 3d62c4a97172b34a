//! What a client was allowed, beyond the one request: by a person who consented, or by being itself.

use crate::domain::primitives::ids::{AccountId, ClientId, ResourceId};
use crate::domain::resource::scope::ScopeSet;
use crate::domain::sign_in::consent::ConsentId;
use crate::domain::sign_in::end_user::EndUser;
use serde::{Deserialize, Serialize};

/// What an authorization code and a family of refresh tokens stand for.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct AuthorizationGrant {
    /// Who may use it.
    pub client_id: ClientId,
    /// The account of that client, and of the person.
    pub account_id: AccountId,
    /// The one resource (RFC 8707).
    pub resource: ResourceId,
    /// What was allowed there. A client that loses one of them does not get it any more.
    pub scopes: ScopeSet,
    /// Whose word it rests on; `None` for a client that acts in its own name.
    #[serde(rename = "given_by", default, skip_serializing_if = "Option::is_none")]
    pub consent: Option<UserConsent>,
}

/// The person who consented, and the consent.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct UserConsent {
    /// Who.
    pub person: EndUser,
    /// The consent, which they or an administrator can withdraw.
    pub consent_id: ConsentId,
}

/// Why a person's word counts no more. For the log only.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ConsentInvalid {
    /// They are no member of the account any more; or they left and joined again, which makes them another person.
    MemberGone,
    /// The consent was withdrawn, whatever was consented to since.
    ConsentWithdrawn,
}

impl ConsentInvalid {
    /// The reason's name in the log.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::MemberGone => "member_gone",
            Self::ConsentWithdrawn => "consent_withdrawn",
        }
    }
}
