//! What is done with credentials while they are shown: download them, test them, and leave the page.

use super::file::{Credentials, CredentialsFile};
use super::{Finding, Occasion, ShownCredentials, ShownSecret, respond};
use crate::account_request::AccountRequest;
use crate::error::ConsoleError;
use crate::pages::clients::use_it::resources_of;
use crate::state::ConsoleState;
use axum::extract::{Path, State};
use axum::response::{IntoResponse, Response};
use http::{HeaderValue, header};
use shared::domain::client::Client;
use shared::domain::client::client_secret::ClientSecret;
use shared::domain::client::secret::Secret;
use shared::domain::oauth::error::ClientAuthFailure;
use shared::services::clients::SecretTrial;
use shared::texts::Texts;
use shared::web::response::see_other;
use shared::web::security_headers::add_security_headers;
use std::sync::Arc;

/// `POST …/clients/{client_id}/credentials/download`: the credentials as a file.
pub async fn download(
    State(state): State<Arc<ConsoleState>>,
    Path((_, client_id)): Path<(String, String)>,
    request: AccountRequest,
) -> Result<Response, ConsoleError> {
    let posted = Posted::read(&state, &request, &client_id).await?;
    let file = request.form.get("format").and_then(CredentialsFile::of_code);
    let file = file.ok_or(ConsoleError::InvalidForm)?;
    let catalogue = state.app().catalogue(request.audit_context.now).await?.value;
    let resources = resources_of(&posted.client, |id| catalogue.resources.get(id));
    let credentials = Credentials {
        client_id: &client_id,
        secret: posted.value.expose(),
        token_url: format!("{}/oauth/token", state.app().config.issuer),
        audience: resources
            .first()
            .map(|(resource, _)| resource.audience.for_account(&posted.client.account_id)),
    };
    let mut response = file.text(&credentials).into_response();
    let headers = response.headers_mut();
    let disposition = format!("attachment; filename=\"{}\"", file.name(&client_id));
    let disposition = HeaderValue::from_str(&disposition).map_err(|_| ConsoleError::InvalidForm)?;
    headers.insert(header::CONTENT_DISPOSITION, disposition);
    headers.insert(header::CONTENT_TYPE, HeaderValue::from_static(file.content_type()));
    headers.insert(header::X_CONTENT_TYPE_OPTIONS, HeaderValue::from_static("nosniff"));
    add_security_headers(headers);
    Ok(response)
}

/// `POST …/clients/{client_id}/credentials/test`: the page once more, with what the secret gets.
pub async fn test(
    State(state): State<Arc<ConsoleState>>,
    Path((_, client_id)): Path<(String, String)>,
    request: AccountRequest,
) -> Result<Response, ConsoleError> {
    let clients = request.client_manager(&state)?;
    let posted = Posted::read(&state, &request, &client_id).await?;
    let trial = clients.try_secret(&client_id, posted.value.expose()).await?;
    let finding = finding(request.texts, trial);
    posted.show_again(&state, &request, finding).await
}

/// `POST …/clients/{client_id}/credentials/done`: leads on; without the tick that the secret is saved, only the second time.
pub async fn done(
    State(state): State<Arc<ConsoleState>>,
    Path((_, client_id)): Path<(String, String)>,
    request: AccountRequest,
) -> Result<Response, ConsoleError> {
    let posted = Posted::read(&state, &request, &client_id).await?;
    if request.form.get("saved").is_some() || request.form.get("reminded").is_some() {
        return Ok(see_other(&posted.occasion.next(&request, &posted.client)));
    }
    posted.show_again(&state, &request, Finding::NotSaved).await
}

/// What a form of the page sends back.
struct Posted {
    client: Client,
    secret: Secret,
    value: ClientSecret,
    occasion: Occasion,
}

impl Posted {
    /// Only what has the form of a secret gets into a page or a file.
    async fn read(
        state: &ConsoleState,
        request: &AccountRequest,
        client_id: &str,
    ) -> Result<Self, ConsoleError> {
        let clients = request.clients(state)?;
        let text = request.form.get("client_secret").unwrap_or_default();
        let value = ClientSecret::parse(text).map_err(|_| ConsoleError::InvalidForm)?;
        let occasion = Occasion::of_form(request)?;
        let secret_id = request.form.get("secret_id").unwrap_or_default();
        let (client, secret) = clients.secret(client_id, secret_id).await?;
        Ok(Self { client, secret, value, occasion })
    }

    async fn show_again(
        &self,
        state: &ConsoleState,
        request: &AccountRequest,
        finding: Finding,
    ) -> Result<Response, ConsoleError> {
        let secret = Some(ShownSecret { secret: &self.secret, value: Some(&self.value) });
        let (client, occasion) = (&self.client, self.occasion);
        respond(state, request, ShownCredentials { client, secret, occasion, finding: Some(finding) }).await
    }
}

fn finding(texts: Texts, trial: SecretTrial) -> Finding {
    match trial {
        SecretTrial::Token(claims) => {
            Finding::Works(serde_json::to_string_pretty(&claims).unwrap_or_default())
        }
        SecretTrial::SignInOnly => Finding::Works(String::new()),
        SecretTrial::Refused(reason) => Finding::Fails(texts.get(refusal_text(reason))),
        SecretTrial::Denied(error) => Finding::Fails(
            texts.with("test-denied", [("error", error.code()), ("detail", error.description())]),
        ),
    }
}

/// The id of the sentence about a refusal. It is shown to the client's owner; callers get one answer for every failure.
const fn refusal_text(reason: ClientAuthFailure) -> &'static str {
    match reason {
        ClientAuthFailure::ExpiredSecret => "test-expired",
        ClientAuthFailure::PausedSecret => "test-paused",
        ClientAuthFailure::ClientDisabled => "test-disabled",
        ClientAuthFailure::AccountDisabled => "test-account-disabled",
        ClientAuthFailure::AddressNotAllowed => "test-address",
        ClientAuthFailure::MethodNotAllowed => "test-method",
        _ => "test-wrong-secret",
    }
}
