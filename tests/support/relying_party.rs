//! Latchkey as the client of an OpenID Connect provider: instances of a function that know nothing of it yet.

use super::emulator;
use super::house::new_stage;
use aws_sdk_secretsmanager::Client;
use local::house::{Ground, config};
use shared::adapters::outside::{Fetcher, Internet};
use shared::adapters::secret_reader::SecretReader;
use shared::adapters::upstream::{Upstream, UpstreamConfig};
use shared::assembly::AwsClients;
use shared::domain::person_claims::UnverifiedEmail;
use shared::domain::provider_url::ProviderUrl;
use std::sync::Arc;

/// What every instance is configured with.
pub struct RelyingParty {
    pub config: UpstreamConfig,
    secrets: Client,
    internet: Internet,
}

impl RelyingParty {
    /// A client of this provider, whose secret is in Secrets Manager.
    pub async fn new(internet: Internet, issuer: &str, client_id: &str, client_secret: &str) -> Self {
        let stage = new_stage();
        let ground = Ground { aws_endpoint: emulator::endpoint().to_owned(), issuer: String::new(), stage };
        let secrets = AwsClients::new(&config(&ground).aws).secrets_manager();
        let name = format!("latchkey/{}/upstream", ground.stage);
        secrets.create_secret().name(&name).secret_string(client_secret).send().await.unwrap();
        let config = UpstreamConfig {
            issuer: ProviderUrl::parse_issuer(issuer).unwrap(),
            client_id: client_id.to_owned(),
            client_secret: name,
            unverified_email: UnverifiedEmail::Refuse,
        };
        Self { config, secrets, internet }
    }

    /// Another instance.
    pub fn start(&self) -> Upstream {
        let fetcher = Arc::new(Fetcher::new(self.internet.clone()));
        Upstream::new(self.config.clone(), fetcher, SecretReader::new(self.secrets.clone()))
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
