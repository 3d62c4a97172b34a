//! One log event per request: method, route, caller and outcome. Never a body, a header or a query.

use crate::problem::LogContext;
use axum::extract::{MatchedPath, Request};
use axum::middleware::Next;
use axum::response::Response;
use tracing::Instrument;
use tracing::field::Empty;

/// Logs a request after its response. [`crate::request_context`] adds the caller to the span.
pub async fn log(request: Request, next: Next) -> Response {
    let method = request.method().as_str().to_owned();
    let route = request.extensions().get::<MatchedPath>().map_or("none", MatchedPath::as_str).to_owned();
    let span = tracing::info_span!("request", client_id = Empty, account_id = Empty);
    async move {
        let response = next.run(request).await;
        let status = response.status().as_u16();
        match response.extensions().get::<LogContext>() {
            None => tracing::info!(method, route, status, "done"),
            Some(LogContext { code, cause }) if status >= 500 => {
                tracing::error!(method, route, status, code, cause, "failed");
            }
            Some(LogContext { code, cause }) => {
                tracing::info!(method, route, status, code, cause, "refused");
            }
        }
        response
    }
    .instrument(span)
    .await
}
