//! Errors of the OAuth endpoints: the code of the RFC for the client, the cause for the log.

use crate::domain::oauth::invalid_grant::InvalidGrantReason;
use strum::{EnumString, IntoStaticStr, VariantArray};

/// Why client authentication failed. For the log only: the client gets `invalid_client` for all of them.
#[derive(Clone, Copy, Debug, PartialEq, Eq, EnumString, IntoStaticStr, VariantArray)]
#[strum(serialize_all = "snake_case")]
pub enum ClientAuthFailure {
    /// No credentials were presented.
    NoCredentials,
    /// The Basic header, or the id in it, is invalid.
    #[strum(serialize = "malformed_credentials")]
    InvalidCredentials,
    /// The client does not exist.
    UnknownClient,
    /// The secret does not have the form of a secret: most often it was copied with a character too many or too few.
    MalformedSecret,
    /// The secret is not one of the client's.
    WrongSecret,
    /// The secret has expired.
    ExpiredSecret,
    /// The secret is paused.
    PausedSecret,
    /// The client is disabled.
    ClientDisabled,
    /// Its account is disabled.
    AccountDisabled,
    /// The source address is not in the client's allowlist.
    AddressNotAllowed,
    /// The token path is another account's.
    #[strum(serialize = "other_account")]
    AccountMismatch,
    /// A secret was presented, and the client must use another method.
    #[strum(serialize = "other_method")]
    MethodNotAllowed,
    /// The `client_assertion_type` is not supported.
    UnsupportedMethod,
    /// The assertion is no JWT, or no valid client assertion.
    #[strum(serialize = "malformed_assertion")]
    InvalidAssertion,
    /// An assertion was presented, and the client has no keys, and no federated identity of that issuer and subject.
    #[strum(serialize = "no_keys")]
    NoMatchingKeys,
    /// The keys could not be fetched.
    KeysUnavailable,
    /// The signature does not verify with any key of the client.
    WrongSignature,
    /// The certificate of the key has expired.
    ExpiredCertificate,
    /// `iss` or `sub` does not match.
    WrongSubject,
    /// `aud` does not match.
    WrongAudience,
    /// `exp` is past.
    ExpiredAssertion,
    /// `exp` is too far ahead.
    AssertionTooLong,
    /// `nbf` or `iat` is ahead.
    AssertionNotYetValid,
    /// `jti` is missing or too long.
    NoAssertionId,
    /// The assertion was used before.
    #[strum(serialize = "replayed_assertion")]
    Replayed,
    /// The client is public, and the endpoint requires authentication.
    PublicClient,
}

impl ClientAuthFailure {
    /// Whether the client that the request names exists: the reason was found in comparison with it.
    #[must_use]
    pub const fn names_a_client(self) -> bool {
        match self {
            Self::NoCredentials
            | Self::InvalidCredentials
            | Self::MalformedSecret
            | Self::UnknownClient
            | Self::UnsupportedMethod
            | Self::InvalidAssertion => false,
            Self::WrongSecret
            | Self::ExpiredSecret
            | Self::PausedSecret
            | Self::ClientDisabled
            | Self::AccountDisabled
            | Self::AddressNotAllowed
            | Self::AccountMismatch
            | Self::MethodNotAllowed
            | Self::NoMatchingKeys
            | Self::KeysUnavailable
            | Self::WrongSignature
            | Self::ExpiredCertificate
            | Self::WrongSubject
            | Self::WrongAudience
            | Self::ExpiredAssertion
            | Self::AssertionTooLong
            | Self::AssertionNotYetValid
            | Self::NoAssertionId
            | Self::Replayed
            | Self::PublicClient => true,
        }
    }

    /// The reason's name in the log.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        self.into()
    }
}

/// An error of RFC 6749 §5.2, RFC 8707 §2, or of our own stores.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum OAuthError {
    /// `invalid_request`.
    InvalidRequest(&'static str),
    /// `invalid_client`, with the reason for the log.
    InvalidClient(ClientAuthFailure),
    /// `invalid_grant`: the code or refresh token is not valid. The reason is for the log.
    InvalidGrant(InvalidGrantReason),
    /// `unauthorized_client`: the client may not use this grant.
    UnauthorizedClient,
    /// `unsupported_grant_type`: no client may.
    UnsupportedGrantType,
    /// `invalid_scope`: malformed, or more than was granted.
    InvalidScope(&'static str),
    /// `invalid_target` (RFC 8707 §2).
    InvalidTarget(&'static str),
    /// `temporarily_unavailable`: a store failed, so that nothing was decided.
    Unavailable,
}

impl OAuthError {
    /// The `error` member.
    #[must_use]
    pub const fn code(&self) -> &'static str {
        match self {
            Self::InvalidRequest(_) => "invalid_request",
            Self::InvalidClient(_) => "invalid_client",
            Self::InvalidGrant(_) => "invalid_grant",
            Self::UnauthorizedClient => "unauthorized_client",
            Self::UnsupportedGrantType => "unsupported_grant_type",
            Self::InvalidScope(_) => "invalid_scope",
            Self::InvalidTarget(_) => "invalid_target",
            Self::Unavailable => "temporarily_unavailable",
        }
    }

    /// The `error_description` member, for the developer of the client. It reveals nothing about the client's existence.
    #[must_use]
    pub const fn description(&self) -> &'static str {
        match self {
            Self::InvalidRequest(detail) | Self::InvalidScope(detail) | Self::InvalidTarget(detail) => detail,
            Self::InvalidClient(_) => "client authentication failed",
            Self::InvalidGrant(reason) => reason.description(),
            Self::UnauthorizedClient => "the client's grant_types do not hold this grant",
            Self::UnsupportedGrantType => "this server does not support this grant_type",
            Self::Unavailable => "try again shortly",
        }
    }

    /// The reason as logged, which is more specific than the description.
    #[must_use]
    pub fn reason(&self) -> &'static str {
        match self {
            Self::InvalidClient(reason) => reason.as_str(),
            Self::InvalidGrant(reason) => reason.as_str(),
            Self::InvalidRequest(_)
            | Self::UnauthorizedClient
            | Self::UnsupportedGrantType
            | Self::InvalidScope(_)
            | Self::InvalidTarget(_)
            | Self::Unavailable => self.description(),
        }
    }

    /// The HTTP status.
    #[must_use]
    pub const fn status(&self) -> u16 {
        match self {
            Self::InvalidClient(_) => 401,
            Self::InvalidRequest(_)
            | Self::InvalidGrant(_)
            | Self::UnauthorizedClient
            | Self::UnsupportedGrantType
            | Self::InvalidScope(_)
            | Self::InvalidTarget(_) => 400,
            Self::Unavailable => 503,
        }
    }
}
