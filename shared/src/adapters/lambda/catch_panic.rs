//! A request whose handler panics is answered with 500, and the process continues.

use bytes::Bytes;
use http::{HeaderValue, Response, StatusCode, header};
use http_body_util::Full;
use serde_json::json;
use std::any::Any;
use std::panic::PanicHookInfo;
use tower_http::catch_panic::CatchPanicLayer;

/// Makes the response to a request whose handler panicked. The panic itself is logged by [`log_panic`].
type PanicHandler = fn(Box<dyn Any + Send>) -> Response<Full<Bytes>>;

/// The layer around every router, in Lambda and in the local runner.
#[must_use]
pub fn catch_panic_layer() -> CatchPanicLayer<PanicHandler> {
    CatchPanicLayer::custom(server_error as PanicHandler)
}

fn server_error(_: Box<dyn Any + Send>) -> Response<Full<Bytes>> {
    let body = json!({ "error": "server_error", "error_description": "an unexpected error occurred" });
    let mut response = Response::new(Full::from(body.to_string()));
    *response.status_mut() = StatusCode::INTERNAL_SERVER_ERROR;
    let headers = response.headers_mut();
    headers.insert(header::CONTENT_TYPE, HeaderValue::from_static("application/json"));
    headers.insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
    response
}

/// Panic hook of the functions: logs where the panic occurred. Its message is not logged, because it may quote a secret:
/// those of slicing a `str` and of `Result::expect` quote the value.
pub fn log_panic(panic: &PanicHookInfo<'_>) {
    let location = panic.location().map(ToString::to_string).unwrap_or_default();
    tracing::error!(location, "panicked");
}
