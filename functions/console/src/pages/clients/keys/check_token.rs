//! Comparing a pasted token of a platform with the identities of a client. The token is kept nowhere.

use crate::account_request::AccountRequest;
use crate::error::ConsoleError;
use crate::forms::filled_form::FilledForm;
use crate::forms::form_target::FormTarget;
use crate::frame::Frame;
use crate::pages::clients::credentials::key_rows::members;
use crate::pages::clients::{client_frame, credentials_url};
use crate::respond;
use crate::state::ConsoleState;
use askama::Template;
use axum::extract::{Path, State};
use axum::response::Response;
use http::StatusCode;
use shared::domain::client::Client;
use shared::domain::client::federated_identity::FederatedIdentity;
use shared::domain::oauth::client_assertion::comparison::ExternalToken;
use shared::domain::oauth::client_assertion::validation::AssertionError;
use shared::domain::primitives::validation::FieldError;
use shared::domain::primitives::visible_text::without_hidden_characters;
use shared::texts::Texts;
use std::sync::Arc;

/// A claim that an identity names.
struct ClaimRow {
    name: String,
    /// What the identity wants.
    wanted: String,
    /// What the token has.
    found: String,
    is_same: bool,
}

/// An identity, and what of the token is as it names it.
struct IdentityResult {
    is_match: bool,
    rows: Vec<ClaimRow>,
}

/// What is found of a token.
struct TokenResult {
    /// `iss`, `sub` and `aud`.
    claims: Vec<(&'static str, String)>,
    /// What is wrong with its times.
    times: Option<String>,
    is_acceptable: bool,
    identities: Vec<IdentityResult>,
}

#[derive(Template)]
#[template(path = "clients/keys/check.html")]
struct CheckPage<'a> {
    frame: Frame<'a>,
    target: FormTarget,
    back: String,
    form: FilledForm,
    result: Option<TokenResult>,
}

/// `GET …/credentials/keys/check`
pub async fn show(
    State(state): State<Arc<ConsoleState>>,
    Path((_, client_id)): Path<(String, String)>,
    request: AccountRequest,
) -> Result<Response, ConsoleError> {
    let client = request.client_manager(&state)?.get(&client_id).await?;
    Ok(respond::page(&page(&state, &request, &client, FilledForm::default(), None)))
}

/// `POST …/credentials/keys/check`
pub async fn submit(
    State(state): State<Arc<ConsoleState>>,
    Path((_, client_id)): Path<(String, String)>,
    request: AccountRequest,
) -> Result<Response, ConsoleError> {
    let client = request.client_manager(&state)?.get(&client_id).await?;
    let token: String = request.form.get("token").unwrap_or_default().split_whitespace().collect();
    let token = token.trim_matches(['"', '\'']);
    if let Ok(token) = ExternalToken::read(token, request.audit_context.now) {
        let result = Some(result(request.texts, &token, &client));
        return Ok(respond::page(&page(&state, &request, &client, FilledForm::default(), result)));
    }
    let detail = "is no JSON Web Token: three parts in base64url with dots between them";
    let form = FilledForm::default().with_errors(vec![FieldError::new("token", detail)]);
    let again = page(&state, &request, &client, form, None);
    Ok(respond::page_with_status(StatusCode::UNPROCESSABLE_ENTITY, &again))
}

fn result(texts: Texts, token: &ExternalToken, client: &Client) -> TokenResult {
    let claim = |name: &str| token.claim(name).map_or_else(|| texts.get("claim-absent"), |text| shown(&text));
    let times = token.times.err().map(|error| {
        texts.get(match error {
            AssertionError::TooLong => "token-too-long",
            AssertionError::NotYet => "token-not-yet",
            AssertionError::Expired
            | AssertionError::NotTheClient
            | AssertionError::Audience
            | AssertionError::Jti => "token-expired",
        })
    });
    let identity = |identity: &FederatedIdentity| {
        let compared = token.compare(identity);
        let is_same = |name: &str| match name {
            "iss" => compared.issuer,
            "sub" => compared.subject != Some(false),
            "aud" => compared.audience,
            other => compared.claims.iter().any(|(claim, same)| claim == other && *same),
        };
        let row = |(name, wanted): (String, String)| ClaimRow {
            is_same: is_same(&name),
            found: claim(&name),
            name,
            wanted,
        };
        IdentityResult {
            is_match: compared.is_match(),
            rows: members(identity).into_iter().map(row).collect(),
        }
    };
    TokenResult {
        claims: ["iss", "sub", "aud"].map(|name| (name, claim(name))).into(),
        times,
        is_acceptable: token.is_acceptable,
        identities: client.federated_identities.iter().map(identity).collect(),
    }
}

/// A claim as it is shown: no longer than the longest that can be registered.
fn shown(text: &str) -> String {
    const LONGEST: usize = 512;
    let end = text.floor_char_boundary(LONGEST);
    let rest = if end < text.len() { "…" } else { "" };
    format!("{}{rest}", without_hidden_characters(&text[..end]))
}

fn page<'a>(
    state: &'a ConsoleState,
    request: &'a AccountRequest,
    client: &Client,
    form: FilledForm,
    result: Option<TokenResult>,
) -> CheckPage<'a> {
    let mut frame = client_frame(state, request, client, request.texts.get("check-token-title"));
    frame.has_errors = form.has_errors();
    CheckPage {
        frame,
        target: request.form_target(),
        back: credentials_url(request, client.client_id.as_str(), "/keys"),
        form,
        result,
    }
}
