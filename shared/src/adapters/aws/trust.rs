//! Whom a function takes for AWS: Amazon's own certificate authorities.
//!
//! They are those that AWS names for its services (<https://www.amazontrust.com/repository/>); the first of them to
//! end does so at the end of 2037. Reading the system's store instead, some 145 authorities, would double the
//! processor's time of a cold start, and let any of them vouch for DynamoDB.

use super::AwsAccess;
use rustls::pki_types::CertificateDer;
use rustls::{CipherSuite, ClientConfig, RootCertStore};
use std::sync::Arc;

/// In DER, so that a start has nothing to decode.
const AMAZON: [&[u8]; 5] = [
    include_bytes!("roots/amazon-root-ca-1.der"),
    include_bytes!("roots/amazon-root-ca-2.der"),
    include_bytes!("roots/amazon-root-ca-3.der"),
    include_bytes!("roots/amazon-root-ca-4.der"),
    include_bytes!("roots/starfield-services-root-g2.der"),
];
/// Regions outside of AWS's public partitions, which have authorities of their own.
const ELSEWHERE: [&str; 3] = ["cn-", "us-iso", "eu-iso"];

/// Where AWS is: behind an endpoint of one's own, the system's authorities count.
pub(super) fn tls_config(access: &AwsAccess) -> ClientConfig {
    let elsewhere = ELSEWHERE.iter().any(|partition| access.region.starts_with(partition));
    let mut roots = RootCertStore::empty();
    if access.endpoint.is_some() || elsewhere {
        roots.add_parsable_certificates(rustls_native_certs::load_native_certs().certs);
    } else {
        roots.add_parsable_certificates(AMAZON.map(CertificateDer::from));
    }
    let mut provider = rustls::crypto::aws_lc_rs::default_provider();
    // First what handshakes with SHA-256, which the processor has an instruction for, and not SHA-384.
    provider.cipher_suites.sort_by_key(|suite| suite.suite() != CipherSuite::TLS13_AES_128_GCM_SHA256);
    ClientConfig::builder_with_provider(Arc::new(provider))
        .with_safe_default_protocol_versions()
        .expect("aws-lc has a cipher suite for every version of TLS")
        .with_root_certificates(roots)
        .with_no_client_auth()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::adapters::digest::sha256;

    #[test]
    fn all_of_amazons_authorities_are_read() {
        let (added, ignored) =
            RootCertStore::empty().add_parsable_certificates(AMAZON.map(CertificateDer::from));
        assert_eq!((added, ignored), (5, 0));
    }

    #[test]
    fn they_are_those_that_amazon_publishes() {
        let fingerprints = AMAZON.map(|root| sha256(root).map(|byte| format!("{byte:02x}")).concat());
        let published = [
            "8ecde6884f3d87b1125ba31ac3fcb13d7016de7f57cc904fe1cb97c6ae98196e",
            "1ba5b2aa8c65401a82960118f80bec4f62304d83cec4713a19c39c011ea46db4",
            "18ce6cfe7bf14e60b2e347b8dfe868cb31d02ebb3ada271569f50343b46db3a4",
            "e35d28419ed02025cfa69038cd623962458da5c695fbdea3c22b0bfb25897092",
            "568d6905a2c88708a4b3025190edcfedb1974a606a13c6e5290fcb2ae63edab5",
        ];
        assert_eq!(fingerprints, published);
    }
}
