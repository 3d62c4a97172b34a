//! What a token is that somebody asks about: told from the token itself, never from a hint.

use jiff::Timestamp;
use shared::adapters::fault::Fault;
use shared::adapters::signing::{self, ExpectedAudience, InvalidToken, KeyRing};
use shared::assembly::App;
use shared::domain::claims::AccessTokenClaims;
use shared::domain::refresh_token::{self, RefreshToken};

/// What a presented token turned out to be.
pub enum PresentedToken {
    /// An access token of this server, within its time. It may have been withdrawn since.
    Access(AccessTokenClaims),
    /// What has the form of a refresh token of this server. Its family may not be there.
    Refresh(RefreshToken),
    /// Nothing that counts: garbage, another issuer's, or past its end.
    Void(InvalidToken),
}

/// Looks at a token. Costs no read but that of the signing keys, which are kept in memory; they are read again
/// for a key that may have come since.
pub async fn recognise(app: &App, token: &str, now: Timestamp) -> Result<PresentedToken, Fault> {
    if token.starts_with(refresh_token::PREFIX) {
        let read = RefreshToken::parse(token).map(PresentedToken::Refresh);
        return Ok(read.unwrap_or(PresentedToken::Void(InvalidToken::Malformed)));
    }
    let issuer = &app.config.issuer;
    let verify = |ring: &KeyRing| signing::verify(token, ring, issuer, ExpectedAudience::Any, now);
    Ok(match app.verify(now, verify).await? {
        Ok(claims) => PresentedToken::Access(claims),
        Err(invalid) => PresentedToken::Void(invalid),
    })
}
