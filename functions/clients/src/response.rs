//! Successful responses. No cache may store them.

use crate::preconditions::etag;
use axum::body::Body;
use axum::response::Response;
use headers::HeaderMapExt;
use http::{HeaderValue, StatusCode, header};
use serde::Serialize;

/// JSON with a status.
pub fn json(status: StatusCode, body: &impl Serialize) -> Response {
    let mut response = Response::new(Body::from(serde_json::to_vec(body).unwrap_or_default()));
    *response.status_mut() = status;
    let headers = response.headers_mut();
    headers.insert(header::CONTENT_TYPE, HeaderValue::from_static("application/json"));
    headers.insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
    response
}

/// A page of a list as CSV, with a link to the next page (RFC 8288).
pub fn csv(body: Vec<u8>, next: Option<&str>) -> Response {
    let mut response = Response::new(Body::from(body));
    let headers = response.headers_mut();
    let media_type = HeaderValue::from_static("text/csv; charset=utf-8; header=present");
    headers.insert(header::CONTENT_TYPE, media_type);
    headers.insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
    let link = next.and_then(|url| HeaderValue::from_str(&format!("<{url}>; rel=\"next\"")).ok());
    if let Some(link) = link {
        headers.insert(header::LINK, link);
    }
    response
}

/// A calendar.
pub fn calendar(body: String) -> Response {
    let mut response = Response::new(Body::from(body));
    let headers = response.headers_mut();
    headers.insert(header::CONTENT_TYPE, HeaderValue::from_static("text/calendar; charset=utf-8"));
    headers.insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
    response
}

/// One item, with its entity tag.
pub fn ok_with_etag(version: u64, body: &impl Serialize) -> Response {
    tagged(json(StatusCode::OK, body), version, body)
}

/// A created item, with its location, and the entity tag that a read of it has.
pub fn created(location: &str, version: Option<u64>, body: &impl Serialize) -> Response {
    created_with_more(location, version, body, body)
}

/// A created item whose response has more than a read of it.
pub fn created_with_more(
    location: &str,
    version: Option<u64>,
    item: &impl Serialize,
    body: &impl Serialize,
) -> Response {
    let mut response = json(StatusCode::CREATED, body);
    if let Ok(value) = HeaderValue::from_str(location) {
        response.headers_mut().insert(header::LOCATION, value);
    }
    match version {
        Some(version) => tagged(response, version, item),
        None => response,
    }
}

/// A response without a body.
pub fn no_content() -> Response {
    let mut response = Response::new(Body::empty());
    *response.status_mut() = StatusCode::NO_CONTENT;
    response.headers_mut().insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
    response
}

fn tagged(mut response: Response, version: u64, item: &impl Serialize) -> Response {
    if let Some(tag) = etag(version, &serde_json::to_vec(item).unwrap_or_default()) {
        response.headers_mut().typed_insert(tag);
    }
    response
}
