//! Routes of the local runner alone, below `/_local/`: an adjustable clock, the scheduled job and the key rotation on
//! demand, a mailbox, a redirect URI for the code flow, and a way into the console.

use crate::callback;
use crate::console;
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
use shared::app::{AdjustableClock, ManagementState};
use std::error::Error;
use std::sync::Arc;

#[derive(Clone)]
struct DevState {
    management: Arc<ManagementState>,
    clock: Arc<AdjustableClock>,
    job: Arc<Job>,
    rotator: RotationDriver,
    aws_endpoint: String,
}

/// The runner's own routes.
pub fn router(
    management: Arc<ManagementState>,
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
        .route("/_local/console", get(open_console))
        .with_state(DevState { management, clock, job, rotator, aws_endpoint })
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct SetClock {
    now: Timestamp,
}

/// `PUT /_local/clock {"now": "<RFC 3339>"}`: sets the clock, which goes on from there.
async fn set_clock(State(state): State<DevState>, body: String) -> Response {
    match serde_json::from_str::<SetClock>(&body) {
        Ok(SetClock { now }) => {
            state.clock.set(now);
            read_clock(State(state)).await
        }
        Err(error) => {
            let hint = format!("expected {{\"now\": \"2027-01-31T12:00:00Z\"}}: {error}");
            (StatusCode::BAD_REQUEST, Json(json!({ "detail": hint }))).into_response()
        }
    }
}

/// `GET /_local/clock`: the current time of the clock.
async fn read_clock(State(state): State<DevState>) -> Response {
    Json(json!({ "now": state.clock.now() })).into_response()
}

/// `DELETE /_local/clock`: real time again.
async fn reset_clock(State(state): State<DevState>) -> Response {
    state.clock.reset();
    read_clock(State(state)).await
}

/// Time limit of the job, which is longer than any run takes here.
const JOB_TIMEOUT: SignedDuration = SignedDuration::from_mins(15);

/// `POST /_local/expiry-check`: runs the scheduled job now, and returns its summary.
async fn run_job(State(state): State<DevState>) -> Response {
    let deadline = state.clock.now().saturating_add(JOB_TIMEOUT).unwrap_or(Timestamp::MAX);
    // In a task of its own, so that the job continues when the caller disconnects.
    match tokio::spawn(Box::pin(async move { state.job.run(deadline).await })).await {
        Ok(summary) => Json(summary).into_response(),
        Err(error) => {
            (StatusCode::INTERNAL_SERVER_ERROR, Json(json!({ "detail": error.to_string() }))).into_response()
        }
    }
}

/// `POST /_local/rotate-keys`: rotates the signing keys now, and returns the outcome of each step. A body such as
/// `{"emergency": "active", "id": "drill"}` revokes compromised keys, as an operator who invokes the function does.
async fn rotate_keys(State(state): State<DevState>, body: String) -> Response {
    let rejected = |error: &dyn Error| {
        (StatusCode::BAD_REQUEST, Json(json!({ "detail": error.to_string() }))).into_response()
    };
    if body.is_empty() {
        return state
            .rotator
            .rotate()
            .await
            .map_or_else(|error| rejected(&error), |report| Json(report).into_response());
    }
    let event = match serde_json::from_str(&body) {
        Ok(event) => event,
        Err(error) => return rejected(&error),
    };
    match state.rotator.emergency(event).await {
        Ok(outcome) => Json(json!({ "outcome": outcome })).into_response(),
        Err(error) => rejected(&error),
    }
}

/// `GET /_local/callback`: a `redirect_uri` that shows the authorization response.
async fn show_callback(RawQuery(query): RawQuery) -> Response {
    let headers = [
        (header::CONTENT_TYPE, "text/html; charset=utf-8"),
        (header::CONTENT_SECURITY_POLICY, mailbox::CONTENT_SECURITY_POLICY),
    ];
    (headers, callback::page(query.as_deref().unwrap_or_default())).into_response()
}

/// `GET /_local/mailbox`: the emails that the emulator's SES was sent, as a page or, by `Accept`, as JSON.
async fn read_mailbox(State(state): State<DevState>, headers: HeaderMap) -> Response {
    let wants_json = headers
        .get(header::ACCEPT)
        .and_then(|value| value.to_str().ok())
        .is_some_and(|accept| accept.contains("application/json"));
    match mailbox::read(&state.aws_endpoint).await {
        Ok(messages) if wants_json => Json(json!({ "items": messages })).into_response(),
        Ok(messages) => {
            let headers = [
                (header::CONTENT_TYPE, "text/html; charset=utf-8"),
                (header::CONTENT_SECURITY_POLICY, mailbox::CONTENT_SECURITY_POLICY),
            ];
            (headers, mailbox::page(&messages)).into_response()
        }
        Err(error) => (StatusCode::BAD_GATEWAY, Json(json!({ "detail": error.to_string() }))).into_response(),
    }
}

/// `GET /_local/console?as=operator`: signs this browser in to the console, by a new session at each visit.
async fn open_console(State(state): State<DevState>, RawQuery(query): RawQuery) -> Response {
    let as_operator = query.as_deref() == Some("as=operator");
    match &state.management.app.config.mail {
        Some(mail) => console::open(&state.management, &mail.operator, as_operator, state.clock.now()).await,
        None => StatusCode::NOT_FOUND.into_response(),
    }
}
