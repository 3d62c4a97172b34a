//! The objects within a client as it is sent: its first secret, its permissions.

use crate::body::{Unknown, unknown_members};
use jiff::civil::Date;
use serde::Deserialize;
use serde_json::Value;
use shared::domain::ids::ResourceId;
use shared::domain::permission::RequestedPermission;
use shared::domain::scope::ScopeSet;
use shared::domain::validation::{Checked, FieldError, FromJson, Input, from_string, kind_of, wrong};
use utoipa::ToSchema;

/// When the first secret ends, and whether anybody is told before.
#[derive(Debug, Default, Deserialize, ToSchema)]
pub struct SecretBody {
    /// The last day (UTC) on which it works, until 23:59:00; 90 days ahead if absent.
    #[serde(default)]
    #[schema(value_type = String, format = Date, example = "2027-02-18")]
    pub expires_on: Input<ExpiryDate>,
    /// Whether reminders are sent; true if absent.
    #[serde(default)]
    #[schema(value_type = bool)]
    pub remind: Input<bool>,
    #[serde(flatten)]
    #[schema(ignore)]
    unknown: Unknown,
}

/// A secret's terms as they were asked for.
#[derive(Clone, Copy, Debug, Default)]
pub struct RequestedTerms {
    pub expires_on: Option<Date>,
    pub remind: Option<bool>,
}

impl FromJson for RequestedTerms {
    fn from_json(value: &Value) -> Result<Self, Vec<FieldError>> {
        let Ok(body) = SecretBody::deserialize(value) else {
            return wrong(format!("must be an object with expires_on and remind, not {}", kind_of(value)));
        };
        let mut checked = Checked::new();
        checked.extend(unknown_members(&body.unknown));
        let expires_on = checked.optional("expires_on", body.expires_on).map(|date| date.0);
        let remind = checked.optional("remind", body.remind);
        if checked.is_clean() { Ok(Self { expires_on, remind }) } else { Err(checked.into_errors()) }
    }
}

/// A calendar date on the wire (RFC 3339 `full-date`).
#[derive(Clone, Copy, Debug)]
pub struct ExpiryDate(pub Date);

impl FromJson for ExpiryDate {
    fn from_json(value: &Value) -> Result<Self, Vec<FieldError>> {
        const SHAPE: &str = "must be a date such as 2027-02-18";
        from_string(value, |text| {
            let date: Date = text.parse().map_err(|_| SHAPE)?;
            // The parser takes more than full-date; what it wrote is what it must have read.
            if date.to_string() == text { Ok(Self(date)) } else { Err(SHAPE) }
        })
    }
}

/// A permission as it is asked for.
#[derive(Debug, Deserialize, ToSchema)]
pub struct PermissionBody {
    /// The id of a resource.
    #[serde(default)]
    #[schema(required = true, value_type = String, example = "backoffice_api")]
    resource: Input<ResourceId>,
    /// Some of its scopes; its `default_scopes` if absent.
    #[serde(default)]
    #[schema(value_type = Vec<String>, example = json!(["orders:read"]))]
    scopes: Input<ScopeSet>,
    #[serde(flatten)]
    #[schema(ignore)]
    unknown: Unknown,
}

/// One element of `permissions`.
pub struct WantedPermission(pub RequestedPermission);

impl FromJson for WantedPermission {
    fn from_json(value: &Value) -> Result<Self, Vec<FieldError>> {
        let Ok(body) = PermissionBody::deserialize(value) else {
            return wrong(format!("must be an object with resource and scopes, not {}", kind_of(value)));
        };
        let mut checked = Checked::new();
        checked.extend(unknown_members(&body.unknown));
        let resource = checked.required("resource", body.resource);
        let scopes = checked.optional("scopes", body.scopes);
        match resource {
            Some(resource) if checked.is_clean() => Ok(Self(RequestedPermission { resource, scopes })),
            _ => Err(checked.into_errors()),
        }
    }
}
