//! An app whose requests go to the deployed functions.

use crate::deployed::custom_domain::CustomDomain;
use crate::deployed::stack::{REGION, ROOT, STAGE, Stack, Values};
use crate::support::app::TestApp;
use crate::support::http_server::TestServer;
use crate::template::resolved::REQUIRED_PARAMETERS;
use aws_credential_types::Credentials;
use local::server::{LocalConfig, LocalServer, config};
use shared::adapters::store::Tables;
use shared::app::Config;
use shared::app::{AwsClients, AwsConfig, Endpoints};

/// Its state in this process (the operator's credentials, the stores to inspect) is the stack's too, and it creates nothing.
pub async fn start_app(stack: &Stack, domain: &CustomDomain, issuer: &str, outputs: &Values) -> TestServer {
    let local_config = LocalConfig {
        aws_endpoint: stack.emulator.endpoint().to_owned(),
        issuer: issuer.to_owned(),
        stage: STAGE.to_owned(),
    };
    let config = deployed_config(&local_config, outputs);
    for (name, value) in bootstrapped_values(&config).await {
        assert!(!value.is_empty(), "the bootstrap has not created {name}");
    }
    let latchkey = LocalServer::connect(local_config, config).await.unwrap();
    TestServer { latchkey: TestApp::with_router(latchkey, domain.router()), issuer: issuer.to_owned() }
}

/// What following the link does that SES mails to the sender. With `MailIdentity=existing` it was done before.
pub async fn verify_sender(latchkey: &TestApp) {
    let sender = REQUIRED_PARAMETERS.iter().find(|(name, _)| *name == "MailSender").unwrap().1;
    latchkey.server.aws.ses().verify_email_identity().email_address(sender).send().await.unwrap();
}

/// The secrets of a deployment, as they are stored.
pub async fn bootstrapped_values(config: &Config) -> Vec<(String, String)> {
    let secrets = AwsClients::new(&config.aws).secrets_manager();
    let operator = format!("latchkey/{STAGE}/clients/latchkey-operator");
    let mut values = Vec::new();
    for name in [&config.signing_keys_secret, &config.pepper_secret, &operator] {
        let read = secrets.get_secret_value().secret_id(name).send().await.unwrap();
        values.push((name.clone(), read.secret_string.unwrap_or_default()));
    }
    values
}

fn deployed_config(local_config: &LocalConfig, outputs: &Values) -> Config {
    Config {
        tables: Tables {
            directory: outputs["DirectoryTable"].clone(),
            grants: outputs["GrantsTable"].clone(),
            audit: outputs["AuditTable"].clone(),
        },
        aws: AwsConfig {
            region: REGION.to_owned(),
            credentials: Credentials::new(ROOT, ROOT, None, None, "test"),
            endpoints: Endpoints::at(&local_config.aws_endpoint),
        },
        ..config(local_config)
    }
}
