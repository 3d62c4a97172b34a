//! Reasons of `invalid_grant` (RFC 6749 §5.2).

use crate::domain::oauth::authorization::code::CodeError;
use crate::domain::oauth::authorization_grant::ConsentInvalid;
use crate::domain::oauth::refresh_token_family::RefreshTokenError;

/// Why a code or refresh token is not valid. For the log only: the client gets `invalid_grant` for all of them (RFC 6749
/// §5.2).
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum InvalidGrantReason {
    /// Not a code of Latchkey.
    InvalidCode,
    /// The code is not stored: it was invented, or expired long ago.
    UnknownCode,
    /// The code is stored, but its redemption failed.
    Code(CodeError),
    /// Not a refresh token of Latchkey.
    InvalidRefreshToken,
    /// The token's family is not stored: it was invented, or expired long ago.
    UnknownFamily,
    /// The family is stored, but the token is not valid.
    RefreshTokenFamily(RefreshTokenError),
    /// All tokens of the client were revoked since it was issued.
    ClientTokensRevoked,
    /// The consent is no longer valid.
    ConsentInvalid(ConsentInvalid),
    /// The client no longer has the permission, or the resource was deleted.
    NothingLeft,
}

impl InvalidGrantReason {
    /// Whether a code or refresh token was presented again after its one use, as a thief would.
    #[must_use]
    pub const fn is_replay(&self) -> bool {
        match self {
            Self::Code(CodeError::Replayed(_)) | Self::RefreshTokenFamily(RefreshTokenError::Reused) => true,
            Self::Code(
                CodeError::OtherClient
                | CodeError::OtherRedirectUri
                | CodeError::WrongVerifier
                | CodeError::Expired,
            )
            | Self::RefreshTokenFamily(
                RefreshTokenError::OtherClient
                | RefreshTokenError::Superseded
                | RefreshTokenError::Revoked
                | RefreshTokenError::Expired,
            )
            | Self::InvalidCode
            | Self::UnknownCode
            | Self::InvalidRefreshToken
            | Self::UnknownFamily
            | Self::ClientTokensRevoked
            | Self::ConsentInvalid(_)
            | Self::NothingLeft => false,
        }
    }

    /// The `error_description`. What only the grant's own client can bring about is named, so that its developer sees which
    /// of several requests was one too many.
    #[must_use]
    pub const fn description(&self) -> &'static str {
        match self {
            Self::Code(CodeError::Replayed(_)) => {
                "this code was redeemed before, so the tokens that were issued for it are revoked (RFC 6749 \
                 section 4.1.2): send one token request for each code, and ask for authorization again"
            }
            Self::RefreshTokenFamily(RefreshTokenError::Reused) => {
                "this refresh token was used before, so all tokens of its family are revoked (RFC 9700 section \
                 4.14.2): keep the newest token only, and ask for authorization again"
            }
            Self::RefreshTokenFamily(RefreshTokenError::Superseded) => {
                "this refresh token was replaced, and so was its successor: use the newest one, which is still valid"
            }
            Self::Code(
                CodeError::OtherClient
                | CodeError::OtherRedirectUri
                | CodeError::WrongVerifier
                | CodeError::Expired,
            )
            | Self::RefreshTokenFamily(
                RefreshTokenError::OtherClient | RefreshTokenError::Revoked | RefreshTokenError::Expired,
            )
            | Self::InvalidCode
            | Self::UnknownCode
            | Self::InvalidRefreshToken
            | Self::UnknownFamily
            | Self::ClientTokensRevoked
            | Self::ConsentInvalid(_)
            | Self::NothingLeft => "the code or refresh token is invalid, has ended, or is not this client's",
        }
    }

    /// The reason's name in the log.
    #[must_use]
    pub fn as_str(&self) -> &'static str {
        match self {
            Self::InvalidCode => "malformed_code",
            Self::UnknownCode => "unknown_code",
            Self::Code(error) => error.as_str(),
            Self::InvalidRefreshToken => "malformed_refresh_token",
            Self::UnknownFamily => "unknown_family",
            Self::RefreshTokenFamily(error) => error.as_str(),
            Self::ClientTokensRevoked => "client_tokens_revoked",
            Self::ConsentInvalid(reason) => reason.as_str(),
            Self::NothingLeft => "nothing_left",
        }
    }
}
