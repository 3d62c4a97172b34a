//! Latchkey as a relying party of an OpenID Connect provider: new instances with empty caches.

use crate::support::app::new_stage;
use crate::support::aws;
use aws_sdk_secretsmanager::Client;
use local::server::{LocalConfig, config};
use shared::adapters::oidc::{OidcClient, OidcConfig};
use shared::adapters::remote::{Fetcher, Network};
use shared::adapters::secrets_manager::deployment_secret::DeploymentSecret;
use shared::app::AwsClients;
use shared::domain::net::provider_url::ProviderUrl;
use shared::domain::sign_in::standard_claims::UnverifiedEmailPolicy;
use std::sync::Arc;

/// The configuration of every instance.
pub struct RelyingParty {
    pub config: OidcConfig,
    secrets: Client,
    internet: Network,
}

impl RelyingParty {
    /// A relying party of this provider, whose client secret is in Secrets Manager.
    pub async fn new(internet: Network, issuer: &str, client_id: &str, client_secret: &str) -> Self {
        let stage = new_stage();
        let local_config =
            LocalConfig { aws_endpoint: aws::endpoint().to_owned(), issuer: String::new(), stage };
        let secrets = AwsClients::new(&config(&local_config).aws).secrets_manager();
        let name = format!("latchkey/{}/upstream", local_config.stage);
        secrets.create_secret().name(&name).secret_string(client_secret).send().await.unwrap();
        let config = OidcConfig {
            issuer: ProviderUrl::parse_issuer(issuer).unwrap(),
            client_id: client_id.to_owned(),
            client_secret: name,
            trusted_audiences: Vec::new(),
            unverified_email: UnverifiedEmailPolicy::Refuse,
        };
        Self { config, secrets, internet }
    }

    /// Starts another instance.
    pub fn start(&self) -> OidcClient {
        let fetcher = Arc::new(Fetcher::new(self.internet.clone()));
        let secret = DeploymentSecret::new(self.secrets.clone(), self.config.client_secret.clone());
        OidcClient::new(self.config.clone(), fetcher, secret)
    }

    /// Replaces the stored client secret.
    pub async fn replace_secret(&self, text: &str) {
        let putting = self.secrets.put_secret_value().secret_id(&self.config.client_secret);
        putting.secret_string(text).send().await.unwrap();
    }

    pub async fn delete_secret(&self) {
        let deleting = self.secrets.delete_secret().secret_id(&self.config.client_secret);
        deleting.force_delete_without_recovery(true).send().await.unwrap();
    }
}
