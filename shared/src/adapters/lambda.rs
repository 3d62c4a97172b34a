//! Serving a router in AWS Lambda, behind an API Gateway HTTP API (payload format 2.0).

use crate::wire::source::SourceAddress;
use http::{Request, Response};
use jiff::Timestamp;
use lambda_http::request::RequestContext;
use lambda_http::{Body, Error, LambdaEvent, RequestExt, service_fn};
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

/// Answers events until Lambda ends the environment. The handler is given the event and the instant at which
/// Lambda would end the invocation; its error is the invocation's.
pub async fn run_events<T: serde::Serialize, E: Into<Error>>(
    handle: impl AsyncFn(serde_json::Value, Timestamp) -> Result<T, E>,
) -> Result<(), Error> {
    let run = async |event: LambdaEvent<serde_json::Value>| -> Result<T, Error> {
        let deadline = i64::try_from(event.context.deadline).unwrap_or(i64::MAX);
        handle(event.payload, Timestamp::from_millisecond(deadline)?).await.map_err(Into::into)
    };
    lambda_http::lambda_runtime::run(service_fn(run)).await
}

/// Runs a scheduled job until Lambda ends the environment. It is given the instant at which Lambda would
/// end it; what it returns is the invocation's answer.
pub async fn run_scheduled<T: serde::Serialize>(job: impl AsyncFn(Timestamp) -> T) -> Result<(), Error> {
    run_events(async |_, deadline| Ok::<_, Error>(job(deadline).await)).await
}
