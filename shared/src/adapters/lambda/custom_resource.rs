//! The response to CloudFormation for a custom resource: a `PUT` of JSON to the URL in the request. The stack waits for
//! it, at most for an hour.

use crate::adapters::error::BackendError;
use crate::adapters::retry::backoff;
use bytes::Bytes;
use http::{Request, header};
use http_body_util::Full;
use hyper_rustls::HttpsConnectorBuilder;
use hyper_util::client::legacy::Client;
use hyper_util::rt::TokioExecutor;
use serde::Serialize;
use serde_json::{Map, Value};
use std::time::Duration;
use url::{Host, Url};

const OP: &str = "answering CloudFormation";
const ATTEMPTS: usize = 8;
const ATTEMPT_TIMEOUT: Duration = Duration::from_millis(2_500);
/// The most bytes of the reason. CloudFormation accepts responses of 4,096 bytes.
const MAX_REASON: usize = 1_024;

/// The URL of the response. It is signed, and its holder can answer in Latchkey's place: it does not print.
#[derive(Clone)]
pub struct ResponseUrl(Url);

impl std::fmt::Debug for ResponseUrl {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("ResponseUrl(…)")
    }
}

/// The URL is not an https URL.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("ResponseURL must be an https URL")]
pub struct InvalidResponseUrl;

impl ResponseUrl {
    /// Accepts https, and http to loopback, where an emulator listens.
    pub fn parse(text: &str) -> Result<Self, InvalidResponseUrl> {
        let url = Url::parse(text).map_err(|_| InvalidResponseUrl)?;
        let loopback = match url.host() {
            Some(Host::Domain(name)) => name == "localhost",
            Some(Host::Ipv4(address)) => address.is_loopback(),
            Some(Host::Ipv6(address)) => address.is_loopback(),
            None => false,
        };
        let good = url.username().is_empty()
            && url.password().is_none()
            && (url.scheme() == "https" || (url.scheme() == "http" && loopback));
        if good { Ok(Self(url)) } else { Err(InvalidResponseUrl) }
    }
}

/// Result of the request.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "UPPERCASE")]
pub enum Status {
    /// The resource is as the request asks.
    Success,
    /// It is not: the stack operation fails, and is rolled back.
    Failed,
}

/// The response.
#[derive(Clone, Debug, Serialize)]
#[serde(rename_all = "PascalCase")]
pub struct CustomResourceResponse {
    /// The result.
    pub status: Status,
    /// The reason of a failure. Shown in the stack's events, so it must not hold a secret.
    pub reason: String,
    /// The resource's physical id. If it changes, CloudFormation treats the resource as replaced.
    pub physical_resource_id: String,
    /// As in the request.
    pub stack_id: String,
    /// As in the request.
    pub request_id: String,
    /// As in the request.
    pub logical_resource_id: String,
    /// The attributes for `!GetAtt`. They are visible to all who may read the stack.
    pub data: Map<String, Value>,
}

impl CustomResourceResponse {
    /// Sends the response, in at most [`ATTEMPTS`] attempts of [`ATTEMPT_TIMEOUT`].
    pub async fn send(mut self, to: &ResponseUrl) -> Result<(), BackendError> {
        if self.reason.len() > MAX_REASON {
            self.reason.truncate(self.reason.floor_char_boundary(MAX_REASON));
        }
        let body = Bytes::from(serde_json::to_vec(&self).map_err(|error| BackendError::new(OP, error))?);
        let https = HttpsConnectorBuilder::new()
            .with_native_roots()
            .map_err(|error| BackendError::new(OP, error))?
            .https_or_http()
            .enable_http1()
            .build();
        let client = Client::builder(TokioExecutor::new()).build::<_, Full<Bytes>>(https);
        let mut pauses = backoff(ATTEMPTS);
        loop {
            // The signature of the URL covers an empty content type.
            let request = Request::put(to.0.as_str())
                .header(header::CONTENT_TYPE, "")
                .body(Full::new(body.clone()))
                .map_err(|_| BackendError::new(OP, "the ResponseURL cannot be called"))?;
            let failure = match tokio::time::timeout(ATTEMPT_TIMEOUT, client.request(request)).await {
                Ok(Ok(response)) if response.status().is_success() => return Ok(()),
                Ok(Ok(response)) => format!("status {}", response.status().as_u16()),
                Ok(Err(_)) => "no connection".to_owned(),
                Err(_) => "timed out".to_owned(),
            };
            let Some(pause) = pauses.next() else { return Err(BackendError::new(OP, failure)) };
            tokio::time::sleep(pause).await;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_https_and_loopback_urls_are_accepted() {
        for good in [
            "https://cloudformation-custom-resource-response-x.s3.amazonaws.com/a%7Cb?X-Amz-Signature=1",
            "http://127.0.0.1:4566/_ministack/cfn-response/1",
            "http://[::1]:1/",
            "http://localhost:4566/x",
        ] {
            assert!(ResponseUrl::parse(good).is_ok(), "{good}");
        }
        for bad in [
            "",
            "https",
            "/path",
            "http://example.com/",
            "http://localhost.example.com/",
            "http://127.0.0.1.example.com/",
            "http://169.254.169.254/latest",
            "https://user@example.com/",
            "ftp://127.0.0.1/",
            "file:///etc/passwd",
        ] {
            assert!(ResponseUrl::parse(bad).is_err(), "{bad}");
        }
    }
}
