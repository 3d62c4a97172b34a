//! Authorization codes (RFC 6749 §4.1.2).

use crate::domain::oauth::authorization::pkce::CodeChallenge;
use crate::domain::oauth::authorization_grant::AuthorizationGrant;
use crate::domain::oauth::lifetime::is_before_expiry;
use crate::domain::oauth::refresh_token_family::FamilyId;
use crate::domain::primitives::base62;
use crate::domain::primitives::ids::ClientId;
use crate::domain::primitives::unknown_attributes::UnknownAttributes;
use crate::domain::redirect_uri;
use jiff::{SignedDuration, Timestamp};
use serde::{Deserialize, Serialize};
use std::fmt;
use zeroize::{Zeroize, ZeroizeOnDrop};

/// Lifetime of a code. RFC 6749 §4.1.2 recommends at most 10 minutes; a client needs a second.
pub const LIFETIME: SignedDuration = SignedDuration::from_secs(60);

const DIGITS: usize = 43;

/// An authorization code: 256 random bits in base 62.
///
/// It has no `Clone` and no `Serialize`, its `Debug` is redacted, and its memory is zeroized.
#[derive(Zeroize, ZeroizeOnDrop)]
pub struct AuthorizationCode(String);

/// Error of a text that is no code of Latchkey.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("malformed code")]
pub struct InvalidCode;

impl AuthorizationCode {
    /// A code of 256 random bits.
    #[must_use]
    pub fn from_random_bytes(mut bytes: [u8; 32]) -> Self {
        let code = Self(base62::encode(&bytes, DIGITS));
        bytes.zeroize();
        code
    }

    /// Parses a presented code: length and characters.
    pub fn parse(text: &str) -> Result<Self, InvalidCode> {
        if text.len() == DIGITS && text.bytes().all(|byte| byte.is_ascii_alphanumeric()) {
            Ok(Self(text.to_owned()))
        } else {
            Err(InvalidCode)
        }
    }

    /// The text, for the redirect that contains it and to compute its digest.
    #[must_use]
    pub fn expose(&self) -> &str {
        &self.0
    }
}

impl fmt::Debug for AuthorizationCode {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("AuthorizationCode(…)")
    }
}

/// An issued code, as it is stored under its digest.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct IssuedCode {
    /// The grant that it represents.
    pub authorization: AuthorizationGrant,
    /// The `redirect_uri` of the request, which the token request must repeat (RFC 6749 §4.1.3); `None` if the request had
    /// none, because the client has only one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub redirect_uri: Option<String>,
    /// The challenge of the request (RFC 7636 §4.4).
    pub code_challenge: CodeChallenge,
    /// It can be redeemed while `now < expires_at`.
    pub expires_at: Timestamp,
    /// The family that it was redeemed for, once it was.
    #[serde(rename = "redeemed_as", default, skip_serializing_if = "Option::is_none")]
    pub redeemed_family_id: Option<FamilyId>,
    /// Attributes of a later version.
    #[serde(flatten)]
    pub unknown: UnknownAttributes,
}

/// The parameters of a redemption.
#[derive(Clone, Copy, Debug)]
pub struct RedemptionAttempt<'a> {
    /// The client that presents the code, authenticated or public.
    pub client_id: &'a ClientId,
    /// `redirect_uri`.
    pub redirect_uri: Option<&'a str>,
    /// The challenge of its `code_verifier`.
    pub code_challenge: &'a CodeChallenge,
    /// The current time.
    pub now: Timestamp,
}

/// Error of a redemption, for the log. The client gets `invalid_grant`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum CodeError {
    /// The code is another client's, which can still redeem it.
    OtherClient,
    /// `redirect_uri` is missing, or not that of the request.
    OtherRedirectUri,
    /// `code_verifier` does not match the challenge.
    WrongVerifier,
    /// Its client has redeemed it before. It may have been stolen, so this family must be revoked (RFC 6749 §4.1.2).
    Replayed(FamilyId),
    /// It has expired.
    Expired,
}

impl CodeError {
    /// The reason's name in the log.
    #[must_use]
    pub const fn as_str(&self) -> &'static str {
        match self {
            Self::OtherClient => "other_client",
            Self::OtherRedirectUri => "other_redirect_uri",
            Self::WrongVerifier => "wrong_verifier",
            Self::Replayed(_) => "code_replayed",
            Self::Expired => "code_expired",
        }
    }
}

impl IssuedCode {
    /// Validates a redemption. `Replayed` is returned only to the code's own client with the right verifier, so that another
    /// client's attempt does not revoke anything.
    pub fn check(&self, redemption: &RedemptionAttempt<'_>) -> Result<(), CodeError> {
        if self.authorization.client_id != *redemption.client_id {
            return Err(CodeError::OtherClient);
        }
        let presented = redemption.redirect_uri.map(redirect_uri::normalized);
        if self.redirect_uri.is_some() && self.redirect_uri.as_deref() != presented.as_deref() {
            return Err(CodeError::OtherRedirectUri);
        }
        if self.code_challenge != *redemption.code_challenge {
            return Err(CodeError::WrongVerifier);
        }
        if let Some(family) = &self.redeemed_family_id {
            return Err(CodeError::Replayed(family.clone()));
        }
        if self.is_live(redemption.now) { Ok(()) } else { Err(CodeError::Expired) }
    }

    /// Whether it can still be redeemed.
    #[must_use]
    pub fn is_redeemable(&self, now: Timestamp) -> bool {
        self.redeemed_family_id.is_none() && self.is_live(now)
    }

    fn is_live(&self, now: Timestamp) -> bool {
        is_before_expiry(self.expires_at, LIFETIME, now)
    }
}
