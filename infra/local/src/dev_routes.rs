//! What only the local runner has, below `/_local/`: a clock that can be moved, the scheduled job and the
//! rotation of the keys on demand, a mailbox, and a place for the code flow to come back to.

use crate::callback;
use crate::mailbox;
use crate::rotation::RotationDriver;
use axum::extract::{RawQuery, State};
use axum::response::{IntoResponse, Response};
use axum::routing::{get, post, put};
use axum::{Json, Router};
use expiry::Job;
use http::{HeaderMap, StatusCode, header};
use jiff::{SignedDuration, Timestamp};
use serde::Deserialize;
use serde_json::json;
use shared::app::AdjustableClock;
use std::sync::Arc;

#[derive(Clone)]
struct DevState {
    clock: Arc<AdjustableClock>,
    job: Arc<Job>,
    rotator: RotationDriver,
    aws_endpoint: String,
}

/// The runner's own routes.
pub fn router(
    clock: Arc<AdjustableClock>,
    job: Arc<Job>,
    rotator: RotationDriver,
    aws_endpoint: String,
) -> Router {
    Router::new()
        .route("/_local/clock", put(set_clock).get(read_clock).delete(reset_clock))
        .route("/_local/mailbox", get(read_mailbox))
        .route("/_local/callback", get(show_callback))
        .route("/_local/expiry-check", post(run_job))
        .route("/_local/rotate-keys", post(rotate_keys))
        .with_state(DevState { clock, job, rotator, aws_endpoint })
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct SetClock {
    now: Timestamp,
}

/// `PUT /_local/clock {"now": "<RFC 3339>"}`: it ticks on from there.
async fn set_clock(State(local): State<DevState>, body: String) -> Response {
    match serde_json::from_str::<SetClock>(&body) {
        Ok(SetClock { now }) => {
            local.clock.set(now);
            read_clock(State(local)).await
        }
        Err(error) => {
            let hint = format!("expected {{\"now\": \"2027-01-31T12:00:00Z\"}}: {error}");
            (StatusCode::BAD_REQUEST, Json(json!({ "detail": hint }))).into_response()
        }
    }
}

/// `GET /_local/clock`
async fn read_clock(State(local): State<DevState>) -> Response {
    Json(json!({ "now": local.clock.now() })).into_response()
}

/// `DELETE /_local/clock`: real time again.
async fn reset_clock(State(local): State<DevState>) -> Response {
    local.clock.reset();
    read_clock(State(local)).await
}

/// How long the job may run here: longer than anybody waits.
const JOB_TIMEOUT: SignedDuration = SignedDuration::from_mins(15);

/// `POST /_local/expiry-check`: runs the scheduled job now, and answers its summary.
async fn run_job(State(local): State<DevState>) -> Response {
    let deadline = local.clock.now().saturating_add(JOB_TIMEOUT).unwrap_or(Timestamp::MAX);
    // On a task of its own: the job goes on when the caller hangs up.
    match tokio::spawn(Box::pin(async move { local.job.run(deadline).await })).await {
        Ok(summary) => Json(summary).into_response(),
        Err(error) => {
            (StatusCode::INTERNAL_SERVER_ERROR, Json(json!({ "detail": error.to_string() }))).into_response()
        }
    }
}

/// `POST /_local/rotate-keys`: rotates the signing keys now, and answers what each step did; with a body
/// such as `{"emergency": "active", "id": "drill"}`, what an operator would invoke the function with.
async fn rotate_keys(State(local): State<DevState>, body: String) -> Response {
    let done = if body.is_empty() {
        local.rotator.rotate().await.map(|rotated| json!(rotated))
    } else {
        match serde_json::from_str(&body) {
            Ok(event) => match local.rotator.emergency(event).await {
                Ok(outcome) => Ok(json!({ "outcome": outcome })),
                Err(error) => Err(error.to_string()),
            },
            Err(error) => Err(error.to_string()),
        }
    };
    match done {
        Ok(summary) => Json(summary).into_response(),
        Err(error) => (StatusCode::BAD_REQUEST, Json(json!({ "detail": error }))).into_response(),
    }
}

/// `GET /_local/callback`: a `redirect_uri` that shows what came back.
async fn show_callback(RawQuery(query): RawQuery) -> Response {
    let headers = [
        (header::CONTENT_TYPE, "text/html; charset=utf-8"),
        (header::CONTENT_SECURITY_POLICY, mailbox::CONTENT_SECURITY_POLICY),
    ];
    (headers, callback::page(query.as_deref().unwrap_or_default())).into_response()
}

/// `GET /_local/mailbox`: what SES was given, as a page or, by `Accept`, as JSON.
async fn read_mailbox(State(local): State<DevState>, headers: HeaderMap) -> Response {
    let wants_json = headers
        .get(header::ACCEPT)
        .and_then(|value| value.to_str().ok())
        .is_some_and(|accept| accept.contains("application/json"));
    match mailbox::read(&local.aws_endpoint).await {
        Ok(messages) if wants_json => Json(json!({ "items": messages })).into_response(),
        Ok(messages) => {
            let headers = [
                (header::CONTENT_TYPE, "text/html; charset=utf-8"),
                (header::CONTENT_SECURITY_POLICY, mailbox::CONTENT_SECURITY_POLICY),
            ];
            (headers, mailbox::page(&messages)).into_response()
        }
        Err(error) => (StatusCode::BAD_GATEWAY, Json(json!({ "detail": error }))).into_response(),
    }
}
