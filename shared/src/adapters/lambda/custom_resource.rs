//! Answering CloudFormation for a custom resource: a `PUT` of JSON to the URL that its request names. Until
//! it comes, or an hour has passed, the stack waits.

use crate::adapters::error::BackendError;
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
const ATTEMPTS: u32 = 4;
const ATTEMPT: Duration = Duration::from_secs(5);
/// CloudFormation takes answers of 4,096 bytes: so much of them may be the reason.
const MAX_REASON: usize = 1_024;

/// Where the answer goes. It is a signed URL, with which anybody could answer: it does not print.
#[derive(Clone)]
pub struct ResponseUrl(Url);

impl std::fmt::Debug for ResponseUrl {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("ResponseUrl(…)")
    }
}

/// Not an https URL.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("ResponseURL must be an https URL")]
pub struct InvalidResponseUrl;

impl ResponseUrl {
    /// Takes https; http only to this machine itself, where an emulator listens.
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

/// Whether the resource is as it is to be.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "UPPERCASE")]
pub enum Status {
    /// It is.
    Success,
    /// It is not: the stack operation fails, and is rolled back.
    Failed,
}

/// The answer.
#[derive(Clone, Debug, Serialize)]
#[serde(rename_all = "PascalCase")]
pub struct Answer {
    /// Whether it went well.
    pub status: Status,
    /// Why not; shown to whoever deploys, so it must hold nothing secret.
    pub reason: String,
    /// What the resource is called.
    pub physical_resource_id: String,
    /// As in the request.
    pub stack_id: String,
    /// As in the request.
    pub request_id: String,
    /// As in the request.
    pub logical_resource_id: String,
    /// What `!GetAtt` finds; anybody who may see the stack can read it.
    pub data: Map<String, Value>,
}

impl Answer {
    /// Delivers the answer, in a few attempts.
    pub async fn deliver(mut self, to: &ResponseUrl) -> Result<(), BackendError> {
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
        let mut last = String::new();
        for attempt in 0..ATTEMPTS {
            if attempt > 0 {
                tokio::time::sleep(Duration::from_millis(200 << attempt)).await;
            }
            // The signature of the URL covers an empty content type.
            let request = Request::put(to.0.as_str())
                .header(header::CONTENT_TYPE, "")
                .body(Full::new(body.clone()))
                .map_err(|_| BackendError::new(OP, "the ResponseURL cannot be called"))?;
            last = match tokio::time::timeout(ATTEMPT, client.request(request)).await {
                Ok(Ok(response)) if response.status().is_success() => return Ok(()),
                Ok(Ok(response)) => format!("status {}", response.status().as_u16()),
                Ok(Err(_)) => "no connection".to_owned(),
                Err(_) => "timed out".to_owned(),
            };
        }
        Err(BackendError::new(OP, last))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_https_is_answered_and_http_on_this_machine() {
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
