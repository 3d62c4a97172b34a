//! What every function behind the API does with every request and response, whatever its routes are.

use crate::adapters::lambda::catch_panic::catch_panic_layer;
use bytes::Bytes;
use http::uri::PathAndQuery;
use http::{HeaderMap, HeaderName, HeaderValue, Request, Response, Uri, header};
use std::convert::Infallible;
use tower::{BoxError, Layer, Service, ServiceExt};
use tower_http::body::UnsyncBoxBody;

/// Puts the behaviour common to all functions around a router, in Lambda and in the local runner: one slash at the end of
/// the path is ignored, a request whose handler panics is a 500, and every response has the headers of
/// [`add_common_headers`].
pub fn http_service<S, I, O>(
    service: S,
) -> impl Service<
    Request<I>,
    Response = Response<UnsyncBoxBody<Bytes, BoxError>>,
    Error = Infallible,
    Future: Send,
> + Clone
where
    S: Service<Request<I>, Response = Response<O>, Error = Infallible> + Clone + Send + 'static,
    S::Future: Send + 'static,
    I: Send + 'static,
    O: http_body::Body<Data = Bytes> + Send + 'static,
    O::Error: Into<BoxError>,
{
    catch_panic_layer().layer(service).map_request(ignore_trailing_slash).map_response(
        |mut response: Response<_>| {
            add_common_headers(response.headers_mut());
            response
        },
    )
}

/// Adds the headers of every response: no plain HTTP for a year (RFC 6797), the media type is the one that is declared,
/// and no search engine lists it. API Gateway adds none of them.
pub fn add_common_headers(headers: &mut HeaderMap) {
    const HEADERS: [(HeaderName, &str); 3] = [
        (header::STRICT_TRANSPORT_SECURITY, "max-age=31536000"),
        (header::X_CONTENT_TYPE_OPTIONS, "nosniff"),
        (HeaderName::from_static("x-robots-tag"), "noindex"),
    ];
    for (name, value) in HEADERS {
        headers.insert(name, HeaderValue::from_static(value));
    }
}

/// `/path/` is the same route as `/path`, without a redirect, which would make a POST a GET. Two slashes are another path.
fn ignore_trailing_slash<B>(mut request: Request<B>) -> Request<B> {
    if let Some(uri) = without_trailing_slash(request.uri()) {
        *request.uri_mut() = uri;
    }
    request
}

fn without_trailing_slash(uri: &Uri) -> Option<Uri> {
    let path = uri.path().strip_suffix('/').filter(|path| !path.is_empty() && !path.ends_with('/'))?;
    let target = uri.query().map_or_else(|| path.to_owned(), |query| format!("{path}?{query}"));
    let mut parts = uri.clone().into_parts();
    parts.path_and_query = Some(PathAndQuery::try_from(target).ok()?);
    Uri::from_parts(parts).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_trailing_slash_is_ignored() {
        for (target, expected) in [
            ("/oauth/token/", Some("/oauth/token")),
            ("/oauth/token/?a=b%2F", Some("/oauth/token?a=b%2F")),
            ("/oauth/token/?", Some("/oauth/token?")),
            ("https://id.example.com/v1/accounts/", Some("https://id.example.com/v1/accounts")),
            ("/v1/a%2F/", Some("/v1/a%2F")),
            ("/", None),
            ("/?a=b/", None),
            ("//", None),
            ("/oauth/token//", None),
            ("/oauth/token", None),
            ("/oauth/token?a=/", None),
        ] {
            let uri: Uri = target.parse().expect("a URI");
            assert_eq!(
                without_trailing_slash(&uri).map(|uri| uri.to_string()).as_deref(),
                expected,
                "{target}"
            );
        }
    }
}
