//! Why a request that names an existing client was refused.

use crate::domain::oauth::error::{ClientAuthFailure, OAuthError};
use std::str::FromStr;
use strum::VariantArray;

/// Why a request that names an existing client was refused, as far as its owner can do something about it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum RefusalReason {
    /// The client was not authenticated.
    Authentication(ClientAuthFailure),
    /// It was, and wanted a scope that it was not granted (RFC 6749 §5.2).
    ScopeNotGranted,
    /// It was, and wanted a token for a resource that it may not call (RFC 8707 §2).
    ResourceNotGranted,
    /// It was, and used a grant that it does not have.
    GrantNotAllowed,
    /// A person came to sign in, with a redirect URI that is none of the client's (RFC 6749 §3.1.2.4).
    WrongRedirectUri,
}

impl RefusalReason {
    /// All of them.
    pub fn all() -> impl Iterator<Item = Self> {
        let authentication = ClientAuthFailure::VARIANTS.iter().map(|failure| Self::Authentication(*failure));
        let others =
            [Self::ScopeNotGranted, Self::ResourceNotGranted, Self::GrantNotAllowed, Self::WrongRedirectUri];
        authentication.chain(others)
    }

    /// The reason of an error after the client was authenticated; `None` if the owner has nothing to mend.
    #[must_use]
    pub const fn of_grant(error: &OAuthError) -> Option<Self> {
        match error {
            OAuthError::InvalidScope(_) => Some(Self::ScopeNotGranted),
            OAuthError::InvalidTarget(_) => Some(Self::ResourceNotGranted),
            OAuthError::UnauthorizedClient => Some(Self::GrantNotAllowed),
            OAuthError::InvalidRequest(_)
            | OAuthError::InvalidClient(_)
            | OAuthError::InvalidGrant(_)
            | OAuthError::UnsupportedGrantType
            | OAuthError::Unavailable => None,
        }
    }

    /// The reason's name in notes and in the management API.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Authentication(failure) => failure.as_str(),
            Self::ScopeNotGranted => "scope_not_granted",
            Self::ResourceNotGranted => "resource_not_granted",
            Self::GrantNotAllowed => "grant_not_allowed",
            Self::WrongRedirectUri => "wrong_redirect_uri",
        }
    }

    /// The reason of a name; `None` if it is one of a later version.
    #[must_use]
    pub fn parse(name: &str) -> Option<Self> {
        match name {
            "scope_not_granted" => Some(Self::ScopeNotGranted),
            "resource_not_granted" => Some(Self::ResourceNotGranted),
            "grant_not_allowed" => Some(Self::GrantNotAllowed),
            "wrong_redirect_uri" => Some(Self::WrongRedirectUri),
            name => ClientAuthFailure::from_str(name).ok().map(Self::Authentication),
        }
    }
}

impl From<ClientAuthFailure> for RefusalReason {
    fn from(failure: ClientAuthFailure) -> Self {
        Self::Authentication(failure)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_reason_is_known_by_its_name() {
        for reason in RefusalReason::all() {
            assert_eq!(RefusalReason::parse(reason.as_str()), Some(reason));
        }
        assert_eq!(RefusalReason::parse("of_a_later_version"), None);
    }
}
