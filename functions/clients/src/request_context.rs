//! One call of the management API: who calls, when, from where, and what they sent.

use crate::auth::{self, Principal};
use crate::idempotency;
use crate::preconditions::IfMatch;
use crate::problem::Problem;
use axum::body::to_bytes;
use axum::extract::{FromRequest, Request};
use bytes::Bytes;
use http::{HeaderMap, header};
use jiff::Timestamp;
use shared::adapters::store::{AuditContext, IdempotencyKey};
use shared::app::ManagementState;
use shared::domain::audit::Actor;
use shared::domain::management::ManagementScope;
use shared::domain::net::client_ip::ClientIp;
use shared::domain::primitives::ids::AccountId;
use std::sync::Arc;

/// The longest body that is read, in bytes.
const MAX_BODY: usize = 64 * 1024;

/// An authenticated call whose body was read.
pub struct RequestContext {
    /// Who calls.
    pub caller: Principal,
    /// When.
    pub now: Timestamp,
    /// `If-Match`.
    pub if_match: IfMatch,
    /// The query of the URL.
    pub query: String,
    /// The path of the URL.
    pub path: String,
    is_json: bool,
    body: Bytes,
    source: Option<ClientIp>,
    request: Option<IdempotencyKey>,
}

impl FromRequest<Arc<ManagementState>> for RequestContext {
    type Rejection = Problem;

    async fn from_request(request: Request, management: &Arc<ManagementState>) -> Result<Self, Problem> {
        let now = management.app.clock.now();
        let (head, body) = request.into_parts();
        let caller = auth::authenticate(&management.app, &head.headers, now).await?;
        let span = tracing::Span::current();
        span.record("client_id", caller.client.client_id.as_str());
        span.record("account_id", caller.client.account_id.as_str());
        let body = to_bytes(body, MAX_BODY).await.map_err(|_| Problem::BodyTooLarge)?;
        let request = idempotency::parse_key(&head, &caller, &body)?;
        Ok(Self {
            caller,
            now,
            if_match: IfMatch::from_headers(&head.headers),
            query: head.uri.query().unwrap_or_default().to_owned(),
            path: head.uri.path().to_owned(),
            is_json: is_json(&head.headers),
            source: head.extensions.get::<ClientIp>().copied(),
            body,
            request,
        })
    }
}

fn is_json(headers: &HeaderMap) -> bool {
    let essence = headers.get(header::CONTENT_TYPE).and_then(|value| value.to_str().ok()?.split(';').next());
    essence.is_some_and(|essence| essence.trim().eq_ignore_ascii_case("application/json"))
}

impl RequestContext {
    /// The body, if it is said to be JSON.
    pub fn json(&self) -> Result<&[u8], Problem> {
        if self.is_json { Ok(&self.body) } else { Err(Problem::UnsupportedMediaType) }
    }

    /// The body as JSON, or an empty object where there is none.
    pub fn optional_json(&self) -> Result<&[u8], Problem> {
        if self.body.is_empty() { Ok(b"{}") } else { self.json() }
    }

    /// What changes are recorded under.
    pub fn audit_context(&self) -> AuditContext {
        AuditContext {
            actor: Actor {
                client_id: self.caller.client.client_id.clone(),
                account_id: self.caller.client.account_id.clone(),
                email: None,
                source_ip: self.source.map(|source| source.0),
            },
            now: self.now,
            request: self.request.clone(),
        }
    }

    /// The request as it can be recognised, if it carried a key.
    pub fn idempotency_key(&self) -> Option<&IdempotencyKey> {
        self.request.as_ref()
    }

    /// Lets only holders of the scope go on, and only into an account of theirs.
    pub fn authorize_account(
        &self,
        scope: ManagementScope,
        path_account: &str,
    ) -> Result<AccountId, Problem> {
        self.caller.require_scope(scope)?;
        self.caller.resolve_account(path_account)
    }

    /// The same; another's account must be there too, which one's own always is.
    pub async fn authorize_existing_account(
        &self,
        management: &ManagementState,
        scope: ManagementScope,
        path_account: &str,
    ) -> Result<AccountId, Problem> {
        let resolve_account = self.authorize_account(scope, path_account)?;
        let own = resolve_account == self.caller.client.account_id;
        if own || management.app.store.load_account(&resolve_account).await?.is_some() {
            Ok(resolve_account)
        } else {
            Err(Problem::NotFound)
        }
    }
}
