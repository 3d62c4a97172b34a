//! The first things of a deployment, as a CloudFormation custom resource: the ring of signing keys and the
//! operator's client. Creating and updating it makes what is missing and changes nothing that is there;
//! deleting it does nothing, because tokens and clients outlive it.
//!
//! Whatever goes wrong is answered, with a reason: a stack that hears nothing waits for an hour.

mod request;

pub use request::InvalidEvent;

use jiff::{SignedDuration, Timestamp};
use request::{Event, RequestType, StackRequest};
use serde_json::{Map, Value, json};
use shared::adapters::error::BackendError;
use shared::adapters::lambda::custom_resource::{Answer, Status};
use shared::app::AwsClients;
use shared::app::bootstrap;
use shared::app::{App, BootstrapOutcome, Clock, Config, ConfigError, ManagementState};
use std::sync::Arc;
use std::time::Duration;

/// The operator's secret is renewed by people, so they are told before it ends.
const SEND_REMINDERS: bool = true;
/// So long before its deadline the work is given up, so that there is time to say so.
const DEADLINE_MARGIN: SignedDuration = SignedDuration::from_secs(30);

/// Before each further attempt.
const BACKOFF: [Duration; 3] = [Duration::from_secs(2), Duration::from_secs(4), Duration::from_secs(8)];

/// What the function works on, or why it cannot.
pub struct BootstrapHandler {
    assembled: Result<Dependencies, ConfigError>,
    clock: Clock,
}

#[derive(Clone)]
struct Dependencies {
    management: Arc<ManagementState>,
    aws: AwsClients,
}

impl BootstrapHandler {
    /// Assembles the function. Connects to nothing yet.
    #[must_use]
    pub fn new(config: Result<Config, ConfigError>) -> Self {
        let assembled = config.map(|config| {
            let aws = AwsClients::new(&config.aws);
            let app = Arc::new(App::new(config, &aws, Clock::System));
            Dependencies { management: Arc::new(ManagementState::new(app, &aws)), aws }
        });
        Self { assembled, clock: Clock::System }
    }
}

/// Why an invocation failed. Lambda tries such an event again.
#[derive(Debug, thiserror::Error)]
pub enum InvocationError {
    /// Nobody can be answered.
    #[error(transparent)]
    Event(#[from] InvalidEvent),
    /// The answer did not arrive.
    #[error(transparent)]
    Delivery(BackendError),
    /// The operator who asked by hand reads it here.
    #[error("{0}")]
    ManualRequest(String),
}

/// Handles an event, and answers whoever asked. What it returns is for those who ask by hand.
pub async fn answer(
    deployment: &BootstrapHandler,
    event: Value,
    deadline: Timestamp,
) -> Result<Map<String, Value>, InvocationError> {
    let event = Event::parse(event).inspect_err(|cause| tracing::error!(%cause, "not answered"))?;
    let request = match event {
        Event::ManualRequest => {
            return deployment.ensure(deadline).await.map_err(InvocationError::ManualRequest);
        }
        Event::Stack(request) => request,
    };
    let done = match request.kind {
        Ok(RequestType::Create | RequestType::Update) => deployment.ensure(deadline).await,
        Ok(RequestType::Delete) => Ok(Map::new()),
        Err(unknown) => Err(unknown.to_string()),
    };
    match &done {
        Ok(_) => tracing::info!(request_type = ?request.kind, "custom resource answered"),
        Err(reason) => tracing::error!(request_type = ?request.kind, reason, "custom resource failed"),
    }
    deliver(request, done).await?;
    Ok(Map::new())
}

async fn deliver(
    request: StackRequest,
    done: Result<Map<String, Value>, String>,
) -> Result<(), InvocationError> {
    let (status, reason, data) = match done {
        Ok(data) => (Status::Success, String::new(), data),
        Err(reason) => (Status::Failed, reason, Map::new()),
    };
    let answer = Answer {
        status,
        reason,
        // It stays the same whatever changes, or CloudFormation would take it for another resource.
        physical_resource_id: request.physical_resource_id.unwrap_or_else(|| "latchkey-bootstrap".to_owned()),
        stack_id: request.stack_id,
        request_id: request.request_id,
        logical_resource_id: request.logical_resource_id,
        data,
    };
    answer.deliver(&request.response_url).await.map_err(InvocationError::Delivery)
}

impl BootstrapHandler {
    /// Makes what is missing; what there is then, or why not.
    async fn ensure(&self, deadline: Timestamp) -> Result<Map<String, Value>, String> {
        let Dependencies { management, aws } = self.assembled.as_ref().map_err(ToString::to_string)?.clone();
        let left = deadline.duration_since(self.clock.now()).saturating_sub(DEADLINE_MARGIN);
        let left = Duration::try_from(left).unwrap_or_default();
        // On a task of its own, so that even a panic is answered: the release profile unwinds.
        let work = tokio::spawn(async move { Box::pin(with_retries(&management, &aws)).await });
        let stop = work.abort_handle();
        match tokio::time::timeout(left, work).await {
            Ok(Ok(Ok(made))) => Ok(Map::from_iter([
                ("OperatorClientId".to_owned(), json!(made.client_id)),
                ("OperatorSecretName".to_owned(), json!(made.secret_name)),
            ])),
            Ok(Ok(Err(fault))) => Err(fault.to_string()),
            Ok(Err(_)) => Err("the bootstrap stopped unexpectedly; its log says where".to_owned()),
            Err(_) => {
                stop.abort();
                Err("the bootstrap took too long; try again".to_owned())
            }
        }
    }
}

/// In a new stack the function's role may be known everywhere only some seconds after it was made.
async fn with_retries(
    management: &ManagementState,
    aws: &AwsClients,
) -> Result<BootstrapOutcome, BackendError> {
    for pause in BACKOFF {
        match bootstrap(management, &aws.secrets_manager(), SEND_REMINDERS).await {
            Ok(made) => return Ok(made),
            Err(fault) => tracing::warn!(cause = %fault, "the bootstrap is tried again"),
        }
        tokio::time::sleep(pause).await;
    }
    bootstrap(management, &aws.secrets_manager(), SEND_REMINDERS).await
}
