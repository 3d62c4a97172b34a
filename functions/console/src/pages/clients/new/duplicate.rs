//! A new client like another one: the form of a new client, filled in.

use crate::account_request::AccountRequest;
use crate::error::ConsoleError;
use crate::forms::Form;
use crate::frame::display_name;
use crate::pages::clients::new::{NewClientForm, Preset};
use crate::pages::clients::rotate::form::SecretForm;
use crate::respond;
use crate::state::ConsoleState;
use axum::extract::{Path, State};
use axum::response::Response;
use jiff::ToSpan;
use jiff::tz::TimeZone;
use serde_json::json;
use shared::adapters::crypto::key_reader::to_pem;
use shared::domain::client::client_keys::ClientKeys;
use shared::domain::client::secret::Secret;
use shared::domain::client::{AuthMethod, Client};
use shared::domain::management::ManagementScope;
use std::sync::Arc;

/// `GET …/clients/{client_id}/duplicate`
pub async fn show(
    State(state): State<Arc<ConsoleState>>,
    Path((_, client_id)): Path<(String, String)>,
    request: AccountRequest,
) -> Result<Response, ConsoleError> {
    let clients = request.clients(&state)?;
    let known = clients.with_secrets(&client_id).await?;
    request.person.principal.require_scope(ManagementScope::ClientsManage)?;
    request.require_confirmed()?;
    let name = display_name(&known.client.client_name);
    let title = request.texts.with("duplicate-title", [("name", &name)]);
    let secret = known.secrets.last().map(|newest| secret_form(&state, &request, newest));
    let mut fields = fields_of(&known.client);
    let copied_name: String = title.chars().take(100).collect();
    fields.push(("client_name".to_owned(), copied_name));
    let form = NewClientForm::new(&state, &request, Preset::Blank, fields).duplicate(title, secret);
    Ok(respond::page(&form.page(&state, &request).await?))
}

/// The fields of the form for a client like this one.
fn fields_of(client: &Client) -> Vec<(String, String)> {
    let mut fields = Vec::new();
    let mut add = |field: &str, value: String| fields.push((field.to_owned(), value));
    let lines = |values: Vec<String>| values.join("\n");
    add("description", client.description.to_string());
    add("client_uri", client.client_uri.as_ref().map(|uri| uri.as_str().to_owned()).unwrap_or_default());
    add("contacts", lines(client.contacts.iter().map(ToString::to_string).collect()));
    add("allowed_ips", lines(client.allowed_ips.iter().map(ToString::to_string).collect()));
    add("redirect_uris", lines(client.redirect_uris.iter().map(ToString::to_string).collect()));
    add("access_token_lifetime", (client.access_token_lifetime / 60).to_string());
    add("refresh_token_lifetime", (client.refresh_token_lifetime / 86_400).to_string());
    add("secret_display", <&str>::from(client.secret_display).to_owned());
    for grant in &client.grant_types {
        add("grant_types", <&str>::from(*grant).to_owned());
    }
    let sign_in = match client.token_endpoint_auth_method {
        AuthMethod::ClientSecretBasic | AuthMethod::ClientSecretPost => "secret",
        AuthMethod::PrivateKeyJwt if client.key_source.is_none() => "platform",
        AuthMethod::PrivateKeyJwt => "key",
        AuthMethod::None => "nothing",
    };
    add("sign_in", sign_in.to_owned());
    match &client.key_source {
        Some(ClientKeys::JwksUri(uri)) => add("jwks_uri", uri.to_string()),
        Some(ClientKeys::Jwks(set)) => add("public_key_pem", json!(set).to_string()),
        Some(ClientKeys::PublicKeyPem(uploaded)) => {
            add("public_key_pem", to_pem(&uploaded.jwk.key).unwrap_or_default());
        }
        None => {}
    }
    for permission in &client.permissions {
        for scope in permission.scopes.iter() {
            add("scope", format!("{} {scope}", permission.resource));
        }
    }
    fields
}

/// A secret that lives as long as the newest one of the original.
fn secret_form(state: &ConsoleState, request: &AccountRequest, newest: &Secret) -> SecretForm {
    let (limits, now) = (request.secret_limits(state), request.audit_context.now);
    let day = |at: jiff::Timestamp| at.to_zoned(TimeZone::UTC).date();
    let days = day(newest.created_at).until(day(newest.expires_at)).map_or(0, |span| span.get_days());
    let wished = day(now).saturating_add(days.days());
    let Ok(date) = limits.expires_on(Some(wished), now) else {
        return SecretForm::new(request.texts, limits, now);
    };
    let is_offered = limits.choices(now).values().any(|offered| *offered == date);
    let mut fields = vec![("remind".to_owned(), "yes".to_owned())];
    if is_offered {
        fields.push(("ends".to_owned(), date.to_string()));
    } else {
        fields.push(("ends".to_owned(), "other".to_owned()));
        fields.push(("ends_on".to_owned(), date.to_string()));
    }
    let form: Form = fields.into_iter().collect();
    SecretForm::filled(request.texts, limits, now, &form)
}
