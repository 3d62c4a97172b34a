//! Where a service is.

use super::AwsAccess;

/// A service of AWS's.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Service {
    /// DynamoDB.
    DynamoDb,
    /// EventBridge.
    EventBridge,
    /// Secrets Manager.
    SecretsManager,
    /// SES, by its first version.
    Ses,
}

impl Service {
    /// Its name in signatures.
    pub(super) fn signed_as(self) -> &'static str {
        match self {
            Self::DynamoDb => "dynamodb",
            Self::EventBridge => "events",
            Self::SecretsManager => "secretsmanager",
            Self::Ses => "ses",
        }
    }

    /// The first label of its hosts.
    fn host(self) -> &'static str {
        match self {
            Self::Ses => "email",
            other => other.signed_as(),
        }
    }
}

/// What hosts end with, by what the region's name begins with: AWS's partitions. Any other region is in the public one.
const PARTITIONS: [(&str, &str); 6] = [
    ("cn-", "amazonaws.com.cn"),
    ("eusc-", "amazonaws.eu"),
    ("eu-isoe-", "cloud.adc-e.uk"),
    ("us-iso-", "c2s.ic.gov"),
    ("us-isob-", "sc2s.sgov.gov"),
    ("us-isof-", "csp.hci.ic.gov"),
];

/// The service's own host in a region; or what the operator says, for all services.
pub(super) fn of(service: Service, access: &AwsAccess) -> String {
    if let Some(instead) = &access.endpoint {
        return instead.clone();
    }
    let region = &access.region;
    let partition = PARTITIONS.iter().find(|(start, _)| region.starts_with(start));
    let suffix = partition.map_or("amazonaws.com", |(_, suffix)| suffix);
    format!("https://{}.{region}.{suffix}", service.host())
}

#[cfg(test)]
mod tests {
    use super::*;
    use aws_credential_types::Credentials;

    /// One region of each partition at least.
    const REGIONS: [&str; 16] = [
        "af-south-1",
        "ap-southeast-7",
        "ca-west-1",
        "cn-north-1",
        "cn-northwest-1",
        "eu-central-1",
        "eu-isoe-west-1",
        "eusc-de-east-1",
        "il-central-1",
        "mx-central-1",
        "us-east-1",
        "us-gov-east-1",
        "us-gov-west-1",
        "us-iso-east-1",
        "us-isob-east-1",
        "us-isof-south-1",
    ];

    fn access(region: &str, endpoint: Option<&str>) -> AwsAccess {
        let credentials = Credentials::new("AKID", "the key", None, None, "test");
        AwsAccess { region: region.to_owned(), credentials, endpoint: endpoint.map(str::to_owned) }
    }

    macro_rules! what_the_sdk_says {
        ($sdk:ident, $region:expr) => {{
            use $sdk::config::endpoint::{DefaultResolver, Params, ResolveEndpoint};
            let params = Params::builder().region($region).build().unwrap();
            DefaultResolver::new().resolve_endpoint(&params).await.unwrap().url().to_owned()
        }};
    }

    #[tokio::test]
    async fn services_are_where_the_sdk_says_that_they_are() {
        for region in REGIONS {
            let access = access(region, None);
            let ours = |service| of(service, &access);
            assert_eq!(ours(Service::DynamoDb), what_the_sdk_says!(aws_sdk_dynamodb, region));
            assert_eq!(ours(Service::EventBridge), what_the_sdk_says!(aws_sdk_eventbridge, region));
            assert_eq!(ours(Service::SecretsManager), what_the_sdk_says!(aws_sdk_secretsmanager, region));
            assert_eq!(ours(Service::Ses), what_the_sdk_says!(aws_sdk_ses, region));
        }
    }

    #[test]
    fn an_endpoint_of_ones_own_is_every_services() {
        let access = access("eu-central-1", Some("http://localhost:4566"));
        for service in [Service::DynamoDb, Service::EventBridge, Service::SecretsManager, Service::Ses] {
            assert_eq!(of(service, &access), "http://localhost:4566");
        }
    }
}
