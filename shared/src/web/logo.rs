//! The operator's logo in the browser.

use crate::domain::brand::logo::LogoImage;
use http::{HeaderValue, Response, StatusCode, header};

/// Path of the logo.
pub const PATH: &str = "/oauth/authorize/logo";

/// Policy of the logo where it is opened by itself: an SVG is a document then. It runs no script and loads nothing.
const POLICY: &str = "default-src 'none'; style-src 'unsafe-inline'; sandbox; frame-ancestors 'none'";

/// URL of the logo on a page. It differs with each version, so that browsers show a new logo at once.
#[must_use]
pub fn url(logo: &LogoImage) -> String {
    format!("{PATH}?v={}", logo.version)
}

/// The logo, or a 404. Browsers keep it.
#[must_use]
pub fn response<B: From<Vec<u8>>>(logo: Option<&LogoImage>) -> Response<B> {
    let mut response = Response::new(B::from(logo.map(|logo| logo.bytes.clone()).unwrap_or_default()));
    let headers = response.headers_mut();
    headers.insert(header::CONTENT_SECURITY_POLICY, HeaderValue::from_static(POLICY));
    headers.insert(header::X_CONTENT_TYPE_OPTIONS, HeaderValue::from_static("nosniff"));
    headers.insert("cross-origin-resource-policy", HeaderValue::from_static("same-origin"));
    let kept = if logo.is_some() { "public, max-age=3600" } else { "no-store" };
    headers.insert(header::CACHE_CONTROL, HeaderValue::from_static(kept));
    match logo {
        Some(logo) => {
            headers.insert(header::CONTENT_TYPE, HeaderValue::from_static(logo.format.media_type()));
        }
        None => *response.status_mut() = StatusCode::NOT_FOUND,
    }
    response
}
