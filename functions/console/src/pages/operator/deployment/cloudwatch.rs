//! Where the deployment's alarms and its dashboard are.

use shared::app::Config;

/// Pages of CloudWatch in the AWS console.
pub struct CloudWatch {
    /// The dashboard.
    pub dashboard: String,
    /// The alarms.
    pub alarms: String,
}

impl CloudWatch {
    /// The pages of a deployment; `None` on an emulator.
    pub fn of(config: &Config) -> Option<Self> {
        if config.aws.endpoints.all.is_some() {
            return None;
        }
        Some(Self::in_region(&config.aws.region, &config.stage))
    }

    fn in_region(region: &str, stage: &str) -> Self {
        let domain = match region {
            china if china.starts_with("cn-") => "amazonaws.cn",
            government if government.starts_with("us-gov-") => "amazonaws-us-gov.com",
            _ => "aws.amazon.com",
        };
        let home = format!("https://{region}.console.{domain}/cloudwatch/home?region={region}");
        Self {
            dashboard: format!("{home}#dashboards:name=latchkey-{stage}"),
            alarms: format!("{home}#alarmsV2:?~(search~'latchkey-{stage}-)"),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pages_are_those_of_the_region_and_its_partition() {
        let pages = CloudWatch::in_region("eu-central-1", "prod");
        let home = "https://eu-central-1.console.aws.amazon.com/cloudwatch/home?region=eu-central-1";
        assert_eq!(pages.dashboard, format!("{home}#dashboards:name=latchkey-prod"));
        assert_eq!(pages.alarms, format!("{home}#alarmsV2:?~(search~'latchkey-prod-)"));
        for (region, host) in [
            ("us-gov-west-1", "us-gov-west-1.console.amazonaws-us-gov.com"),
            ("cn-north-1", "cn-north-1.console.amazonaws.cn"),
        ] {
            assert!(CloudWatch::in_region(region, "x").alarms.starts_with(&format!("https://{host}/")));
        }
    }
}
