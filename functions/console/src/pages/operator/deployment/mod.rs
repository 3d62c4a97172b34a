//! The deployment: its addresses, its keys, its e-mails, and the settings in force. Nothing here is a secret.

mod changes;
mod cloudwatch;
mod keys;
mod settings;

pub use changes::show as changes;

use super::frame;
use crate::error::ConsoleError;
use crate::frame::Frame;
use crate::frame::navigation::OPERATOR_ROOT;
use crate::operator_request::OperatorRequest;
use crate::pages::parts::time::Instant;
use crate::respond;
use crate::state::ConsoleState;
use askama::Template;
use axum::extract::State;
use axum::response::Response;
use cloudwatch::CloudWatch;
use jiff::Timestamp;
use keys::KeyRow;
use settings::Fact;
use shared::adapters::email::mailer::Quota;
use shared::adapters::error::BackendError;
use shared::domain::management::ManagementScope;
use std::sync::Arc;
use std::time::Duration;

/// How long the page waits for each thing that it can do without.
const TIMEOUT: Duration = Duration::from_secs(2);

/// Path of the page, below the operator's first one.
const PATH: &str = "/deployment";

/// What SES says of sending.
enum MailState {
    /// The deployment sends no e-mails.
    Off,
    /// SES could not be read.
    Unknown,
    Known(Arc<Quota>),
}

#[derive(Template)]
#[template(path = "operator/deployment.html")]
struct DeploymentPage<'a> {
    frame: Frame<'a>,
    issuer: &'a str,
    version: &'static str,
    changes: String,
    /// When the signing keys were rotated, and when they are next; `None` if that could not be read.
    rotation: Option<[Option<Instant>; 2]>,
    /// The published keys; none if they could not be read.
    keys: Vec<KeyRow>,
    mail: MailState,
    cloudwatch: Option<CloudWatch>,
    settings: Vec<Fact>,
}

/// `GET /console/operator/deployment`
pub async fn show(
    State(state): State<Arc<ConsoleState>>,
    request: OperatorRequest,
) -> Result<Response, ConsoleError> {
    request.person.principal.require_scope(ManagementScope::AccountsManage)?;
    let (texts, now, config) = (request.texts, request.audit_context.now, &state.app().config);
    let (rotation, published, mail) = tokio::join!(
        known("rotation of the signing keys", state.app().signing_key_rotation()),
        known("published keys", state.management.published_keys()),
        mail(&state, now),
    );
    let instant = |at: Option<Timestamp>| at.map(|at| Instant::new(texts, at, now));
    let page = DeploymentPage {
        rotation: rotation.map(|keys| [instant(keys.rotated_at), instant(keys.next_rotation_at)]),
        keys: keys::rows(texts, published.unwrap_or_default(), now),
        mail,
        cloudwatch: CloudWatch::of(config),
        frame: frame(&state, &request, texts.get("nav-operator-deployment")),
        issuer: &config.issuer,
        version: env!("CARGO_PKG_VERSION"),
        changes: format!("{OPERATOR_ROOT}{PATH}/changes"),
        settings: settings::settings(config, texts),
    };
    Ok(respond::page(&page))
}

/// What a read returns in time; `None` otherwise, with a line in the log.
async fn known<T>(what: &'static str, read: impl Future<Output = Result<T, BackendError>>) -> Option<T> {
    match tokio::time::timeout(TIMEOUT, read).await {
        Ok(Ok(value)) => Some(value),
        Ok(Err(cause)) => {
            tracing::warn!(what, %cause, "the page of the deployment lacks something");
            None
        }
        Err(cause) => {
            tracing::warn!(what, %cause, "the page of the deployment lacks something");
            None
        }
    }
}

async fn mail(state: &ConsoleState, now: Timestamp) -> MailState {
    let Some(email) = state.management.email() else { return MailState::Off };
    known("SES quota", email.quota(now)).await.map_or(MailState::Unknown, MailState::Known)
}
