//! Serving a router in AWS Lambda, behind an API Gateway HTTP API (payload format 2.0).

pub mod catch_panic;
pub mod custom_resource;
pub mod deadline;
mod event;
pub mod http_service;
mod origin;

pub use event::{EventRejection, parse_event};
pub use origin::{InvalidOriginSecrets, OriginRejectReason, OriginSecrets};

use crate::adapters::lambda::http_service::http_service;
use crate::domain::net::client_ip::ClientIp;
use bytes::Bytes;
use http::{HeaderName, Request, Response, header};
use jiff::Timestamp;
use lambda_http::aws_lambda_events::apigw::ApiGatewayV2httpResponse;
use lambda_http::request::LambdaRequest;
use lambda_http::{Adapter, Body, Error, LambdaEvent, service_fn};
use serde::Serialize;
use serde_json::value::RawValue;
use std::convert::Infallible;
use std::net::IpAddr;
use std::sync::Arc;
use tower::{Service, ServiceExt};

/// Runs the service until Lambda ends the environment. Each event goes through [`handle_event`].
pub async fn serve<S, B>(service: S, origin_secrets: Option<Arc<OriginSecrets>>) -> Result<(), Error>
where
    S: Service<Request<Body>, Response = Response<B>, Error = Infallible> + Clone + Send + 'static,
    S::Future: Send + 'static,
    B: http_body::Body<Data = Bytes> + Send + 'static,
    B::Error: Into<Error>,
{
    lambda_http::lambda_runtime::run(service_fn(|event| {
        handle_event(service.clone(), origin_secrets.clone(), event)
    }))
    .await
}

/// Response to an event, as API Gateway reads it.
#[derive(Serialize)]
#[serde(untagged)]
enum EventResponse<R> {
    Routed(R),
    Rejected(Box<ApiGatewayV2httpResponse>),
}

/// Sends one event through the service and returns the response for API Gateway. An event that is not a valid HTTP
/// request is a 400, and a request whose handler panics is a 500: neither is an error of the invocation.
///
/// With `origin_secrets`, a request that did not come through the edge is a 403, and the client address is the viewer's.
/// Without, it is the one in API Gateway's request context, since a client can send any header.
pub async fn handle_event<S, B>(
    service: S,
    origin_secrets: Option<Arc<OriginSecrets>>,
    event: LambdaEvent<Box<RawValue>>,
) -> Result<impl Serialize, Infallible>
where
    S: Service<Request<Body>, Response = Response<B>, Error = Infallible> + Clone + Send + 'static,
    S::Future: Send + 'static,
    B: http_body::Body<Data = Bytes> + Send + 'static,
    B::Error: Into<Error>,
{
    let LambdaEvent { payload, context } = event;
    let request = match parse_event(payload.get()) {
        Ok(request) => request,
        Err(rejection) => {
            tracing::info!(reason = %rejection, "event rejected");
            return Ok(EventResponse::Rejected(Box::new(rejection.into())));
        }
    };
    let client_ip = match client_ip(&request, origin_secrets.as_deref()) {
        Ok(client_ip) => client_ip,
        Err(reason) => {
            tracing::info!(%reason, "request not from the edge");
            return Ok(EventResponse::Rejected(Box::new(reason.into())));
        }
    };
    let service = http_service(service).map_request(move |mut request: Request<Body>| {
        if let Some(client_ip) = client_ip {
            request.extensions_mut().insert(client_ip);
        }
        request
    });
    let service = service.map_response(repeat_challenge);
    let response = Adapter::from(service).oneshot(LambdaEvent::new(request, context)).await?;
    Ok(EventResponse::Routed(response))
}

/// API Gateway may rename the header `WWW-Authenticate` of a function's response. Its value is repeated under a name that
/// the integration maps back, in `infra/template.yaml`.
fn repeat_challenge<B>(mut response: Response<B>) -> Response<B> {
    const REPEATED: HeaderName = HeaderName::from_static("x-latchkey-challenge");
    if let Some(challenge) = response.headers().get(header::WWW_AUTHENTICATE).cloned() {
        response.headers_mut().insert(REPEATED, challenge);
    }
    response
}

fn client_ip(
    request: &LambdaRequest,
    origin_secrets: Option<&OriginSecrets>,
) -> Result<Option<ClientIp>, OriginRejectReason> {
    let LambdaRequest::ApiGatewayV2(event) = request else { return Ok(None) };
    if let Some(secrets) = origin_secrets {
        return secrets.viewer_address(&event.headers).map(|address| Some(ClientIp(address)));
    }
    let source: Option<IpAddr> =
        event.request_context.http.source_ip.as_deref().and_then(|ip| ip.parse().ok());
    Ok(source.map(ClientIp))
}

/// Handles events until Lambda ends the environment. The handler receives the event and the instant at which Lambda
/// ends the invocation; its error is the invocation's.
pub async fn run_events<T: serde::Serialize, E: Into<Error>>(
    handle: impl AsyncFn(serde_json::Value, Timestamp) -> Result<T, E>,
) -> Result<(), Error> {
    let run = async |event: LambdaEvent<serde_json::Value>| -> Result<T, Error> {
        let deadline = i64::try_from(event.context.deadline).unwrap_or(i64::MAX);
        handle(event.payload, Timestamp::from_millisecond(deadline)?).await.map_err(Into::into)
    };
    lambda_http::lambda_runtime::run(service_fn(run)).await
}
