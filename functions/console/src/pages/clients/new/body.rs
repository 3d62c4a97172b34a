//! The form of a new client as the body of the request that the API takes, and as the input of the use case.

use super::preset::{FormPart, Preset, SignIn};
use crate::forms::{Form, lifetime};
use crate::pages::clients::keys::source::supplied_key;
use crate::pages::clients::permissions::ticked::PermissionsForm;
use crate::pages::clients::rotate::form::SecretForm;
use serde_json::{Map, Value, json};
use shared::domain::client::federated_identity::FederatedIdentity;
use shared::domain::client::permission::RequestedPermission;
use shared::domain::primitives::json_members::JsonMembers;
use shared::domain::primitives::validation::{Field, FieldError, Validator};
use shared::services::clients::{ClientMetadata, CreateClient};

/// Fields whose text is sent as it is, if there is any.
const TEXTS: [&str; 3] = ["description", "client_uri", "client_id"];

/// Fields with one value a line.
const LINES: [&str; 2] = ["contacts", "allowed_ips"];

/// The body of `POST /v1/accounts/{account_id}/clients` that makes the same client.
pub fn api_body(preset: Preset, form: &Form, permissions: &[RequestedPermission]) -> Value {
    let mut body = metadata(preset, form);
    let permission = |held: &RequestedPermission| json!({ "resource": held.resource, "scopes": held.scopes });
    if !permissions.is_empty() {
        body.insert("permissions".to_owned(), permissions.iter().map(permission).collect());
    }
    Value::Object(body)
}

/// Everything but the permissions.
fn metadata(preset: Preset, form: &Form) -> Map<String, Value> {
    let mut body = Map::new();
    let mut set = |member: &str, value: Value| body.insert(member.to_owned(), value);
    let sign_in = preset.sign_in(form);
    if let Some(name) = text(form, "client_name") {
        set("client_name", json!(name));
    }
    for member in TEXTS {
        if let Some(text) = text(form, member) {
            set(member, json!(text));
        }
    }
    set("grant_types", json!(preset.grant_types(form)));
    set("token_endpoint_auth_method", json!(<&str>::from(sign_in.method(form))));
    for member in LINES {
        if let Some(lines) = lines(form, member) {
            set(member, lines);
        }
    }
    if let Some(lines) = lines(form, "redirect_uris").filter(|_| preset.asks(FormPart::Redirects)) {
        set("redirect_uris", lines);
    }
    match sign_in {
        SignIn::Key => {
            for member in ["jwks_uri", "public_key_pem"] {
                if let Some(text) = text(form, member) {
                    set(member, json!(text));
                }
            }
        }
        SignIn::Platform => {
            let identities = identity(preset, form).ok().map(|identity| vec![identity.to_json()]);
            set("federated_identities", json!(identities.unwrap_or_default()));
        }
        SignIn::Secret => {
            set("secret", SecretForm::api_body(form));
            for member in ["secret_storage", "secret_display"] {
                if let Some(value) = form.get(member) {
                    set(member, json!(value));
                }
            }
        }
        SignIn::Nothing => {}
    }
    for member in ["access_token_lifetime", "refresh_token_lifetime"] {
        if let Some(text) = text(form, member) {
            // What is no number is refused by the type of the member.
            set(
                member,
                lifetime::seconds(form, member).map_or_else(|| json!(text), |seconds| json!(seconds)),
            );
        }
    }
    if form.get("status") == Some("disabled") {
        set("status", json!("disabled"));
    }
    body
}

/// The new client of a form.
pub fn new_client(preset: Preset, form: &Form, permissions: PermissionsForm) -> CreateClient {
    let body = metadata(preset, form);
    let mut errors = Validator::new();
    errors.extend(permissions.errors);
    errors.extend(ignored(preset, form));
    let secret = match preset.sign_in(form) {
        SignIn::Secret => {
            let read = SecretForm::read(form, None);
            errors.extend(read.errors.into_errors().into_iter().map(|error| error.nested("secret")));
            Field::Present(Ok(read.options))
        }
        SignIn::Key | SignIn::Platform | SignIn::Nothing => Field::Missing,
    };
    let members = JsonMembers::new(&body);
    let mut metadata = ClientMetadata::from_members(members);
    if preset.sign_in(form) == SignIn::Platform {
        let read = identity(preset, form).map(|identity| vec![identity]).map_err(at_first);
        metadata.federated_identities = Field::Present(read);
    }
    if preset.sign_in(form) == SignIn::Key
        && let Some(key) = supplied_key(form)
    {
        metadata.public_key_pem = Field::Present(key.map(Some));
    }
    CreateClient {
        client_id: members.field("client_id"),
        metadata,
        status: members.field("status"),
        permissions: Field::Present(Ok(permissions.ticked.requested())),
        secret,
        template: None,
        errors,
    }
}

/// Complaints about what is filled in for another way to sign in than the chosen one: the client would not get it.
fn ignored(preset: Preset, form: &Form) -> Vec<FieldError> {
    let sign_in = preset.sign_in(form);
    let mut errors = Vec::new();
    let mut complain = |own: SignIn, field: &str, path: &str, detail: &str| {
        if sign_in != own && text(form, field).is_some() {
            errors.push(FieldError::new(path, detail));
        }
    };
    for (field, path) in
        [("jwks_uri", "jwks_uri"), ("public_key_pem", "public_key_pem"), ("file", "public_key_pem")]
    {
        complain(
            SignIn::Key,
            field,
            path,
            "is for a client with a key of its own: choose that, or leave it out",
        );
    }
    let others =
        if preset.asks(FormPart::Platform) { ["issuer", "subject", "claims"].as_slice() } else { &[] };
    for field in others {
        let detail = "is for a client with a token of its platform: choose that, or leave it out";
        complain(SignIn::Platform, field, field, detail);
    }
    let detail = "is for a client with a secret: choose that, or leave it out";
    complain(SignIn::Secret, "label", "secret/label", detail);
    complain(SignIn::Secret, "ends_on", "secret/expires_on", detail);
    if sign_in != SignIn::Secret && form.get("secret_display") == Some("on_request") {
        errors.push(FieldError::new("secret_display", detail));
    }
    errors
}

/// Errors of the values of the only identity.
fn at_first(errors: Vec<FieldError>) -> Vec<FieldError> {
    errors.into_iter().map(|error| error.nested("0")).collect()
}

fn text<'a>(form: &'a Form, field: &str) -> Option<&'a str> {
    form.get(field).map(str::trim).filter(|text| !text.is_empty())
}

fn lines(form: &Form, field: &str) -> Option<Value> {
    let lines: Vec<&str> =
        text(form, field)?.lines().map(str::trim).filter(|line| !line.is_empty()).collect();
    Some(json!(lines))
}

/// The identity that the values of the platform make.
fn identity(preset: Preset, form: &Form) -> Result<FederatedIdentity, Vec<FieldError>> {
    preset.platform(form).identity(|field| text(form, field).unwrap_or_default())
}
