//! Bearer tokens of the management API (RFC 6750 §2.1).

use crate::problem::Problem;
use http::{HeaderMap, header};
use jiff::Timestamp;
use shared::adapters::signing::{self, ExpectedAudience};
use shared::app::{ManagementState, VerifyError};
use shared::domain::management;
use shared::services::principal::Principal;
use std::net::IpAddr;

/// Verifies the bearer token, and reads its client as it is now.
pub async fn authenticate(
    state: &ManagementState,
    headers: &HeaderMap,
    client_ip: Option<IpAddr>,
    now: Timestamp,
) -> Result<Principal, Problem> {
    let token = bearer(headers)?;
    let issuer = &state.app.config.issuer;
    let audience = management::audience(issuer);
    let audience = ExpectedAudience::Only(&audience);
    let verified = state.verify(now, |keys| signing::verify(token, keys, issuer, audience, now)).await;
    let claims = verified.map_err(|error| match error {
        VerifyError::Invalid(invalid) => Problem::InvalidToken(invalid.as_str()),
        VerifyError::Backend(failure) => Problem::Unavailable(failure),
    })?;
    Ok(Principal::from_claims(&state.app.store, &claims, client_ip, now).await?)
}

fn bearer(headers: &HeaderMap) -> Result<&str, Problem> {
    let mut values = headers.get_all(header::AUTHORIZATION).iter();
    let (Some(value), None) = (values.next(), values.next()) else {
        return Err(Problem::MissingToken);
    };
    let text = value.to_str().map_err(|_| Problem::MissingToken)?;
    // One space or more (RFC 9110 §11.4).
    match text.split_once(' ').map(|(scheme, token)| (scheme, token.trim_matches(' '))) {
        Some((scheme, token)) if scheme.eq_ignore_ascii_case("bearer") && !token.is_empty() => Ok(token),
        _ => Err(Problem::MissingToken),
    }
}
