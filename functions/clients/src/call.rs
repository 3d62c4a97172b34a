//! One call of the management API: who calls, when, from where, and what they sent.

use crate::caller::{self, Caller};
use crate::conditional::IfMatch;
use crate::idempotency;
use crate::problem::Problem;
use axum::body::to_bytes;
use axum::extract::{FromRequest, Request};
use bytes::Bytes;
use http::{HeaderMap, header};
use jiff::Timestamp;
use shared::adapters::store::{Mandate, RecognisedRequest};
use shared::assembly::Management;
use shared::domain::audit::Actor;
use shared::domain::ids::AccountId;
use shared::domain::management::ManagementScope;
use shared::wire::source::SourceAddress;
use std::sync::Arc;

/// The longest body that is read, in bytes.
const MAX_BODY: usize = 64 * 1024;

/// An authenticated call whose body was read.
pub struct Call {
    /// Who calls.
    pub caller: Caller,
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
    source: Option<SourceAddress>,
    request: Option<RecognisedRequest>,
}

impl FromRequest<Arc<Management>> for Call {
    type Rejection = Problem;

    async fn from_request(request: Request, management: &Arc<Management>) -> Result<Self, Problem> {
        let now = management.app.clock.now();
        let (head, body) = request.into_parts();
        let caller = caller::authenticate(&management.app, &head.headers, now).await?;
        let span = tracing::Span::current();
        span.record("client_id", caller.client.client_id.as_str());
        span.record("account_id", caller.client.account_id.as_str());
        let body = to_bytes(body, MAX_BODY).await.map_err(|_| Problem::BodyTooLarge)?;
        let request = idempotency::recognise(&head, &caller, &body)?;
        Ok(Self {
            caller,
            now,
            if_match: IfMatch::from_headers(&head.headers),
            query: head.uri.query().unwrap_or_default().to_owned(),
            path: head.uri.path().to_owned(),
            is_json: is_json(&head.headers),
            source: head.extensions.get::<SourceAddress>().copied(),
            body,
            request,
        })
    }
}

fn is_json(headers: &HeaderMap) -> bool {
    let essence = headers.get(header::CONTENT_TYPE).and_then(|value| value.to_str().ok()?.split(';').next());
    essence.is_some_and(|essence| essence.trim().eq_ignore_ascii_case("application/json"))
}

impl Call {
    /// The body, if it is said to be JSON.
    pub fn json(&self) -> Result<&[u8], Problem> {
        if self.is_json { Ok(&self.body) } else { Err(Problem::NotJson) }
    }

    /// The body as JSON, or an empty object where there is none.
    pub fn optional_json(&self) -> Result<&[u8], Problem> {
        if self.body.is_empty() { Ok(b"{}") } else { self.json() }
    }

    /// What changes are recorded under.
    pub fn mandate(&self) -> Mandate {
        Mandate {
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
    pub fn recognised(&self) -> Option<&RecognisedRequest> {
        self.request.as_ref()
    }

    /// Lets only holders of the scope go on, and only into an account of theirs.
    pub fn enter(&self, scope: ManagementScope, account_path: &str) -> Result<AccountId, Problem> {
        self.caller.require(scope)?;
        self.caller.account(account_path)
    }

    /// The same; another's account must be there too, which one's own always is.
    pub async fn enter_existing(
        &self,
        management: &Management,
        scope: ManagementScope,
        account_path: &str,
    ) -> Result<AccountId, Problem> {
        let account = self.enter(scope, account_path)?;
        let own = account == self.caller.client.account_id;
        if own || management.app.store.load_account(&account).await?.is_some() {
            Ok(account)
        } else {
            Err(Problem::NotFound)
        }
    }
}
