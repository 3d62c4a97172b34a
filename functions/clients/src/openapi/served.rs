//! `GET /openapi.json`: compressed, and not sent again to a caller that has it.

use axum::Router;
use axum::body::Body;
use axum::response::Response;
use axum::routing::get;
use flate2::Compression;
use flate2::write::GzEncoder;
use headers::{ETag, HeaderMapExt, IfNoneMatch};
use http::{HeaderMap, HeaderValue, StatusCode, header};
use shared::adapters::crypto::digest::sha256_hex;
use shared::app::ManagementState;
use std::io::Write;
use std::sync::{Arc, LazyLock};

/// The document of all functions. It is generated from the handlers and their types, and committed: a test compares.
const DOCUMENT: &str = include_str!("../../../../infra/openapi.json");

/// How long a cache may keep it.
const CACHE_CONTROL: HeaderValue = HeaderValue::from_static("public, max-age=3600");

/// One representation of the document.
struct Representation {
    body: Vec<u8>,
    etag: ETag,
    encoding: Option<HeaderValue>,
}

static PLAIN: LazyLock<Representation> =
    LazyLock::new(|| Representation { body: DOCUMENT.into(), etag: etag("plain"), encoding: None });

static GZIP: LazyLock<Representation> = LazyLock::new(|| Representation {
    body: gzip(DOCUMENT.as_bytes()),
    etag: etag("gzip"),
    encoding: Some(HeaderValue::from_static("gzip")),
});

/// Serves the document.
pub fn route() -> Router<Arc<ManagementState>> {
    Router::new().route("/openapi.json", get(async |headers: HeaderMap| respond(&headers)))
}

fn respond(request: &HeaderMap) -> Response {
    let representation: &Representation = if accepts_gzip(request) { &GZIP } else { &PLAIN };
    let is_known = request
        .typed_get::<IfNoneMatch>()
        .is_some_and(|known| !known.precondition_passes(&representation.etag));
    let mut response = if is_known {
        let mut response = Response::new(Body::empty());
        *response.status_mut() = StatusCode::NOT_MODIFIED;
        response
    } else {
        let mut response = Response::new(Body::from(representation.body.clone()));
        let headers = response.headers_mut();
        headers.insert(header::CONTENT_TYPE, HeaderValue::from_static("application/json"));
        headers.extend(representation.encoding.iter().map(|gzip| (header::CONTENT_ENCODING, gzip.clone())));
        response
    };
    let headers = response.headers_mut();
    headers.typed_insert(representation.etag.clone());
    headers.insert(header::CACHE_CONTROL, CACHE_CONTROL);
    headers.insert(header::VARY, HeaderValue::from_static("Accept-Encoding"));
    response
}

/// Strong, and another one for each representation (RFC 9110 §8.8.3.3).
fn etag(representation: &str) -> ETag {
    let digest = sha256_hex(&[representation.as_bytes(), DOCUMENT.as_bytes()]);
    format!("\"{}\"", &digest[..32]).parse().unwrap_or_else(|_| unreachable!("hexadecimal digits in quotes"))
}

fn gzip(bytes: &[u8]) -> Vec<u8> {
    let mut encoder = GzEncoder::new(Vec::new(), Compression::best());
    let written = encoder.write_all(bytes).and_then(|()| encoder.finish());
    written.unwrap_or_else(|error| unreachable!("writing to memory: {error}"))
}

/// Whether gzip is acceptable (RFC 9110 §12.5.3): named, and not with a weight of zero.
fn accepts_gzip(headers: &HeaderMap) -> bool {
    let lines = headers.get_all(header::ACCEPT_ENCODING).iter().filter_map(|value| value.to_str().ok());
    lines.flat_map(|line| line.split(',')).any(|coding| {
        let mut parts = coding.split(';').map(str::trim);
        let named = parts.next().is_some_and(|name| name.eq_ignore_ascii_case("gzip"));
        let weight = parts.find_map(|part| part.strip_prefix("q=")?.parse::<f32>().ok());
        named && weight.unwrap_or(1.0) > 0.0
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn gzip_is_used_where_it_is_named() {
        for (value, expected) in [
            ("gzip", true),
            ("deflate, GZIP;q=0.5", true),
            ("br, gzip ; q=1.0", true),
            ("gzip;q=0", false),
            ("gzip; q=0.000", false),
            ("deflate, br", false),
            ("", false),
            ("gzipped", false),
        ] {
            let mut headers = HeaderMap::new();
            headers.insert(header::ACCEPT_ENCODING, HeaderValue::from_static(value));
            assert_eq!(accepts_gzip(&headers), expected, "{value}");
        }
        assert!(!accepts_gzip(&HeaderMap::new()));
    }
}
