//! Cross-origin requests of pages (Fetch Standard §3.2). Nothing behind these routes rests on cookies or on the network that a
//! browser is in, so any origin may read the responses, without credentials.

use http::{HeaderName, Method, header};
use std::time::Duration;
use tower_http::cors::{AllowHeaders, Any, CorsLayer};

/// How long a browser may keep the answer to a preflight. Chromium keeps none longer than this.
const PREFLIGHT_LIFETIME: Duration = Duration::from_hours(2);

/// Lets pages of any origin send requests of this method and read the responses.
pub fn any_origin(method: Method) -> CorsLayer {
    const NO_VARIANTS: [HeaderName; 0] = [];
    CorsLayer::new()
        .allow_origin(Any)
        .allow_methods([method])
        // Names them one by one: `*` does not include `Authorization`.
        .allow_headers(AllowHeaders::mirror_request())
        .expose_headers([header::RETRY_AFTER, header::WWW_AUTHENTICATE])
        .max_age(PREFLIGHT_LIFETIME)
        // The response to a GET or POST is the same for every origin, and caches keep no response to OPTIONS.
        .vary(NO_VARIANTS)
}
