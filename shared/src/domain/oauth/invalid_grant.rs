//! Why a code or a refresh token gives nothing.

use crate::domain::oauth::authorization::code::CodeError;
use crate::domain::oauth::authorization_grant::ConsentInvalid;
use crate::domain::oauth::refresh_token_family::RefreshTokenError;

/// Why what a client presented as its grant is not one, or not any more. For the log only: on the wire, all are one
/// (RFC 6749 §5.2, `invalid_grant`).
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum InvalidGrantReason {
    /// Not a code that Latchkey made.
    InvalidCode,
    /// Nothing is known of the code: it was invented, or ended long ago.
    UnknownCode,
    /// The code is known, and gives this client nothing.
    Code(CodeError),
    /// Not a refresh token that Latchkey made.
    InvalidRefreshToken,
    /// Nothing is known of the token's family: it was invented, or ended long ago.
    UnknownFamily,
    /// The family is known, and this token of it gives this client nothing.
    RefreshTokenFamily(RefreshTokenError),
    /// The person's word counts no more.
    ConsentInvalid(ConsentInvalid),
    /// The client has lost the permission that it rests on, or the resource is gone.
    NothingLeft,
}

impl InvalidGrantReason {
    /// The reason's name in the log.
    #[must_use]
    pub const fn as_str(&self) -> &'static str {
        match self {
            Self::InvalidCode => "malformed_code",
            Self::UnknownCode => "unknown_code",
            Self::Code(refused) => refused.as_str(),
            Self::InvalidRefreshToken => "malformed_refresh_token",
            Self::UnknownFamily => "unknown_family",
            Self::RefreshTokenFamily(refused) => refused.as_str(),
            Self::ConsentInvalid(ended) => ended.as_str(),
            Self::NothingLeft => "nothing_left",
        }
    }
}
