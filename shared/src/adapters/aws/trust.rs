//! Whom a function takes for AWS: Amazon's own certificate authorities.
//!
//! They are those that AWS names for its services (<https://www.amazontrust.com/repository/>); the first of them to
//! end does so at the end of 2037. Reading the system's store instead, some 145 authorities, would double the
//! processor's time of a cold start, and let any of them vouch for DynamoDB.

use super::AwsAccess;
use rustls::pki_types::CertificateDer;
use rustls::pki_types::pem::PemObject;
use rustls::{CipherSuite, ClientConfig, RootCertStore};
use std::sync::Arc;

const AMAZON: &[u8] = include_bytes!("roots.pem");
/// Regions outside of AWS's public partitions, which have authorities of their own.
const ELSEWHERE: [&str; 3] = ["cn-", "us-iso", "eu-iso"];

/// Where AWS is: behind an endpoint of one's own, the system's authorities count.
pub(super) fn tls_config(access: &AwsAccess) -> ClientConfig {
    let elsewhere = ELSEWHERE.iter().any(|partition| access.region.starts_with(partition));
    let mut roots = RootCertStore::empty();
    if access.endpoint.is_some() || elsewhere {
        roots.add_parsable_certificates(rustls_native_certs::load_native_certs().certs);
    } else {
        roots.add_parsable_certificates(CertificateDer::pem_slice_iter(AMAZON).flatten());
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

    #[test]
    fn all_of_amazons_authorities_are_read() {
        let certificates: Vec<_> = CertificateDer::pem_slice_iter(AMAZON).flatten().collect();
        let (added, ignored) = RootCertStore::empty().add_parsable_certificates(certificates);
        assert_eq!((added, ignored), (5, 0));
    }
}
