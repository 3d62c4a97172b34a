//! All of Latchkey in one process: the routers of all functions on one port, as API Gateway serves them under one host
//! name.

use crate::dev_routes;
use crate::error::BuildError;
use crate::http_layers;
use crate::rotation::RotationDriver;
use crate::tables;
use authorize::{AuthorizeState, ResponseTiming};
use aws_credential_types::Credentials;
use axum::Router;
use console::ConsoleState;
use rotate_keys::Rotation;
use shared::adapters::error::BackendError;
use shared::adapters::remote::Network;
use shared::adapters::secrets_manager::tags::ExtraTags;
use shared::adapters::store::Tables;
use shared::app::bootstrap;
use shared::app::{
    AdjustableClock, App, AwsClients, AwsConfig, Clock, Config, Endpoints, MailConfig, ManagementState,
    OperatorCredentials, operator_credentials,
};
use shared::domain::account::limits::EffectiveLimits;
use shared::domain::brand::Brand;
use shared::domain::client::secret_expiry::SecretLimits;
use shared::domain::client::{SecretStorage, SecretStorageChoice};
use shared::domain::console::session::SessionLifetime;
use shared::domain::oauth::lifetime;
use shared::domain::primitives::email::EmailAddress;
use shared::domain::primitives::language::Language;
use shared::domain::reminder::ReminderSchedule;
use std::sync::Arc;

/// Where a server runs.
#[derive(Clone, Debug)]
pub struct LocalConfig {
    /// URL of AWS or of its emulator.
    pub aws_endpoint: String,
    /// The issuer, which is the URL of the server itself.
    pub issuer: String,
    /// Part of all names in AWS, so that servers of different stages share nothing.
    pub stage: String,
}

/// A server with its tables, keys and operator.
#[derive(Clone)]
pub struct LocalServer {
    /// The state that the functions share.
    pub management: Arc<ManagementState>,
    /// Clients of the AWS services.
    pub aws: AwsClients,
    /// The clock of all functions.
    pub clock: Arc<AdjustableClock>,
    /// The operator's credentials.
    pub operator: Arc<OperatorCredentials>,
    /// The scheduled job.
    pub job: Arc<expiry::Job>,
    /// Driver of the signing keys' rotation.
    pub rotator: RotationDriver,
    aws_endpoint: String,
}

/// The functions' configuration, with every default.
#[must_use]
pub fn config(local: &LocalConfig) -> Config {
    let stage = &local.stage;
    Config {
        stage: stage.clone(),
        issuer: local.issuer.clone(),
        tables: Tables {
            directory: format!("latchkey-{stage}-directory"),
            grants: format!("latchkey-{stage}-grants"),
            audit: format!("latchkey-{stage}-audit"),
        },
        signing_keys_secret: format!("latchkey/{stage}/signing-keys"),
        verification_keys_secret: format!("latchkey/{stage}/verification-keys"),
        pepper_secret: format!("latchkey/{stage}/pepper"),
        audit_retention: None,
        extra_tags: ExtraTags::default(),
        event_bus: None,
        secrets_kms_key: None,
        secret_storage: SecretStorage::SecretsManager,
        secret_storage_choice: SecretStorageChoice::default(),
        account_limits: EffectiveLimits::default(),
        secret_limits: SecretLimits::default(),
        default_access_token_lifetime: lifetime::DEFAULT_ACCESS_SECONDS,
        max_access_token_lifetime: lifetime::DEFAULT_MAX_ACCESS_SECONDS,
        reminder_days: ReminderSchedule::default(),
        mail: mail(&local.issuer),
        console_sessions: SessionLifetime::default(),
        upstream: None,
        locale: Language::default(),
        brand: Brand::default(),
        origin_secrets: None,
        log_level: "info".to_owned(),
        internet: Network::System,
        aws: AwsConfig {
            region: "eu-central-1".to_owned(),
            credentials: Credentials::new("local", "local", None, None, "local"),
            endpoints: Endpoints::at(&local.aws_endpoint),
        },
    }
}

/// The sender of all emails. `build` has the emulator verify it.
const SENDER: &str = "latchkey@latchkey.example";

fn mail(issuer: &str) -> Option<MailConfig> {
    Some(MailConfig {
        sender: EmailAddress::parse(SENDER).ok()?,
        operator: EmailAddress::parse("operator@latchkey.example").ok()?,
        link: MailConfig::console_link(issuer, "credentials/rotate"),
        certificate_link: MailConfig::console_link(issuer, "credentials"),
        configuration_set: None,
    })
}

/// Whether the operator is reminded before the operator's secret expires: not here, since the runner renews it at its
/// start.
pub const REMIND_OPERATOR: bool = false;

impl LocalServer {
    /// Creates the tables, keys and operator's client that are missing, and builds the functions.
    pub async fn build(local: LocalConfig, config: Config) -> Result<Self, BuildError> {
        let aws = AwsClients::new(&config.aws);
        tables::ensure(&aws.dynamodb(), &config.tables).await?;
        if let Some(mail) = &config.mail {
            let verified = aws.ses().verify_email_identity().email_address(mail.sender.as_str()).send().await;
            verified.map_err(|error| BackendError::aws("verifying the sender of mails", &error))?;
        }
        let state = State::new(config, aws);
        bootstrap(&state.management, &state.aws.secrets_manager(), REMIND_OPERATOR).await?;
        Self::over(state, local).await
    }

    /// Builds the functions over a deployment that has all that they need.
    pub async fn connect(local: LocalConfig, config: Config) -> Result<Self, BuildError> {
        let aws = AwsClients::new(&config.aws);
        Self::over(State::new(config, aws), local).await
    }

    async fn over(state: State, local: LocalConfig) -> Result<Self, BuildError> {
        let State { management, aws, clock } = state;
        let operator = operator_credentials(&management).await?;
        let job = expiry::Job::new(Arc::clone(&management), &aws)?;
        let rotation = Arc::new(Rotation::new(Arc::clone(&management.app), &aws));
        let keys = management.app.config.signing_keys_secret.clone();
        let rotator = RotationDriver::new(rotation, aws.secrets_manager(), keys);
        let (operator, job) = (Arc::new(operator), Arc::new(job));
        Ok(Self { management, aws, clock, operator, job, rotator, aws_endpoint: local.aws_endpoint })
    }

    /// The routes of all functions, and the runner's own.
    pub fn router(&self) -> Router {
        let app = &self.management.app;
        let pages = AuthorizeState::new(Arc::clone(app), &self.aws, ResponseTiming::Immediate);
        let routes = token::router(Arc::clone(app))
            .merge(authorize::router(Arc::new(pages)))
            .merge(clients::router(Arc::clone(&self.management)))
            .merge(console::router(Arc::new(ConsoleState::new(Arc::clone(&self.management)))))
            .merge(dev_routes::router(
                Arc::clone(&self.management),
                Arc::clone(&self.clock),
                Arc::clone(&self.job),
                self.rotator.clone(),
                self.aws_endpoint.clone(),
            ));
        http_layers::apply(routes)
    }
}

/// What the functions share.
struct State {
    management: Arc<ManagementState>,
    aws: AwsClients,
    clock: Arc<AdjustableClock>,
}

impl State {
    fn new(config: Config, aws: AwsClients) -> Self {
        let clock = Arc::new(AdjustableClock::default());
        let app = Arc::new(App::new(config, &aws, Clock::Adjustable(Arc::clone(&clock))));
        Self { management: Arc::new(ManagementState::new(app, &aws)), aws, clock }
    }
}
