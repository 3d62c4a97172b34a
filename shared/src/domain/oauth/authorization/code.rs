//! Authorization codes (RFC 6749 §4.1.2): what a browser carries to the client, for one exchange.

use crate::domain::oauth::authorization::pkce::CodeChallenge;
use crate::domain::oauth::authorization_grant::AuthorizationGrant;
use crate::domain::oauth::lifetime::is_before_end;
use crate::domain::oauth::refresh_token_family::FamilyId;
use crate::domain::primitives::base62;
use crate::domain::primitives::ids::ClientId;
use jiff::{SignedDuration, Timestamp};
use serde::{Deserialize, Serialize};
use std::fmt;
use zeroize::{Zeroize, ZeroizeOnDrop};

/// How long a code can be redeemed. RFC 6749 §4.1.2 recommends at most 10 minutes; a program needs a second.
pub const LIFETIME: SignedDuration = SignedDuration::from_secs(60);

const DIGITS: usize = 43;

/// An authorization code: 256 random bits in base 62.
///
/// No `Clone`, no `Serialize`, its `Debug` shows nothing, and its memory is wiped.
#[derive(Zeroize, ZeroizeOnDrop)]
pub struct AuthorizationCode(String);

/// Not a code that Latchkey made.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("malformed code")]
pub struct InvalidCode;

impl AuthorizationCode {
    /// Makes a code of 256 random bits.
    #[must_use]
    pub fn from_random_bytes(mut bytes: [u8; 32]) -> Self {
        let code = Self(base62::encode(&bytes, DIGITS));
        bytes.zeroize();
        code
    }

    /// Takes a presented code if it has the form of one.
    pub fn parse(text: &str) -> Result<Self, InvalidCode> {
        if text.len() == DIGITS && text.bytes().all(|byte| byte.is_ascii_alphanumeric()) {
            Ok(Self(text.to_owned()))
        } else {
            Err(InvalidCode)
        }
    }

    /// The text, for the redirect that carries it and for its digest.
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

/// What is kept of a code, under its digest.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct IssuedCode {
    /// What it stands for.
    pub authorization: AuthorizationGrant,
    /// The `redirect_uri` of the request, which its redemption must repeat (RFC 6749 §4.1.3); `None` if the request
    /// named none, because the client has only one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub redirect_uri: Option<String>,
    /// RFC 7636 §4.4.
    pub code_challenge: CodeChallenge,
    /// It can be redeemed until then.
    pub expires_at: Timestamp,
    /// What came of it, once it was redeemed.
    #[serde(rename = "redeemed_as", default, skip_serializing_if = "Option::is_none")]
    pub redeemed_family_id: Option<FamilyId>,
}

/// What a client presents with a code.
#[derive(Clone, Copy, Debug)]
pub struct RedemptionAttempt<'a> {
    /// Who presents it, authenticated or public.
    pub client_id: &'a ClientId,
    /// `redirect_uri`.
    pub redirect_uri: Option<&'a str>,
    /// The challenge that its `code_verifier` makes.
    pub code_challenge: &'a CodeChallenge,
    /// When.
    pub now: Timestamp,
}

/// Why a code gives nothing. For the log only: the client hears `invalid_grant`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum CodeError {
    /// It is another client's. That client can still redeem it.
    OtherClient,
    /// Another `redirect_uri` than the request's, or none.
    OtherRedirectUri,
    /// The verifier is not that of the request.
    WrongVerifier,
    /// Its own client has redeemed it before: somebody may have stolen it, so what came of it ends.
    Replayed(FamilyId),
    /// It comes too late.
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
    /// Whether it may be redeemed so. Nobody but its own client, with its own verifier, is told of a replay: another's
    /// try must not end anything.
    pub fn check(&self, redemption: &RedemptionAttempt<'_>) -> Result<(), CodeError> {
        if self.authorization.client_id != *redemption.client_id {
            return Err(CodeError::OtherClient);
        }
        if self.redirect_uri.as_deref().is_some_and(|own| redemption.redirect_uri != Some(own)) {
            return Err(CodeError::OtherRedirectUri);
        }
        if self.code_challenge != *redemption.code_challenge {
            return Err(CodeError::WrongVerifier);
        }
        if let Some(family) = &self.redeemed_family_id {
            return Err(CodeError::Replayed(family.clone()));
        }
        let is_live = is_before_end(self.expires_at, LIFETIME, redemption.now);
        if is_live { Ok(()) } else { Err(CodeError::Expired) }
    }
}
