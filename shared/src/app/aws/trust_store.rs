//! The roots that certificates of AWS's endpoints are verified against.

use crate::app::config::AwsConfig;
use aws_smithy_http_client::tls::TrustStore;

/// The roots that AWS documents for its endpoints, as PEM; `build.rs` selects them from Mozilla's list.
const AMAZON_ROOTS: &str = include_str!(concat!(env!("OUT_DIR"), "/amazon-roots.pem"));

/// What the names of the commercial partition's regions begin with.
const COMMERCIAL: [&str; 9] = ["af", "ap", "ca", "eu", "il", "me", "mx", "sa", "us"];

/// Amazon's roots for AWS's own endpoints; none where every service is an emulator behind plain HTTP; else the system's.
///
/// The system's store has some 145 roots, and parsing them is a good part of a cold start.
pub(super) fn trust_store(config: &AwsConfig) -> TrustStore {
    let mut urls = config.endpoints.urls().peekable();
    if urls.peek().is_none() && has_amazon_roots(&config.region) {
        return TrustStore::empty().with_pem_certificate(AMAZON_ROOTS);
    }
    let plain = urls.peek().is_some() && urls.all(|url| url.starts_with("http:"));
    TrustStore::empty().with_native_roots(!plain)
}

/// Whether a region is in the commercial partition or in `GovCloud`.
fn has_amazon_roots(region: &str) -> bool {
    match region.split('-').collect::<Vec<_>>()[..] {
        [area, _, _] => COMMERCIAL.contains(&area),
        ["us", "gov", _, _] => true,
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::app::config::Endpoints;
    use aws_credential_types::Credentials;
    use rustls::RootCertStore;
    use rustls::pki_types::CertificateDer;
    use rustls::pki_types::pem::PemObject;

    /// The trust store as text: it has no accessors.
    fn of(region: &str, endpoints: Endpoints) -> String {
        let credentials = Credentials::new("AKID", "the key", None, None, "test");
        format!("{:?}", trust_store(&AwsConfig { region: region.to_owned(), credentials, endpoints }))
    }

    fn is(store: &TrustStore, region: &str, endpoints: Endpoints) -> bool {
        of(region, endpoints) == format!("{store:?}")
    }

    #[test]
    fn awss_own_endpoints_have_amazons_roots_in_two_partitions() {
        let amazons = || TrustStore::empty().with_pem_certificate(AMAZON_ROOTS);
        for region in ["us-east-1", "eu-central-1", "ap-southeast-7", "mx-central-1", "us-gov-west-1"] {
            assert!(is(&amazons(), region, Endpoints::default()), "{region}");
        }
        for region in
            ["cn-north-1", "us-iso-east-1", "us-isob-east-1", "eu-isoe-west-1", "eusc-de-east-1", ""]
        {
            assert!(is(&TrustStore::default(), region, Endpoints::default()), "{region}");
        }
    }

    #[test]
    fn a_configured_endpoint_has_the_systems_roots() {
        let own = "https://vpce-1.dynamodb.eu-central-1.vpce.amazonaws.com".to_owned();
        let endpoints = Endpoints { dynamodb: Some(own), ..Endpoints::default() };
        assert!(is(&TrustStore::default(), "eu-central-1", endpoints));
    }

    #[test]
    fn plain_http_needs_no_roots() {
        assert!(is(&TrustStore::empty(), "eu-central-1", Endpoints::at("http://localhost:4566")));
    }

    #[test]
    fn amazons_roots_are_five_certificates() {
        let roots = CertificateDer::pem_slice_iter(AMAZON_ROOTS.as_bytes()).collect::<Result<Vec<_>, _>>();
        let mut store = RootCertStore::empty();
        assert_eq!(store.add_parsable_certificates(roots.expect("PEM")), (5, 0));
    }
}
