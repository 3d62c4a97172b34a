//! The custom resources of the stack. One is the initial data of a deployment, the signing keys and the operator's client:
//! creating and updating it creates what is missing and changes nothing that exists; deleting it does nothing, because
//! tokens and clients outlive it. An operator who invokes the function with `{"ensure": "operator"}` also gets back what was
//! disabled or deleted of the operator's account and client, and with `"member"` makes a person an operator, with a link into
//! the console. The other resource is the digest of the stack's settings, by
//! which a changed parameter publishes new versions of the functions.
//!
//! Every custom resource request is answered, a failed one with its reason: without a response the stack waits for an
//! hour.

mod error;
mod request;

pub use error::{BootstrapError, InvocationError};
pub use request::InvalidEvent;

use jiff::{SignedDuration, Timestamp};
use request::{CustomResource, CustomResourceRequest, Event, RequestType};
use serde_json::{Map, Value, json};
use shared::adapters::crypto::digest::sha256_hex;
use shared::adapters::error::BackendError;
use shared::adapters::lambda::custom_resource::{CustomResourceResponse, Status};
use shared::adapters::retry::slow_backoff;
use shared::app::AwsClients;
use shared::app::{
    App, BootstrapOutcome, Clock, Config, ConfigError, ManagementState, StageError, bootstrap, check_stage,
    ensure_operator_member, operator_console_link, restore_operator,
};
use shared::domain::primitives::email::EmailAddress;
use shared::services::console::links::IssuedLink;
use std::sync::Arc;
use std::time::Duration;

/// Whether the operator is reminded before the operator's secret expires, because people have to renew it.
const SEND_REMINDERS: bool = true;
/// Time before the invocation's deadline at which the work is aborted, so that a response can still be sent.
const DEADLINE_MARGIN: SignedDuration = SignedDuration::from_secs(30);
/// Attempts at the work of one event.
const ATTEMPTS: usize = 4;

/// Handler of the function's events.
pub struct BootstrapHandler {
    dependencies: Result<Dependencies, ConfigError>,
    clock: Clock,
}

/// What is done about an operator that exists.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Mode {
    /// It stays as it is.
    CreateMissing,
    /// What was disabled or deleted is brought back.
    Restore,
}

/// What is to exist.
#[derive(Clone)]
struct Work {
    mode: Mode,
    /// A member of the operator's account.
    member: Option<EmailAddress>,
    previous_stage: Option<String>,
}

/// What exists.
struct Done {
    outcome: BootstrapOutcome,
    /// The link of a person who is to be an operator by a manual request.
    link: Option<IssuedLink>,
}

#[derive(Clone)]
struct Dependencies {
    management: Arc<ManagementState>,
    aws: AwsClients,
}

impl BootstrapHandler {
    /// Builds the handler. It connects to nothing yet. With an invalid configuration, each request is answered with its
    /// error.
    #[must_use]
    pub fn new(config: Result<Config, ConfigError>) -> Self {
        let dependencies = config.map(|config| {
            let aws = AwsClients::new(&config.aws);
            let app = Arc::new(App::new(config, &aws, Clock::System));
            Dependencies { management: Arc::new(ManagementState::new(app, &aws)), aws }
        });
        Self { dependencies, clock: Clock::System }
    }
}

/// Handles an event. A custom resource request is answered at its response URL; the result of a manual request is
/// returned.
pub async fn handle(
    handler: &BootstrapHandler,
    event: Value,
    deadline: Timestamp,
) -> Result<Map<String, Value>, InvocationError> {
    let event = Event::parse(event).inspect_err(|cause| tracing::error!(%cause, "event rejected"))?;
    let request = match event {
        Event::Manual { member } => {
            let work = Work { mode: Mode::Restore, member, previous_stage: None };
            return handler.ensure(work, deadline).await.map_err(InvocationError::ManualRequest);
        }
        Event::CustomResource(request) => *request,
    };
    let result = match (request.request_type, &request.resource) {
        (
            Ok(RequestType::Create | RequestType::Update),
            Ok(CustomResource::Bootstrap { member: Ok(member) }),
        ) => {
            let (member, previous_stage) = (member.clone(), request.previous_stage.clone());
            handler.ensure(Work { mode: Mode::CreateMissing, member, previous_stage }, deadline).await
        }
        (
            Ok(RequestType::Create | RequestType::Update),
            Ok(CustomResource::Bootstrap { member: Err(invalid) }),
        ) => Err((*invalid).into()),
        (Ok(RequestType::Create | RequestType::Update), Ok(CustomResource::Settings(properties))) => {
            Ok(Map::from_iter([("Digest".to_owned(), json!(digest(properties, &request.physical_id())))]))
        }
        // Of any resource, so that what a newer version has created can be removed.
        (Ok(RequestType::Delete), _) => Ok(Map::new()),
        (Err(unknown), _) => Err(unknown.into()),
        (_, Err(unknown)) => Err((*unknown).into()),
    };
    let request_type = request.request_type;
    match &result {
        Ok(_) => tracing::info!(?request_type, "custom resource answered"),
        Err(reason) => tracing::error!(?request_type, %reason, "custom resource failed"),
    }
    respond(request, result).await.map_err(InvocationError::Delivery)?;
    Ok(Map::new())
}

/// A digest of the values, short enough for a description. An object is serialized with its members in order. It is another
/// one for a resource that was deleted and created again, as by an older release without it and back: Lambda publishes no
/// version that equals the last one.
fn digest(properties: &Value, physical_id: &str) -> String {
    let mut digest = sha256_hex(&[physical_id.as_bytes(), properties["Values"].to_string().as_bytes()]);
    digest.truncate(16);
    digest
}

async fn respond(
    request: CustomResourceRequest,
    result: Result<Map<String, Value>, BootstrapError>,
) -> Result<(), BackendError> {
    let (status, reason, data) = match result {
        Ok(data) => (Status::Success, String::new(), data),
        Err(error) => (Status::Failed, error.to_string(), Map::new()),
    };
    let response = CustomResourceResponse {
        status,
        reason,
        physical_resource_id: request.physical_id(),
        stack_id: request.stack_id,
        request_id: request.request_id,
        logical_resource_id: request.logical_resource_id,
        data,
    };
    response.send(&request.response_url).await
}

impl BootstrapHandler {
    /// Creates what is missing, and returns the names of what exists then.
    async fn ensure(&self, work: Work, deadline: Timestamp) -> Result<Map<String, Value>, BootstrapError> {
        let Dependencies { management, aws } = self.dependencies.as_ref().map_err(Clone::clone)?.clone();
        let timeout = deadline.duration_since(self.clock.now()).saturating_sub(DEADLINE_MARGIN);
        let timeout = Duration::try_from(timeout).unwrap_or_default();
        // In a task of its own, so that even a panic is answered: the release profile unwinds.
        let work = tokio::spawn(async move { Box::pin(with_retries(&work, &management, &aws)).await });
        let abort = work.abort_handle();
        match tokio::time::timeout(timeout, work).await {
            Ok(Ok(done)) => {
                let Done { outcome, link } = done?;
                let mut data = Map::from_iter([
                    ("OperatorClientId".to_owned(), json!(outcome.client_id)),
                    ("OperatorSecretName".to_owned(), json!(outcome.secret_name)),
                ]);
                if let Some(link) = link {
                    data.insert("ConsoleLink".to_owned(), json!(link.url));
                    data.insert("ConsoleLinkExpiresAt".to_owned(), json!(link.expires_at));
                }
                Ok(data)
            }
            Ok(Err(_)) => Err(BootstrapError::Panicked),
            Err(_) => {
                abort.abort();
                Err(BootstrapError::TimedOut)
            }
        }
    }
}

/// In a new stack it can take some seconds until the function's role is known everywhere.
async fn with_retries(
    work: &Work,
    management: &ManagementState,
    aws: &AwsClients,
) -> Result<Done, BootstrapError> {
    let mut pauses = slow_backoff(ATTEMPTS);
    loop {
        let failed = match run(work, management, aws).await {
            Err(BootstrapError::Backend(error) | BootstrapError::Stage(StageError::Backend(error))) => error,
            decided => return decided,
        };
        let Some(pause) = pauses.next() else { return Err(failed.into()) };
        tracing::warn!(cause = %failed, "bootstrap failed, retrying");
        tokio::time::sleep(pause).await;
    }
}

/// Nothing is created before the stage is known to be right.
async fn run(work: &Work, management: &ManagementState, aws: &AwsClients) -> Result<Done, BootstrapError> {
    check_stage(management, work.previous_stage.as_deref()).await?;
    let secrets_manager = aws.secrets_manager();
    let outcome = match work.mode {
        Mode::CreateMissing => bootstrap(management, &secrets_manager, SEND_REMINDERS).await?,
        Mode::Restore => restore_operator(management, &secrets_manager, SEND_REMINDERS).await?,
    };
    let Some(email) = &work.member else { return Ok(Done { outcome, link: None }) };
    ensure_operator_member(management, email, work.mode == Mode::Restore).await?;
    // Not for CloudFormation, which keeps what it is answered.
    let link = match work.mode {
        Mode::CreateMissing => None,
        Mode::Restore => Some(operator_console_link(management, email).await?),
    };
    Ok(Done { outcome, link })
}
