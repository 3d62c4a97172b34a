//! Serving a router in AWS Lambda, behind an API Gateway HTTP API (payload format 2.0).

use crate::wire::source::SourceAddress;
use http::{Request, Response};
use lambda_http::request::RequestContext;
use lambda_http::{Body, Error, RequestExt};
use std::net::IpAddr;
use tower::{Service, ServiceExt};

/// Runs the service until Lambda ends the environment.
///
/// The address of the caller is API Gateway's, from the request context: a header can be made up.
pub async fn serve<S, B>(service: S) -> Result<(), Error>
where
    S: Service<Request<Body>, Response = Response<B>, Error = std::convert::Infallible>
        + Clone
        + Send
        + 'static,
    S::Future: Send + 'static,
    Response<B>: lambda_http::IntoResponse,
    B: Send + 'static,
{
    lambda_http::run(service.map_request(|mut request: Request<Body>| {
        if let Some(address) = source_ip(&request) {
            request.extensions_mut().insert(SourceAddress(address));
        }
        request
    }))
    .await
}

fn source_ip(request: &Request<Body>) -> Option<IpAddr> {
    match request.request_context_ref()? {
        RequestContext::ApiGatewayV2(context) => context.http.source_ip.as_deref()?.parse().ok(),
        _ => None,
    }
}
