//! The kind of a token that a caller presents, which follows from the token itself, never from a hint.

use jiff::Timestamp;
use shared::adapters::error::BackendError;
use shared::adapters::signing::{self, ExpectedAudience, InvalidToken, VerificationKeys};
use shared::app::{App, VerifyError};
use shared::domain::oauth::access_token::AccessTokenClaims;
use shared::domain::oauth::refresh_token::{self, RefreshToken};

/// The kind of a presented token.
pub enum TokenKind {
    /// An access token of this server that has not expired. It may have been revoked.
    Access(Box<AccessTokenClaims>),
    /// A text with the form of a refresh token. Its family may not exist.
    Refresh(RefreshToken),
    /// Neither, or an access token of another issuer or an expired one.
    Invalid(InvalidToken),
}

/// Classifies a token. Reads nothing but the signing keys, which are cached; they are read again if the token names
/// a key that is not among them.
pub async fn classify(app: &App, token: &str, now: Timestamp) -> Result<TokenKind, BackendError> {
    if token.starts_with(refresh_token::PREFIX) {
        let parsed = RefreshToken::parse(token).map(TokenKind::Refresh);
        return Ok(parsed.unwrap_or(TokenKind::Invalid(InvalidToken::Malformed)));
    }
    let issuer = &app.config.issuer;
    let verify = |keys: &VerificationKeys| signing::verify(token, keys, issuer, ExpectedAudience::Any, now);
    match app.verify(now, verify).await {
        Ok(claims) => Ok(TokenKind::Access(Box::new(claims))),
        Err(VerifyError::Invalid(invalid)) => Ok(TokenKind::Invalid(invalid)),
        Err(VerifyError::Backend(failure)) => Err(failure),
    }
}
