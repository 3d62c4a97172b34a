//! The form of a new client as the body of the request that the API takes, and as the input of the use case.

use super::preset::{FormPart, Preset, SignIn};
use crate::forms::Form;
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
    set("token_endpoint_auth_method", json!(<&str>::from(sign_in.method())));
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
    for (member, unit) in [("access_token_lifetime", 60), ("refresh_token_lifetime", 86_400)] {
        if let Some(text) = text(form, member) {
            // What is no number is refused by the type of the member.
            let seconds = text.parse::<u32>().ok().and_then(|number| number.checked_mul(unit));
            set(member, seconds.map_or_else(|| json!(text), |seconds| json!(seconds)));
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
