//! Requests through the edge, `infra/edge.yaml`: CloudFront proves itself by a secret in a header, and names the viewer's
//! address in another one.

use crate::adapters::crypto::digest::sha256;
use crate::adapters::lambda::event::error_response;
use crate::domain::net::viewer_address::parse_viewer_address;
use aws_lc_rs::constant_time;
use http::{HeaderMap, HeaderName, HeaderValue};
use lambda_http::aws_lambda_events::apigw::ApiGatewayV2httpResponse;
use std::net::IpAddr;

const SECRET: HeaderName = HeaderName::from_static("x-latchkey-origin");
const VIEWER_ADDRESS: HeaderName = HeaderName::from_static("cloudfront-viewer-address");

/// SHA-256 of the secrets that CloudFront may send: one, or two while the secret is being replaced.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct OriginSecrets(Vec<[u8; 32]>);

/// The text is not a list of one or two digests.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("not one or two SHA-256 digests in hexadecimal, separated by a comma")]
pub struct InvalidOriginSecrets;

/// The reason why a request was not accepted at the origin. It is logged; the response is the same for all.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum OriginRejectReason {
    /// The request did not come through the edge.
    #[error("X-Latchkey-Origin is missing")]
    MissingSecret,
    /// It came through another distribution, or the edge sends a secret that is not configured here.
    #[error("X-Latchkey-Origin has a value that is not accepted")]
    WrongSecret,
    /// The edge does not forward the header, without which allowlists and limits would act on CloudFront's own address.
    #[error("CloudFront-Viewer-Address is missing or not an address and port")]
    NoViewerAddress,
}

impl OriginSecrets {
    /// Reads one or two digests in hexadecimal, separated by a comma.
    pub fn parse(text: &str) -> Result<Self, InvalidOriginSecrets> {
        let digest = |text: &str| {
            let mut digest = [0; 32];
            hex::decode_to_slice(text, &mut digest).map(|()| digest)
        };
        let digests: Result<Vec<_>, _> = text.split(',').map(digest).collect();
        digests.ok().filter(|digests| digests.len() <= 2).map(Self).ok_or(InvalidOriginSecrets)
    }

    /// The viewer's address, if the request came through the edge.
    pub fn viewer_address(&self, headers: &HeaderMap) -> Result<IpAddr, OriginRejectReason> {
        let secret = single(headers, &SECRET).ok_or(OriginRejectReason::MissingSecret)?;
        if !self.accepts(secret.as_bytes()) {
            return Err(OriginRejectReason::WrongSecret);
        }
        single(headers, &VIEWER_ADDRESS)
            .and_then(|value| parse_viewer_address(value.to_str().ok()?))
            .ok_or(OriginRejectReason::NoViewerAddress)
    }

    /// Compares with each digest, so that the time does not show which one is equal.
    fn accepts(&self, secret: &[u8]) -> bool {
        let presented = sha256(secret);
        self.0.iter().fold(false, |accepted, digest| {
            accepted | constant_time::verify_slices_are_equal(digest, &presented).is_ok()
        })
    }
}

fn single<'a>(headers: &'a HeaderMap, name: &HeaderName) -> Option<&'a HeaderValue> {
    let mut values = headers.get_all(name).iter();
    values.next().filter(|_| values.next().is_none())
}

impl From<OriginRejectReason> for ApiGatewayV2httpResponse {
    fn from(_: OriginRejectReason) -> Self {
        error_response(403, "access_denied", "requests are accepted at the host name of the issuer only")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn hex_digest(secret: &str) -> String {
        hex::encode(sha256(secret.as_bytes()))
    }

    #[test]
    fn one_or_two_digests_are_accepted() {
        let (old, new) = (hex_digest("old"), hex_digest("new"));
        for (text, accepted) in [
            (old.clone(), vec!["old"]),
            (format!("{old},{new}"), vec!["old", "new"]),
            (new.to_uppercase(), vec!["new"]),
        ] {
            let secrets = OriginSecrets::parse(&text).expect("valid");
            for secret in ["old", "new", "other", "", &old] {
                assert_eq!(
                    secrets.accepts(secret.as_bytes()),
                    accepted.contains(&secret),
                    "{text}: {secret}"
                );
            }
        }
    }

    #[test]
    fn anything_else_is_refused() {
        let digest = hex_digest("old");
        for text in [
            "",
            ",",
            "old",
            &digest[1..],
            &format!("{digest},"),
            &format!("{digest} "),
            &format!("{digest}, {digest}"),
            &format!("{digest},{digest},{digest}"),
            &"g".repeat(64),
        ] {
            assert_eq!(OriginSecrets::parse(text), Err(InvalidOriginSecrets), "{text}");
        }
    }
}
