//! The whole of Latchkey in one process: every function's router on one port, as API Gateway would
//! put them behind one host name.

use crate::dev_routes;
use crate::http_layers;
use crate::rotation::RotationDriver;
use crate::tables;
use authorize::ResponseTiming;
use aws_credential_types::Credentials;
use axum::Router;
use rotate_keys::Rotation;
use shared::adapters::error::BackendError;
use shared::adapters::remote::Network;
use shared::adapters::store::Tables;
use shared::app::bootstrap;
use shared::app::{
    AdjustableClock, App, AwsClients, AwsConfig, Clock, Config, Endpoints, MailConfig, ManagementState,
    OperatorCredentials, operator_credentials,
};
use shared::domain::client::SecretStorage;
use shared::domain::client::secret_expiry::SecretLimits;
use shared::domain::oauth::lifetime;
use shared::domain::primitives::email::EmailAddress;
use shared::domain::reminder::ReminderSchedule;
use std::sync::Arc;

/// What the house stands on.
#[derive(Clone, Debug)]
pub struct LocalConfig {
    /// Where AWS, or its emulator, answers.
    pub aws_endpoint: String,
    /// The issuer: where the house itself answers.
    pub issuer: String,
    /// Part of the names of everything in AWS: houses of different stages do not meet.
    pub stage: String,
}

/// Latchkey, assembled and provisioned.
#[derive(Clone)]
pub struct LocalServer {
    /// What the functions share.
    pub management: Arc<ManagementState>,
    /// Its connections.
    pub aws: AwsClients,
    /// Its clock.
    pub clock: Arc<AdjustableClock>,
    /// The operator's credentials.
    pub operator: Arc<OperatorCredentials>,
    /// The scheduled job.
    pub job: Arc<expiry::Job>,
    /// The rotation of the signing keys.
    pub rotator: RotationDriver,
    ground: LocalConfig,
}

/// The configuration of a house on this ground, with every default.
#[must_use]
pub fn config(ground: &LocalConfig) -> Config {
    let stage = &ground.stage;
    Config {
        stage: stage.clone(),
        issuer: ground.issuer.clone(),
        tables: Tables {
            directory: format!("latchkey-{stage}-directory"),
            grants: format!("latchkey-{stage}-grants"),
            audit: format!("latchkey-{stage}-audit"),
        },
        signing_keys_secret: format!("latchkey/{stage}/signing-keys"),
        pepper_secret: format!("latchkey/{stage}/pepper"),
        event_bus: None,
        secret_storage: SecretStorage::SecretsManager,
        secret_limits: SecretLimits::default(),
        max_access_token_lifetime: lifetime::DEFAULT_MAX_ACCESS_SECONDS,
        reminder_days: ReminderSchedule::default(),
        mail: mail(&ground.issuer),
        upstream: None,
        log_level: "info".to_owned(),
        internet: Network::System,
        aws: AwsConfig {
            region: "eu-central-1".to_owned(),
            credentials: Credentials::new("local", "local", None, None, "local"),
            endpoints: Endpoints::at(&ground.aws_endpoint),
        },
    }
}

/// The sender, whom the emulator takes for verified once it has been told so.
const SENDER: &str = "latchkey@latchkey.example";

fn mail(issuer: &str) -> Option<MailConfig> {
    Some(MailConfig {
        sender: EmailAddress::parse(SENDER).ok()?,
        operator: EmailAddress::parse("operator@latchkey.example").ok()?,
        link: format!("{issuer}/v1/accounts/{{account_id}}/clients/{{client_id}}"),
        configuration_set: None,
    })
}

/// Nobody is told before the operator's secret ends: a start of the runner renews it.
pub const REMIND_OPERATOR: bool = false;

impl LocalServer {
    /// Makes tables, keys and the operator's client where they are missing, and assembles the functions.
    pub async fn build(ground: LocalConfig, config: Config) -> Result<Self, String> {
        let clock = Arc::new(AdjustableClock::default());
        let aws = AwsClients::new(&config.aws);
        tables::ensure(&aws.dynamodb(), &config.tables).await?;
        if let Some(mail) = &config.mail {
            let verified = aws.ses().verify_email_identity().email_address(mail.sender.as_str()).send().await;
            verified
                .map_err(|error| BackendError::aws("verifying the sender of mails", &error).to_string())?;
        }
        let app = Arc::new(App::new(config, &aws, Clock::Adjustable(Arc::clone(&clock))));
        let management = Arc::new(ManagementState::new(app, &aws));
        let said = |fault: BackendError| fault.to_string();
        bootstrap(&management, &aws.secrets_manager(), REMIND_OPERATOR).await.map_err(said)?;
        let operator = operator_credentials(&management).await.map_err(said)?;
        let job = expiry::Job::new(Arc::clone(&management), &aws).map_err(|error| error.to_string())?;
        let rotation = Arc::new(Rotation::new(Arc::clone(&management.app), &aws));
        let keys = management.app.config.signing_keys_secret.clone();
        let rotator = RotationDriver::new(rotation, aws.secrets_manager(), keys);
        let (operator, job) = (Arc::new(operator), Arc::new(job));
        Ok(Self { management, aws, clock, operator, job, rotator, ground })
    }

    /// Every function's routes, and the runner's own.
    pub fn router(&self) -> Router {
        let routes = token::router(Arc::clone(&self.management.app))
            .merge(authorize::router(Arc::clone(&self.management.app), &self.aws, ResponseTiming::Immediate))
            .merge(clients::router(Arc::clone(&self.management)))
            .merge(dev_routes::router(
                Arc::clone(&self.clock),
                Arc::clone(&self.job),
                self.rotator.clone(),
                self.ground.aws_endpoint.clone(),
            ));
        http_layers::apply(routes)
    }
}
