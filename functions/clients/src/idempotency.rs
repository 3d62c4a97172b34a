//! `Idempotency-Key`: a request that is sent again is not carried out again.

use crate::auth::Principal;
use crate::problem::Problem;
use crate::request_context::RequestContext;
use http::Method;
use http::request::Parts;
use shared::adapters::crypto::digest::sha256_hex;
use shared::adapters::store::{Created, IdempotencyKey};
use shared::app::ManagementState;
use shared::wire::strict_json;

const HEADER: &str = "idempotency-key";
const MAX_KEY: usize = 255;

/// What a repeat of this request can be recognised by. A key belongs to its caller and its path; bodies
/// are compared by what they say, not by how it is written.
pub fn parse_key(head: &Parts, caller: &Principal, body: &[u8]) -> Result<Option<IdempotencyKey>, Problem> {
    let Some(value) = head.headers.get(HEADER).filter(|_| head.method == Method::POST) else {
        return Ok(None);
    };
    let key = value.as_bytes();
    if key.is_empty() || key.len() > MAX_KEY || !key.iter().all(u8::is_ascii_graphic) {
        return Err(Problem::Malformed(
            "Idempotency-Key must be 1 to 255 printable characters without space".into(),
        ));
    }
    let said =
        strict_json::parse(body).map_or_else(|_| body.to_vec(), |value| value.to_string().into_bytes());
    let caller = caller.client.client_id.as_str().as_bytes();
    Ok(Some(IdempotencyKey {
        key_digest: sha256_hex(&[caller, head.uri.path().as_bytes(), key]),
        body_digest: sha256_hex(&[&said]),
    }))
}

/// What came of this request when it was first sent, if it was.
pub async fn find_record(
    management: &ManagementState,
    ctx: &RequestContext,
) -> Result<Option<Created>, Problem> {
    let Some(request) = ctx.idempotency_key() else {
        return Ok(None);
    };
    match management.app.store.find_idempotency_record(&request.key_digest, ctx.now).await? {
        None => Ok(None),
        Some(idempotency_record) if idempotency_record.body_digest == request.body_digest => {
            Ok(Some(idempotency_record.created))
        }
        Some(_) => Err(Problem::IdempotencyKeyReused),
    }
}

/// The same, where the store says that the request was carried out before, perhaps a moment ago.
pub async fn require_record(management: &ManagementState, ctx: &RequestContext) -> Result<Created, Problem> {
    find_record(management, ctx).await?.ok_or(Problem::CONTENTION)
}
