//! Why a code or a refresh token gives nothing.

use super::authorization::Ended;
use super::authorization_code::CodeRefused;
use super::family::FamilyRefused;

/// Why what a client presented as its grant is not one, or not any more. For the log only: on the wire, all are one
/// (RFC 6749 §5.2, `invalid_grant`).
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum GrantFailure {
    /// Not a code that Latchkey made.
    MalformedCode,
    /// Nothing is known of the code: it was invented, or ended long ago.
    UnknownCode,
    /// The code is known, and gives this client nothing.
    Code(CodeRefused),
    /// Not a refresh token that Latchkey made.
    MalformedRefreshToken,
    /// Nothing is known of the token's family: it was invented, or ended long ago.
    UnknownFamily,
    /// The family is known, and this token of it gives this client nothing.
    Family(FamilyRefused),
    /// The person's word counts no more.
    Ended(Ended),
    /// The client has lost the permission that it rests on, or the resource is gone.
    NothingLeft,
}

impl GrantFailure {
    /// The reason's name in the log.
    #[must_use]
    pub const fn as_str(&self) -> &'static str {
        match self {
            Self::MalformedCode => "malformed_code",
            Self::UnknownCode => "unknown_code",
            Self::Code(refused) => refused.as_str(),
            Self::MalformedRefreshToken => "malformed_refresh_token",
            Self::UnknownFamily => "unknown_family",
            Self::Family(refused) => refused.as_str(),
            Self::Ended(ended) => ended.as_str(),
            Self::NothingLeft => "nothing_left",
        }
    }
}
