//! Errors of the OAuth endpoints: one audience gets the RFC's code, the other the cause.

use crate::domain::oauth::invalid_grant::InvalidGrantReason;

/// Why a client could not be authenticated. For the log only: on the wire, all are one.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ClientAuthFailure {
    /// No credentials were presented.
    NoCredentials,
    /// The Basic header is not one, or the secret is not one of ours.
    InvalidCredentials,
    /// No such client.
    UnknownClient,
    /// None of the client's live secrets.
    WrongSecret,
    /// The right secret, too late.
    ExpiredSecret,
    /// The client is disabled.
    ClientDisabled,
    /// Its account is disabled.
    AccountDisabled,
    /// Not from one of its addresses.
    AddressNotAllowed,
    /// At another account's token path.
    AccountMismatch,
    /// A secret, of a client that authenticates otherwise now.
    MethodNotAllowed,
    /// A `client_assertion_type` that is not known.
    UnsupportedMethod,
    /// Not a JWT, or one that no client assertion may be.
    InvalidAssertion,
    /// An assertion, of a client without keys and without an identity of that issuer and subject.
    NoMatchingKeys,
    /// The keys are published by a host that does not answer, or not as it should.
    KeysUnavailable,
    /// No key of the client made the signature.
    WrongSignature,
    /// The key's certificate has ended.
    ExpiredCertificate,
    /// `iss` or `sub` is somebody else.
    WrongSubject,
    /// `aud` is somebody else.
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
    Replayed,
    /// A public client, where only one that proves who it is may ask.
    PublicClient,
}

impl ClientAuthFailure {
    /// The reason's name in the log.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::NoCredentials => "no_credentials",
            Self::InvalidCredentials => "malformed_credentials",
            Self::UnknownClient => "unknown_client",
            Self::WrongSecret => "wrong_secret",
            Self::ExpiredSecret => "expired_secret",
            Self::ClientDisabled => "client_disabled",
            Self::AccountDisabled => "account_disabled",
            Self::AddressNotAllowed => "address_not_allowed",
            Self::AccountMismatch => "other_account",
            Self::MethodNotAllowed => "other_method",
            Self::UnsupportedMethod => "unsupported_method",
            Self::InvalidAssertion => "malformed_assertion",
            Self::NoMatchingKeys => "no_keys",
            Self::KeysUnavailable => "keys_unavailable",
            Self::WrongSignature => "wrong_signature",
            Self::ExpiredCertificate => "expired_certificate",
            Self::WrongSubject => "wrong_subject",
            Self::WrongAudience => "wrong_audience",
            Self::ExpiredAssertion => "expired_assertion",
            Self::AssertionTooLong => "assertion_too_long",
            Self::AssertionNotYetValid => "assertion_not_yet_valid",
            Self::NoAssertionId => "no_assertion_id",
            Self::Replayed => "replayed_assertion",
            Self::PublicClient => "public_client",
        }
    }
}

/// An error of RFC 6749 §5.2, RFC 8707 §2, or of our own stores.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum OAuthError {
    /// `invalid_request`: what was sent is not a request.
    InvalidRequest(&'static str),
    /// `invalid_client`: whoever it was is not known. The reason is for the log.
    InvalidClient(ClientAuthFailure),
    /// `invalid_grant`: the code or the refresh token gives nothing. The reason is for the log.
    InvalidGrant(InvalidGrantReason),
    /// `unauthorized_client`: the client may not use this grant.
    UnauthorizedClient,
    /// `unsupported_grant_type`: nobody may.
    UnsupportedGrantType,
    /// `invalid_scope`: malformed, or more than was granted.
    InvalidScope(&'static str),
    /// `invalid_target` (RFC 8707 §2).
    InvalidTarget(&'static str),
    /// `temporarily_unavailable`: a store did not answer, so nothing was decided.
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

    /// The `error_description` member: for the developer of the client, never about who it is.
    #[must_use]
    pub const fn description(&self) -> &'static str {
        match self {
            Self::InvalidRequest(why) | Self::InvalidScope(why) | Self::InvalidTarget(why) => why,
            Self::InvalidClient(_) => "client authentication failed",
            Self::InvalidGrant(_) => {
                "the code or refresh token is invalid, has ended, or is not this client's"
            }
            Self::UnauthorizedClient => "the client's grant_types do not hold this grant",
            Self::UnsupportedGrantType => "this server does not support this grant_type",
            Self::Unavailable => "try again shortly",
        }
    }

    /// What the log says: more than the client is told about who it is.
    #[must_use]
    pub const fn reason(&self) -> &'static str {
        match self {
            Self::InvalidClient(failure) => failure.as_str(),
            Self::InvalidGrant(failure) => failure.as_str(),
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
