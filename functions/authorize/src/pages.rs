//! What a browser is shown.

use http::StatusCode;

/// Nobody can sign in yet.
pub async fn not_yet() -> StatusCode {
    StatusCode::SERVICE_UNAVAILABLE
}
