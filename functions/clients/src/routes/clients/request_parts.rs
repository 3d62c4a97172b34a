//! Objects within a client as it is sent: its first secret and its permissions.

use crate::json_body::{UnknownFields, unknown_members};
use jiff::civil::Date;
use serde::Deserialize;
use serde_json::Value;
use shared::domain::client::permission::RequestedPermission;
use shared::domain::primitives::display_text::Label;
use shared::domain::primitives::ids::ResourceId;
use shared::domain::primitives::validation::{
    Field, FieldError, FromJson, Validator, from_string, invalid, kind_of,
};
use shared::domain::resource::scope::ScopeSet;
use shared::services::clients::SecretRequest;
use utoipa::ToSchema;

/// Options of the first secret.
#[derive(Debug, Default, Deserialize, ToSchema)]
pub struct SecretOptionsSchema {
    /// The last day (UTC) on which it works, until 23:59:00; 90 days ahead if absent.
    #[serde(default)]
    #[schema(value_type = String, format = Date, example = "2027-02-18")]
    pub expires_on: Field<DateParam>,
    /// Whether reminders are sent; true if absent.
    #[serde(default)]
    #[schema(value_type = bool)]
    pub remind: Field<bool>,
    /// What people call it; 1 to 30 characters.
    #[serde(default)]
    #[schema(value_type = String, min_length = 1, max_length = 30)]
    pub label: Field<Label>,
    #[serde(flatten)]
    #[schema(ignore)]
    unknown: UnknownFields,
}

/// The value of `secret`.
#[derive(Clone, Debug)]
pub struct RequestedSecretOptions(pub SecretRequest);

impl FromJson for RequestedSecretOptions {
    fn from_json(value: &Value) -> Result<Self, Vec<FieldError>> {
        let Ok(body) = SecretOptionsSchema::deserialize(value) else {
            return invalid(format!(
                "must be an object with expires_on, remind and label, not {}",
                kind_of(value)
            ));
        };
        let mut checked = Validator::new();
        checked.extend(unknown_members(&body.unknown));
        let expires_on = checked.optional("expires_on", body.expires_on).map(|date| date.0);
        let remind = checked.optional("remind", body.remind);
        let label = checked.optional("label", body.label);
        if checked.is_ok() {
            Ok(Self(SecretRequest { expires_on, remind, label }))
        } else {
            Err(checked.into_errors())
        }
    }
}

/// A calendar date on the wire (RFC 3339 `full-date`).
#[derive(Clone, Copy, Debug)]
pub struct DateParam(pub Date);

impl FromJson for DateParam {
    fn from_json(value: &Value) -> Result<Self, Vec<FieldError>> {
        const SHAPE: &str = "must be a date such as 2027-02-18";
        from_string(value, |text| {
            let date: Date = text.parse().map_err(|_| SHAPE)?;
            // The parser also accepts other formats than full-date; only that one is written back unchanged.
            if date.to_string() == text { Ok(Self(date)) } else { Err(SHAPE) }
        })
    }
}

/// A requested permission.
#[derive(Debug, Deserialize, ToSchema)]
pub struct PermissionSchema {
    /// The id of a resource.
    #[serde(default)]
    #[schema(required = true, value_type = String, example = "backoffice_api")]
    resource: Field<ResourceId>,
    /// Some of its scopes; its `default_scopes` if absent.
    #[serde(default)]
    #[schema(value_type = Vec<String>, example = json!(["orders:read"]))]
    scopes: Field<ScopeSet>,
    #[serde(flatten)]
    #[schema(ignore)]
    unknown: UnknownFields,
}

/// One element of `permissions`.
pub struct PermissionRequest(pub RequestedPermission);

impl FromJson for PermissionRequest {
    fn from_json(value: &Value) -> Result<Self, Vec<FieldError>> {
        let Ok(body) = PermissionSchema::deserialize(value) else {
            return invalid(format!("must be an object with resource and scopes, not {}", kind_of(value)));
        };
        let mut checked = Validator::new();
        checked.extend(unknown_members(&body.unknown));
        let resource = checked.required("resource", body.resource);
        let scopes = checked.optional("scopes", body.scopes);
        match resource {
            Some(resource) if checked.is_ok() => Ok(Self(RequestedPermission { resource, scopes })),
            _ => Err(checked.into_errors()),
        }
    }
}
