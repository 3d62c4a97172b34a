//! What a token is that somebody asks about: told from the token itself, never from a hint.

use jiff::Timestamp;
use shared::adapters::error::BackendError;
use shared::adapters::signing::{self, ExpectedAudience, InvalidToken, KeyRing};
use shared::app::App;
use shared::domain::oauth::access_token::AccessTokenClaims;
use shared::domain::oauth::refresh_token::{self, RefreshToken};

/// What a presented token turned out to be.
pub enum TokenKind {
    /// An access token of this server, within its time. It may have been withdrawn since.
    Access(AccessTokenClaims),
    /// What has the form of a refresh token of this server. Its family may not be there.
    RefreshTokenRequest(RefreshToken),
    /// Nothing that counts: garbage, another issuer's, or past its end.
    Invalid(InvalidToken),
}

/// Looks at a token. Costs no read but that of the signing keys, which are kept in memory; they are read again
/// for a key that may have come since.
pub async fn classify(app: &App, token: &str, now: Timestamp) -> Result<TokenKind, BackendError> {
    if token.starts_with(refresh_token::PREFIX) {
        let read = RefreshToken::parse(token).map(TokenKind::RefreshTokenRequest);
        return Ok(read.unwrap_or(TokenKind::Invalid(InvalidToken::Malformed)));
    }
    let issuer = &app.config.issuer;
    let verify = |ring: &KeyRing| signing::verify(token, ring, issuer, ExpectedAudience::Any, now);
    Ok(match app.verify(now, verify).await? {
        Ok(claims) => TokenKind::Access(claims),
        Err(invalid) => TokenKind::Invalid(invalid),
    })
}
