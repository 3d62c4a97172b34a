//! What is done to a secret by one button: pausing and resuming it, its reminders, an earlier end; and showing it.

use crate::account_request::AccountRequest;
use crate::error::ConsoleError;
use crate::forms::form_target::FormTarget;
use crate::pages::clients::credentials::once::{self, Occasion, ShownCredentials, ShownSecret};
use crate::pages::clients::credentials_url;
use crate::pages::parts::notice::Notice;
use crate::state::ConsoleState;
use axum::extract::{Path, State};
use axum::response::Response;
use jiff::Timestamp;
use jiff::civil::Date;
use shared::domain::client::secret::{Secret, SecretStatus};
use shared::services::clients::{ClientReader, SecretChange, SecretRevealer};
use shared::services::modify::ANY_VERSION;
use shared::texts::Texts;
use shared::web::response::see_other;
use std::sync::Arc;

/// A change of a secret that can be taken back, or ends it on a later day.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum SecretAction {
    Pause,
    Resume,
    Remind,
    Mute,
    End,
}

/// A form of one button.
pub struct ActionForm {
    /// Where it is sent.
    pub target: FormTarget,
    /// Text of the button.
    pub text: String,
}

impl ActionForm {
    /// The form for an action on the secret at `url`.
    pub fn new(request: &AccountRequest, url: &str, segment: &str, text: String) -> Self {
        Self { target: request.form_target_at(&format!("{url}/{segment}")), text }
    }
}

impl SecretAction {
    pub const ALL: [Self; 5] = [Self::Pause, Self::Resume, Self::Remind, Self::Mute, Self::End];

    /// The last segment of its path.
    pub const fn segment(self) -> &'static str {
        match self {
            Self::Pause => "pause",
            Self::Resume => "resume",
            Self::Remind => "remind",
            Self::Mute => "mute",
            Self::End => "end",
        }
    }

    fn of_path(path: &str) -> Option<Self> {
        let segment = path.rsplit('/').next()?;
        Self::ALL.into_iter().find(|action| action.segment() == segment)
    }

    /// The actions that the card of a secret offers.
    pub fn offered(secret: &Secret, now: Timestamp) -> Vec<Self> {
        if !secret.is_live(now) {
            return Vec::new();
        }
        let toggle = if secret.status.is_active() { Self::Pause } else { Self::Resume };
        vec![toggle, if secret.remind { Self::Mute } else { Self::Remind }]
    }

    /// Text of its button.
    pub fn text(self, texts: Texts) -> String {
        texts.get(match self {
            Self::Pause => "secret-pause",
            Self::Resume => "secret-resume",
            Self::Remind => "secret-remind",
            Self::Mute => "secret-mute",
            Self::End => "secret-end",
        })
    }
}

/// `POST …/secrets/{secret_id}/{pause|resume|remind|mute|end}`
pub async fn submit(
    State(state): State<Arc<ConsoleState>>,
    Path((_, client_id, secret_id)): Path<(String, String, String)>,
    request: AccountRequest,
) -> Result<Response, ConsoleError> {
    let action = SecretAction::of_path(&request.path).ok_or(ConsoleError::NotFound)?;
    let clients = request.client_manager(&state)?;
    let notice = match action {
        SecretAction::Pause => {
            clients.set_secret_status(&client_id, &secret_id, SecretStatus::Paused).await?;
            Notice::SecretPaused
        }
        SecretAction::Resume => {
            clients.set_secret_status(&client_id, &secret_id, SecretStatus::Active).await?;
            Notice::SecretResumed
        }
        SecretAction::Remind | SecretAction::Mute => {
            let remind = action == SecretAction::Remind;
            let change = SecretChange { remind: Some(remind), ..SecretChange::default() };
            clients.update_secret(&client_id, &secret_id, change, ANY_VERSION).await?;
            if remind { Notice::RemindersOn } else { Notice::RemindersOff }
        }
        SecretAction::End => {
            let on = request.form.get("on").and_then(|on| on.parse::<Date>().ok());
            let expires_on = Some(on.ok_or(ConsoleError::InvalidForm)?);
            let change = SecretChange { expires_on, ..SecretChange::default() };
            clients.update_secret(&client_id, &secret_id, change, ANY_VERSION).await?;
            Notice::SecretEnds
        }
    };
    // Back to where the button was.
    let below = if request.form.get("from") == Some("rotate") { "/rotate" } else { "" };
    Ok(see_other(&notice.after(&credentials_url(&request, &client_id, below))))
}

/// `POST …/secrets/{secret_id}/show`: the value of a secret that may be shown again.
pub async fn reveal(
    State(state): State<Arc<ConsoleState>>,
    Path((_, client_id, secret_id)): Path<(String, String, String)>,
    request: AccountRequest,
) -> Result<Response, ConsoleError> {
    let account_id = request.account.account_id.as_str();
    let secrets = SecretRevealer::authorize(request.management(&state), account_id)?;
    request.require_confirmed_at(&credentials_url(&request, &client_id, ""))?;
    let clients = ClientReader::authorize(request.management(&state), account_id)?;
    let (client, secret) = clients.secret(&client_id, &secret_id).await?;
    let value = secrets.reveal(&client_id, &secret_id).await?;
    let secret = Some(ShownSecret { secret: &secret, value: Some(&value) });
    let shown = ShownCredentials { client: &client, secret, occasion: Occasion::ShownAgain, finding: None };
    once::respond(&state, &request, shown).await
}
