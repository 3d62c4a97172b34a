//! Protection against cross-site requests (CSRF).

use http::{HeaderMap, HeaderValue};

/// Form field that holds the CSRF token.
pub const CSRF_FIELD: &str = "csrf_token";

/// Whether the browser reports (Fetch Metadata, `Origin`) that a page of another origin than `own_origin` sent the request.
///
/// A browser that reports nothing is not rejected: the CSRF token decides. `Origin: null` reports nothing either: our own
/// pages send it, because of their `Referrer-Policy`.
#[must_use]
pub fn is_cross_site(headers: &HeaderMap, own_origin: &str) -> bool {
    let value = |name: &str| headers.get(name).map(HeaderValue::as_bytes);
    let site = value("sec-fetch-site").is_some_and(|site| site != b"same-origin" && site != b"none");
    let origin = value("origin").is_some_and(|origin| origin != b"null" && origin != own_origin.as_bytes());
    site || origin
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_a_report_of_another_origin_is_cross_site() {
        for (name, value, expected) in [
            ("sec-fetch-site", "same-origin", false),
            ("sec-fetch-site", "none", false),
            ("sec-fetch-site", "same-site", true),
            ("sec-fetch-site", "cross-site", true),
            ("origin", "https://id.example", false),
            ("origin", "null", false),
            ("origin", "http://id.example", true),
            ("origin", "https://evil.example", true),
            ("accept", "text/html", false),
        ] {
            let headers = HeaderMap::from_iter([(
                http::HeaderName::from_static(name),
                HeaderValue::from_static(value),
            )]);
            assert_eq!(is_cross_site(&headers, "https://id.example"), expected, "{name}: {value}");
        }
    }
}
