//! The `Idempotency-Key` header.

use crate::problem::Problem;
use http::Method;
use http::request::Parts;
use shared::domain::primitives::strict_json;
use shared::services::idempotency::IdempotencyKey;
use shared::services::principal::Principal;

const HEADER: &str = "idempotency-key";
const MAX_KEY: usize = 255;

/// The key of a `POST`; `None` if it has none. Bodies are compared as JSON values, not by their bytes.
pub fn parse_key(
    head: &Parts,
    principal: &Principal,
    body: &[u8],
) -> Result<Option<IdempotencyKey>, Problem> {
    let Some(value) = head.headers.get(HEADER).filter(|_| head.method == Method::POST) else {
        return Ok(None);
    };
    let key = value.as_bytes();
    if key.is_empty() || key.len() > MAX_KEY || !key.iter().all(u8::is_ascii_graphic) {
        return Err(Problem::Malformed(
            "Idempotency-Key must be 1 to 255 printable characters without space".into(),
        ));
    }
    let canonical =
        strict_json::parse(body).map_or_else(|_| body.to_vec(), |value| value.to_string().into_bytes());
    Ok(Some(IdempotencyKey::new(&principal.key(), head.uri.path(), key, &canonical)))
}
