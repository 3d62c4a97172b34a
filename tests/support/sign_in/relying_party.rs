//! Latchkey as the client of an OpenID Connect provider: instances of a function that know nothing of it yet.

use crate::support::app::new_stage;
use crate::support::aws;
use aws_sdk_secretsmanager::Client;
use local::server::{LocalConfig, config};
use shared::adapters::oidc::{OidcClient, OidcConfig};
use shared::adapters::remote::{Fetcher, Network};
use shared::adapters::secrets_manager::secret_reader::SecretReader;
use shared::app::AwsClients;
use shared::domain::net::provider_url::ProviderUrl;
use shared::domain::sign_in::standard_claims::UnverifiedEmailPolicy;
use std::sync::Arc;

/// What every instance is configured with.
pub struct RelyingParty {
    pub config: OidcConfig,
    secrets: Client,
    internet: Network,
}

impl RelyingParty {
    /// A client of this provider, whose secret is in Secrets Manager.
    pub async fn new(internet: Network, issuer: &str, client_id: &str, client_secret: &str) -> Self {
        let stage = new_stage();
        let ground = LocalConfig { aws_endpoint: aws::endpoint().to_owned(), issuer: String::new(), stage };
        let secrets = AwsClients::new(&config(&ground).aws).secrets_manager();
        let name = format!("latchkey/{}/upstream", ground.stage);
        secrets.create_secret().name(&name).secret_string(client_secret).send().await.unwrap();
        let config = OidcConfig {
            issuer: ProviderUrl::parse_issuer(issuer).unwrap(),
            client_id: client_id.to_owned(),
            client_secret: name,
            unverified_email: UnverifiedEmailPolicy::Refuse,
        };
        Self { config, secrets, internet }
    }

    /// Another instance.
    pub fn start(&self) -> OidcClient {
        let fetcher = Arc::new(Fetcher::new(self.internet.clone()));
        OidcClient::new(self.config.clone(), fetcher, SecretReader::new(self.secrets.clone()))
    }

    /// Puts another text where the client secret is.
    pub async fn replace_secret(&self, text: &str) {
        let putting = self.secrets.put_secret_value().secret_id(&self.config.client_secret);
        putting.secret_string(text).send().await.unwrap();
    }

    pub async fn delete_secret(&self) {
        let deleting = self.secrets.delete_secret().secret_id(&self.config.client_secret);
        deleting.force_delete_without_recovery(true).send().await.unwrap();
    }
}
