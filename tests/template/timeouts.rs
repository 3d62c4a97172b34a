//! Timeouts of the functions: an HTTP function responds despite a slow store before Lambda ends it.

use super::document::{Template, referenced_id};
use shared::adapters::lambda::deadline::REQUEST_TIMEOUT;
use std::collections::BTreeSet;

/// The longest integration timeout of an HTTP API (quotas of API Gateway).
const API_GATEWAY_SECONDS: u64 = 30;

#[test]
fn http_functions_outlive_the_request_timeout() {
    let template = Template::stack();
    let integrations = template.resources("AWS::ApiGatewayV2::Integration");
    let uris = integrations.iter().map(|integration| &integration.properties["IntegrationUri"]);
    let behind_the_api: BTreeSet<&str> = uris.filter_map(referenced_id).collect();
    assert_eq!(behind_the_api.len(), 4, "{behind_the_api:?}");
    for function in template.resources("AWS::Serverless::Function") {
        if behind_the_api.contains(function.name) {
            let own = function.properties["Timeout"].as_u64();
            let timeout = own.or_else(|| template.0["Globals"]["Function"]["Timeout"].as_u64()).unwrap();
            // Two seconds for the work of a request besides waiting for AWS.
            let range = REQUEST_TIMEOUT.as_secs() + 2..API_GATEWAY_SECONDS;
            assert!(range.contains(&timeout), "{}: {timeout} s", function.name);
        }
    }
}
