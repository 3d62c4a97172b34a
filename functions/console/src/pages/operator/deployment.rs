//! The deployment: its addresses, its keys, and the settings in force. Nothing here is a secret.

use super::frame;
use crate::error::ConsoleError;
use crate::frame::Frame;
use crate::operator_request::OperatorRequest;
use crate::pages::parts::time::Instant;
use crate::respond;
use crate::state::ConsoleState;
use askama::Template;
use axum::extract::State;
use axum::response::Response;
use jiff::Timestamp;
use shared::app::MailConfig;
use shared::domain::client::secret_expiry::MaxLifetime;
use shared::domain::management::ManagementScope;
use shared::texts::Texts;
use std::sync::Arc;

/// A fact: the id of its label, the setting that it comes from, and its value.
struct Fact {
    label: String,
    setting: &'static str,
    value: String,
}

#[derive(Template)]
#[template(path = "operator/deployment.html")]
struct DeploymentPage<'a> {
    frame: Frame<'a>,
    issuer: &'a str,
    version: &'static str,
    /// When the signing keys were rotated, and when they are next.
    rotated: Option<Instant>,
    rotates: Option<Instant>,
    settings: Vec<Fact>,
}

/// `GET /console/operator/deployment`
pub async fn show(
    State(state): State<Arc<ConsoleState>>,
    request: OperatorRequest,
) -> Result<Response, ConsoleError> {
    request.person.principal.require_scope(ManagementScope::AccountsManage)?;
    let (texts, now) = (request.texts, request.audit_context.now);
    let keys = state.app().signing_key_rotation().await?;
    let instant = |at: Option<Timestamp>| at.map(|at| Instant::new(texts, at, now));
    let page = DeploymentPage {
        rotated: instant(keys.rotated_at),
        rotates: instant(keys.next_rotation_at),
        frame: frame(&state, &request, request.texts.get("nav-operator-deployment")),
        issuer: &state.app().config.issuer,
        version: env!("CARGO_PKG_VERSION"),
        settings: settings(&state, request.texts),
    };
    Ok(respond::page(&page))
}

fn settings(state: &ConsoleState, texts: Texts) -> Vec<Fact> {
    let config = &state.app().config;
    let fact = |label: String, setting, value: String| Fact { label, setting, value };
    let sender = config.mail.as_ref().map(|mail: &MailConfig| mail.sender.to_string());
    let max_days = match config.secret_limits.max {
        MaxLifetime::Days(days) => texts.count("days", u64::from(days)),
        MaxLifetime::TwoYears => texts.get("setting-24-months"),
    };
    let limits = config.account_limits;
    let days: Vec<String> = config.reminder_days.days().iter().map(ToString::to_string).collect();
    vec![
        fact(texts.get("setting-stage"), "STAGE", config.stage.clone()),
        fact(texts.get("setting-sender"), "MAIL_SENDER", sender.unwrap_or_else(|| "–".to_owned())),
        fact(texts.get("setting-reminders"), "REMINDER_DAYS", days.join(", ")),
        fact(
            texts.get("setting-provider"),
            "UPSTREAM_ISSUER",
            config.upstream.as_ref().map_or_else(|| "–".to_owned(), |upstream| upstream.issuer.to_string()),
        ),
        fact(
            texts.get("setting-token-default"),
            "ACCESS_TOKEN_LIFETIME_DEFAULT",
            texts.count("minutes", u64::from(config.default_access_token_lifetime / 60)),
        ),
        fact(
            texts.get("setting-token-max"),
            "ACCESS_TOKEN_LIFETIME_MAX",
            texts.count("minutes", u64::from(config.max_access_token_lifetime / 60)),
        ),
        fact(
            texts.get("setting-secret-default"),
            "SECRET_DEFAULT_DAYS",
            texts.count("days", u64::from(config.secret_limits.default_days)),
        ),
        fact(texts.get("setting-secret-max"), "SECRET_MAX_DAYS", max_days),
        fact(texts.get("secret-storage"), "SECRET_STORAGE", <&str>::from(config.secret_storage).to_owned()),
        fact(texts.get("setting-clients"), "CLIENTS_PER_ACCOUNT", limits.clients.to_string()),
        fact(texts.get("setting-members"), "MEMBERS_PER_ACCOUNT", limits.members.to_string()),
        fact(texts.get("limit-mail"), "MAIL_RECIPIENTS_PER_DAY", limits.mail_recipients_per_day.to_string()),
        fact(texts.get("setting-language"), "LOCALE", config.locale.tag().to_owned()),
    ]
}
