//! An authenticated request to the management API.

use crate::auth;
use crate::idempotency;
use crate::json_body::{self, pointer_token};
use crate::preconditions::Preconditions;
use crate::problem::Problem;
use axum::body::to_bytes;
use axum::extract::{FromRequest, Request};
use bytes::Bytes;
use http::{HeaderMap, Method, header};
use jiff::Timestamp;
use shared::app::ManagementState;
use shared::domain::net::client_ip::ClientIp;
use shared::domain::primitives::ids::ClientId;
use shared::domain::primitives::validation::FieldError;
use shared::services::audit::AuditContext;
use shared::services::context::ManagementContext;
use shared::services::principal::Principal;
use shared::wire::params::without_byte_order_mark;
use std::collections::BTreeSet;
use std::sync::Arc;

/// The longest body, in bytes.
const MAX_BODY: usize = 64 * 1024;
/// The longest document of the whole catalogue, in bytes: all resources and templates.
const MAX_CATALOGUE_BODY: usize = 4 * 1024 * 1024;

const CATALOGUE: &str = "/v1/catalogue";

/// An authenticated request with its body.
pub struct RequestContext {
    /// The time of the request.
    pub now: Timestamp,
    /// `If-Match` and `If-None-Match`.
    pub if_match: Preconditions,
    /// The query of the URL.
    pub query: String,
    /// The path of the URL.
    pub path: String,
    /// `Accept`; empty if it is absent.
    pub accept: String,
    /// Whether the caller prefers that what looks like a mistake is refused (`Prefer: handling=strict`, RFC 7240 §4.4).
    pub is_strict: bool,
    principal: Principal,
    audit_context: AuditContext,
    is_json: bool,
    body: Bytes,
}

impl FromRequest<Arc<ManagementState>> for RequestContext {
    type Rejection = Problem;

    async fn from_request(request: Request, state: &Arc<ManagementState>) -> Result<Self, Problem> {
        let now = state.app.clock.now();
        let (head, body) = request.into_parts();
        let source_ip = head.extensions.get::<ClientIp>().map(|source| source.0);
        let principal = auth::authenticate(state, &head.headers, source_ip, now).await?;
        let actor = principal.actor(source_ip)?;
        let span = tracing::Span::current();
        span.record("client_id", actor.client_id.as_ref().map(ClientId::as_str));
        span.record("account_id", actor.account_id.as_str());
        reject_repeated(head.uri.query().unwrap_or_default())?;
        let max_body = if head.uri.path() == CATALOGUE { MAX_CATALOGUE_BODY } else { MAX_BODY };
        let body = to_bytes(body, max_body).await.map_err(|_| Problem::BodyTooLarge)?;
        let body = body.slice_ref(without_byte_order_mark(&body));
        let request = idempotency::parse_key(&head, &principal, &body)?;
        Ok(Self {
            now,
            if_match: Preconditions::from_headers(&head.headers),
            query: head.uri.query().unwrap_or_default().to_owned(),
            path: head.uri.path().to_owned(),
            accept: accepted(&head.headers),
            is_strict: is_strict(&head.headers),
            principal,
            audit_context: AuditContext { actor, now, request },
            is_json: is_json(&head.method, &head.headers),
            body,
        })
    }
}

fn accepted(headers: &HeaderMap) -> String {
    let values = headers.get_all(header::ACCEPT).iter().filter_map(|value| value.to_str().ok());
    values.collect::<Vec<_>>().join(",")
}

/// Whether one of the preferences is `handling=strict` (RFC 7240 §2). Others are ignored.
fn is_strict(headers: &HeaderMap) -> bool {
    let values = headers.get_all("prefer").iter().filter_map(|value| value.to_str().ok());
    let preferences = values.flat_map(|value| value.split(','));
    let names = preferences.map(|preference| preference.split(';').next().unwrap_or_default());
    names.filter_map(|preference| preference.split_once('=')).any(|(name, value)| {
        name.trim().eq_ignore_ascii_case("handling") && value.trim().trim_matches('"') == "strict"
    })
}

/// Whether the body is JSON. A `PATCH` may say that it is a merge patch (RFC 7396 §4), which it always is.
fn is_json(method: &Method, headers: &HeaderMap) -> bool {
    let essence = headers.get(header::CONTENT_TYPE).and_then(|value| value.to_str().ok()?.split(';').next());
    let is = |name: &str| essence.is_some_and(|essence| essence.trim().eq_ignore_ascii_case(name));
    is("application/json") || (method == Method::PATCH && is("application/merge-patch+json"))
}

/// Fails if a parameter of the query stands there more than once: programs differ in which one they read.
fn reject_repeated(query: &str) -> Result<(), Problem> {
    let mut seen = BTreeSet::new();
    let names = form_urlencoded::parse(query.as_bytes()).map(|(name, _)| name);
    let repeated: BTreeSet<_> = names.filter(|name| !seen.insert(name.clone())).collect();
    let errors = repeated.iter().map(|name| FieldError::new(pointer_token(name), "is there more than once"));
    let errors: Vec<_> = errors.collect();
    if errors.is_empty() { Ok(()) } else { Err(Problem::Invalid(errors)) }
}

impl RequestContext {
    /// What the services need of the request.
    pub fn management<'a>(&'a self, state: &'a ManagementState) -> ManagementContext<'a> {
        ManagementContext {
            principal: &self.principal,
            audit_context: &self.audit_context,
            backend: state.backend(),
        }
    }

    /// The caller.
    pub fn principal(&self) -> &Principal {
        &self.principal
    }

    /// The body, if its media type is JSON.
    pub fn json(&self) -> Result<&[u8], Problem> {
        if self.is_json { Ok(&self.body) } else { Err(Problem::UnsupportedMediaType) }
    }

    /// The body, whatever its media type.
    pub fn bytes(&self) -> &[u8] {
        &self.body
    }

    /// The body as JSON, or an empty object if there is none.
    pub fn optional_json(&self) -> Result<&[u8], Problem> {
        if self.body.is_empty() { Ok(b"{}") } else { self.json() }
    }

    /// Fails if the body has members: the request knows none.
    pub fn no_members(&self) -> Result<(), Problem> {
        json_body::read_empty(self.optional_json()?)
    }
}
