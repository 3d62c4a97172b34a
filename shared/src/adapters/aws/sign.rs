//! AWS Signature Version 4.

use super::AwsAccess;
use super::endpoint::Service;
use aws_sigv4::http_request::{SignableBody, SignableRequest, SigningSettings, sign};
use aws_sigv4::sign::v4::SigningParams;
use aws_smithy_runtime_api::box_error::BoxError;
use aws_smithy_runtime_api::client::identity::Identity;
use aws_smithy_types::body::SdkBody;
use http::Request;
use std::time::SystemTime;

/// Signs with what Lambda has given the function.
#[derive(Debug)]
pub(super) struct Signer {
    region: String,
    identity: Identity,
}

impl Signer {
    pub(super) fn new(access: &AwsAccess) -> Self {
        Self { region: access.region.clone(), identity: access.credentials.clone().into() }
    }

    /// Signs a request whose body is in memory; its host is the URI's. AWS takes it for some minutes from `at` on.
    pub(super) fn sign(
        &self,
        service: Service,
        at: SystemTime,
        request: &mut Request<SdkBody>,
    ) -> Result<(), BoxError> {
        let params = SigningParams::builder()
            .identity(&self.identity)
            .region(&self.region)
            .name(service.signed_as())
            .time(at)
            .settings(SigningSettings::default())
            .build()?
            .into();
        let mut headers = Vec::with_capacity(request.headers().len());
        for (name, value) in request.headers() {
            headers.push((name.as_str(), value.to_str()?));
        }
        let body = SignableBody::Bytes(request.body().bytes().ok_or("the body is a stream")?);
        let uri = request.uri().to_string();
        let signable = SignableRequest::new(request.method().as_str(), uri, headers.into_iter(), body)?;
        let (instructions, _) = sign(signable, &params)?.into_parts();
        instructions.apply_to_request_http1x(request);
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use aws_credential_types::Credentials;
    use aws_lc_rs::digest::{SHA256, digest};
    use aws_lc_rs::hmac::{HMAC_SHA256, Key, sign as hmac};
    use std::fmt::Write;
    use std::time::Duration;

    const BODY: &str = r#"{"TableName":"directory"}"#;

    fn hex(bytes: &[u8]) -> String {
        bytes.iter().fold(String::new(), |mut text, byte| {
            write!(text, "{byte:02x}").unwrap();
            text
        })
    }

    fn signed() -> Request<SdkBody> {
        let access = AwsAccess {
            region: "eu-central-1".to_owned(),
            credentials: Credentials::new("AKID", "the key", Some("the session".to_owned()), None, "test"),
            endpoint: None,
        };
        let mut request = Request::post("https://dynamodb.eu-central-1.amazonaws.com/")
            .header("content-type", "application/x-amz-json-1.0")
            .header("user-agent", "latchkey/1")
            .header("x-amz-target", "DynamoDB_20120810.GetItem")
            .body(SdkBody::from(BODY))
            .unwrap();
        let at = SystemTime::UNIX_EPOCH + Duration::from_hours(500_000);
        Signer::new(&access).sign(Service::DynamoDb, at, &mut request).unwrap();
        request
    }

    /// Put together by hand, as AWS describes it: "Create a signed AWS API request" of the IAM user guide.
    #[test]
    fn the_signature_is_that_of_aws_s_own_description() {
        let request = signed();
        let header = |name| request.headers().get(name).unwrap().to_str().unwrap();
        let at = header("x-amz-date");
        let canonical = format!(
            "POST\n/\n\ncontent-type:application/x-amz-json-1.0\nhost:dynamodb.eu-central-1.amazonaws.com\n\
             x-amz-date:{at}\nx-amz-security-token:the session\nx-amz-target:DynamoDB_20120810.GetItem\n\n\
             content-type;host;x-amz-date;x-amz-security-token;x-amz-target\n{}",
            hex(digest(&SHA256, BODY.as_bytes()).as_ref())
        );
        let scope = format!("{}/eu-central-1/dynamodb/aws4_request", &at[..8]);
        let hashed = hex(digest(&SHA256, canonical.as_bytes()).as_ref());
        let mut key = b"AWS4the key".to_vec();
        for part in scope.split('/') {
            key = hmac(&Key::new(HMAC_SHA256, &key), part.as_bytes()).as_ref().to_vec();
        }
        let to_sign = format!("AWS4-HMAC-SHA256\n{at}\n{scope}\n{hashed}");
        let signature = hex(hmac(&Key::new(HMAC_SHA256, &key), to_sign.as_bytes()).as_ref());
        let expected = format!(
            "AWS4-HMAC-SHA256 Credential=AKID/{scope}, \
             SignedHeaders=content-type;host;x-amz-date;x-amz-security-token;x-amz-target, Signature={signature}"
        );
        assert_eq!(header("authorization"), expected);
    }

    #[test]
    fn what_stands_for_the_session_is_sent_along_and_not_shown_in_a_log() {
        let request = signed();
        assert_eq!(request.headers()["x-amz-security-token"], "the session");
        assert!(!format!("{:?}", request.headers()).contains("the session"));
    }
}
