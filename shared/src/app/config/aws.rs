//! The configuration of AWS, by the variables that AWS documents for its SDKs
//! (AWS SDKs and Tools Reference Guide, "Service-specific endpoints", "Dual-stack and FIPS endpoints").

use crate::app::config::{ConfigError, EnvReader};
use aws_credential_types::Credentials;
use url::{Host, Url};

/// The configuration of AWS, or of an emulator.
#[derive(Clone, Debug)]
pub struct AwsConfig {
    /// `AWS_REGION`.
    pub region: String,
    /// `AWS_ACCESS_KEY_ID`, `AWS_SECRET_ACCESS_KEY`, `AWS_SESSION_TOKEN`: they come with the environment of a Lambda
    /// function and stay the same as long as it lives.
    pub credentials: Credentials,
    /// The services' endpoints.
    pub endpoints: Endpoints,
}

/// The endpoints of the services. The default is AWS's own, of the region.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Endpoints {
    /// `AWS_ENDPOINT_URL`: the endpoint of every service that has none of its own.
    pub all: Option<String>,
    /// `AWS_ENDPOINT_URL_DYNAMODB`.
    pub dynamodb: Option<String>,
    /// `AWS_ENDPOINT_URL_SECRETS_MANAGER`.
    pub secrets_manager: Option<String>,
    /// `AWS_ENDPOINT_URL_SES`.
    pub ses: Option<String>,
    /// `AWS_ENDPOINT_URL_EVENTBRIDGE`.
    pub eventbridge: Option<String>,
    /// `AWS_USE_FIPS_ENDPOINT`.
    pub use_fips: bool,
    /// `AWS_USE_DUALSTACK_ENDPOINT`.
    pub use_dual_stack: bool,
}

impl Endpoints {
    /// One endpoint for all services: an emulator's.
    #[must_use]
    pub fn at(url: impl Into<String>) -> Self {
        Self { all: Some(url.into()), ..Self::default() }
    }

    /// The configured URLs.
    pub(crate) fn urls(&self) -> impl Iterator<Item = &str> {
        let own = [&self.dynamodb, &self.secrets_manager, &self.ses, &self.eventbridge];
        own.into_iter().chain([&self.all]).filter_map(|url| url.as_deref())
    }
}

/// Reads the credentials, the region and the endpoints.
pub(super) fn aws(read: &EnvReader<'_>) -> Result<AwsConfig, ConfigError> {
    let credentials = Credentials::new(
        read.text("AWS_ACCESS_KEY_ID", "set by Lambda")?,
        read.text("AWS_SECRET_ACCESS_KEY", "set by Lambda")?,
        read.optional("AWS_SESSION_TOKEN"),
        None,
        "environment",
    );
    let region = read.text("AWS_REGION", "set by Lambda")?;
    let endpoints = endpoints(read)?;
    Ok(AwsConfig { region, credentials, endpoints })
}

fn endpoints(read: &EnvReader<'_>) -> Result<Endpoints, ConfigError> {
    let ignored = flag(read, "AWS_IGNORE_CONFIGURED_ENDPOINT_URLS")?;
    let url = |variable| if ignored { Ok(None) } else { endpoint_url(read, variable) };
    let endpoints = Endpoints {
        all: url("AWS_ENDPOINT_URL")?,
        dynamodb: url("AWS_ENDPOINT_URL_DYNAMODB")?,
        secrets_manager: url("AWS_ENDPOINT_URL_SECRETS_MANAGER")?,
        ses: url("AWS_ENDPOINT_URL_SES")?,
        eventbridge: url("AWS_ENDPOINT_URL_EVENTBRIDGE")?,
        use_fips: flag(read, "AWS_USE_FIPS_ENDPOINT")?,
        use_dual_stack: flag(read, "AWS_USE_DUALSTACK_ENDPOINT")?,
    };
    let variable = match (endpoints.use_fips, endpoints.use_dual_stack) {
        _ if endpoints.urls().next().is_none() => return Ok(endpoints),
        (true, _) => "AWS_USE_FIPS_ENDPOINT",
        (false, true) => "AWS_USE_DUALSTACK_ENDPOINT",
        (false, false) => return Ok(endpoints),
    };
    let expected = "false where an AWS_ENDPOINT_URL is set: the SDK does not take both";
    Err(ConfigError { variable, expected, got: "true".to_owned() })
}

/// `true` or `false`, as the SDKs read it.
fn flag(read: &EnvReader<'_>, variable: &'static str) -> Result<bool, ConfigError> {
    match read.optional(variable) {
        None => Ok(false),
        Some(text) if text.eq_ignore_ascii_case("true") => Ok(true),
        Some(text) if text.eq_ignore_ascii_case("false") => Ok(false),
        Some(got) => Err(ConfigError { variable, expected: "true or false", got }),
    }
}

fn endpoint_url(read: &EnvReader<'_>, variable: &'static str) -> Result<Option<String>, ConfigError> {
    let Some(text) = read.optional(variable) else { return Ok(None) };
    let acceptable = Url::parse(&text).is_ok_and(|url| match url.scheme() {
        "https" => true,
        "http" => url.host().is_some_and(|host| is_private(&host)),
        _ => false,
    });
    if acceptable {
        return Ok(Some(text));
    }
    let expected = "an https URL, or an http one of a loopback or private address";
    Err(ConfigError { variable, expected, got: text })
}

/// Whether a host is this machine or in a private network (RFC 1918, RFC 4193), so that what is sent there unencrypted
/// does not cross the Internet. Names are those that have no public meaning: `localhost` (RFC 6761), `.internal`
/// (reserved by ICANN), and names of one label, as in container networks.
fn is_private(host: &Host<&str>) -> bool {
    match host {
        Host::Ipv4(address) => address.is_loopback() || address.is_private(),
        Host::Ipv6(address) => address.is_loopback() || address.is_unique_local(),
        Host::Domain(name) => {
            !name.contains('.') || name.ends_with(".localhost") || name.ends_with(".internal")
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::BTreeMap;

    fn with(own: &[(&str, &str)]) -> Result<AwsConfig, ConfigError> {
        let mut variables: BTreeMap<&str, &str> = BTreeMap::from([
            ("AWS_REGION", "us-east-1"),
            ("AWS_ACCESS_KEY_ID", "k"),
            ("AWS_SECRET_ACCESS_KEY", "hunter2"),
        ]);
        variables.extend(own.iter().copied());
        aws(&EnvReader(&|name| variables.get(name).map(|value| (*value).to_owned())))
    }

    #[test]
    fn each_service_can_have_an_endpoint_of_its_own() {
        let config = with(&[
            ("AWS_ENDPOINT_URL", "http://localhost:4566"),
            ("AWS_ENDPOINT_URL_SES", "https://mail.example.com"),
        ]);
        let endpoints = config.expect("legal").endpoints;
        assert_eq!(endpoints.all.as_deref(), Some("http://localhost:4566"));
        assert_eq!(endpoints.ses.as_deref(), Some("https://mail.example.com"));
        assert_eq!(endpoints.urls().count(), 2);
    }

    #[test]
    fn configured_endpoints_can_be_ignored() {
        let ignored = ("AWS_IGNORE_CONFIGURED_ENDPOINT_URLS", "true");
        let config = with(&[("AWS_ENDPOINT_URL", "http://localhost:4566"), ignored]).expect("legal");
        assert_eq!(config.endpoints, Endpoints::default());
    }

    #[test]
    fn plain_http_stays_on_the_machine_or_in_a_private_network() {
        for private in [
            "http://localhost:4566",
            "http://emulator:4566",
            "http://aws.localhost",
            "http://host.docker.internal:4566",
            "http://127.0.0.1:4566",
            "http://10.1.2.3",
            "http://172.17.0.1:4566",
            "http://192.168.1.1/path",
            "http://[::1]:4566",
            "http://[fd00::1]",
        ] {
            assert!(with(&[("AWS_ENDPOINT_URL", private)]).is_ok(), "{private}");
        }
        for refused in [
            "http://dynamodb.us-east-1.amazonaws.com",
            "http://example.com",
            "http://8.8.8.8",
            "http://172.32.0.1",
            "http://169.254.169.254",
            "http://[2001:db8::1]",
            "http://internal.example",
            "ftp://localhost",
            "localhost:4566",
            "//localhost",
        ] {
            let error = with(&[("AWS_ENDPOINT_URL_DYNAMODB", refused)]).expect_err(refused);
            assert_eq!((error.variable, error.got.as_str()), ("AWS_ENDPOINT_URL_DYNAMODB", refused));
        }
    }

    #[test]
    fn flags_are_true_or_false() {
        let endpoints = with(&[("AWS_USE_FIPS_ENDPOINT", "True"), ("AWS_USE_DUALSTACK_ENDPOINT", "false")]);
        let endpoints = endpoints.expect("legal").endpoints;
        assert_eq!((endpoints.use_fips, endpoints.use_dual_stack), (true, false));
        for name in
            ["AWS_USE_FIPS_ENDPOINT", "AWS_USE_DUALSTACK_ENDPOINT", "AWS_IGNORE_CONFIGURED_ENDPOINT_URLS"]
        {
            assert_eq!(with(&[(name, "yes")]).expect_err(name).variable, name);
        }
    }

    #[test]
    fn conflicting_endpoint_settings_are_rejected() {
        for name in ["AWS_USE_FIPS_ENDPOINT", "AWS_USE_DUALSTACK_ENDPOINT"] {
            let both = with(&[(name, "true"), ("AWS_ENDPOINT_URL_SES", "https://mail.example.com")]);
            assert_eq!(both.expect_err("both").variable, name);
        }
    }
}
