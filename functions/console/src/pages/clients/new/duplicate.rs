//! A new client like another one: the form of a new client, filled in.

use crate::account_request::AccountRequest;
use crate::error::ConsoleError;
use crate::forms::{Form, lifetime};
use crate::frame::display_name;
use crate::pages::clients::new::{Copied, NewClientForm, Preset};
use crate::pages::clients::permissions::offered::{OfferedApis, choice_field};
use crate::pages::clients::permissions::words::{place, scope_words};
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
use shared::domain::management::{self, ManagementScope};
use shared::domain::resource::scope::{Scope, ScopeSet};
use std::collections::BTreeSet;
use std::sync::Arc;

/// `GET …/clients/{client_id}/duplicate`
pub async fn show(
    State(state): State<Arc<ConsoleState>>,
    Path((_, client_id)): Path<(String, String)>,
    request: AccountRequest,
) -> Result<Response, ConsoleError> {
    let known = request.clients(&state)?.with_secrets(&client_id).await?;
    let clients = request.client_manager(&state)?;
    request.require_confirmed()?;
    let name = display_name(&known.client.client_name);
    let title = request.texts.with("duplicate-title", [("name", &name)]);
    let newest = known.secrets.iter().max_by_key(|secret| secret.created_at);
    let secret = newest.map(|newest| secret_form(&state, &request, newest));
    let catalogue = state.app().catalogue(request.audit_context.now).await?.value;
    let offered = OfferedApis::new(&catalogue.resources, &request.account.entitlements);
    let (scopes, mut missing) = permissions_of(&request, &offered, &known.client);
    let mut fields = fields_of(&known.client);
    fields.extend(scopes);
    let copied_name: String = title.chars().take(100).collect();
    fields.push(("client_name".to_owned(), copied_name));
    if clients.chooses_storage() {
        fields.push(("secret_storage".to_owned(), <&str>::from(known.client.secret_storage).to_owned()));
    }
    if known.client.key_source.is_some() && known.client.token_endpoint_auth_method.takes_secrets() {
        missing.push(request.texts.get("duplicate-without-key"));
    }
    let copied = Copied { title, missing };
    let form = NewClientForm::new(&state, &request, Preset::Blank, fields).duplicate(copied, secret);
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
    for (member, seconds) in [
        ("access_token_lifetime", client.access_token_lifetime),
        ("refresh_token_lifetime", client.refresh_token_lifetime),
    ] {
        for (name, value) in lifetime::fields(member, seconds) {
            add(&name, value);
        }
    }
    add("secret_display", <&str>::from(client.secret_display).to_owned());
    add("status", <&str>::from(client.status).to_owned());
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
    if client.token_endpoint_auth_method == AuthMethod::ClientSecretPost {
        add("secret_method", <&str>::from(AuthMethod::ClientSecretPost).to_owned());
    }
    match client.key_source.as_ref().filter(|_| sign_in == "key") {
        Some(ClientKeys::JwksUri(uri)) => add("jwks_uri", uri.to_string()),
        Some(ClientKeys::Jwks(set)) => add("public_key_pem", json!(set).to_string()),
        Some(ClientKeys::PublicKeyPem(uploaded)) => {
            add("public_key_pem", to_pem(&uploaded.jwk.key).unwrap_or_default());
        }
        None => {}
    }
    fields
}

/// The boxes of the client's permissions that the person may give another one, and the others in words.
fn permissions_of(
    request: &AccountRequest,
    offered: &OfferedApis<'_>,
    client: &Client,
) -> (Vec<(String, String)>, Vec<String>) {
    let (mut boxes, mut missing) = (Vec::new(), Vec::new());
    for permission in &client.permissions {
        let (id, resource) = (&permission.resource, offered.catalogue.get(&permission.resource));
        let permitted = offered.permitted(id);
        let may_give = |scope: &Scope| {
            let right = ManagementScope::try_from(scope.to_string()).ok();
            let right = right.filter(|_| id.as_str() == management::RESOURCE_ID);
            permitted.as_ref().is_some_and(|permitted| permitted.has(scope))
                && right.is_none_or(|right| request.person.principal.may_grant(&BTreeSet::from([right])))
        };
        let given: ScopeSet = permission.scopes.iter().filter(|scope| may_give(scope)).cloned().collect();
        let lost = permission.scopes.difference(&given);
        if permitted.is_some() && permission.scopes.is_empty() {
            boxes.push(("scope".to_owned(), id.to_string()));
        } else if permitted.is_none() || !lost.is_empty() {
            let words = scope_words(request.texts, resource, id, &lost).join(", ");
            let permission = format!("{}: {words}", place(resource, id));
            missing.push(request.texts.with("duplicate-permission", [("permission", &permission)]));
        }
        boxes.extend(given.iter().map(|scope| ("scope".to_owned(), format!("{id} {scope}"))));
        if let Some((api, apis)) = offered.find(id)
            && apis.len() > 1
        {
            boxes.push((choice_field(api.resource), id.to_string()));
        }
    }
    (boxes, missing)
}

/// A secret that lives as long as the newest one of the original.
fn secret_form(state: &ConsoleState, request: &AccountRequest, newest: &Secret) -> SecretForm {
    let (limits, now) = (request.secret_limits(state), request.audit_context.now);
    let day = |at: jiff::Timestamp| at.to_zoned(TimeZone::UTC).date();
    let days = day(newest.created_at).until(day(newest.expires_at)).map_or(0, |span| span.get_days());
    let wished = day(now).saturating_add(days.days());
    let Ok(date) = limits.expires_on(Some(wished), now) else {
        return SecretForm { remind: newest.remind, ..SecretForm::new(request.texts, limits, now) };
    };
    let is_offered = limits.choices(now).values().any(|offered| *offered == date);
    let mut fields = Vec::new();
    if newest.remind {
        fields.push(("remind".to_owned(), "yes".to_owned()));
    }
    if is_offered {
        fields.push(("ends".to_owned(), date.to_string()));
    } else {
        fields.push(("ends".to_owned(), "other".to_owned()));
        fields.push(("ends_on".to_owned(), date.to_string()));
    }
    let form: Form = fields.into_iter().collect();
    SecretForm::filled(request.texts, limits, now, &form)
}
