//! Objects within a client as it is sent, for the documentation: its first secret and its permissions.

use utoipa::ToSchema;

/// Options of the first secret.
#[derive(ToSchema)]
#[expect(dead_code, reason = "describes what SecretRequest reads")]
pub struct SecretOptionsSchema {
    /// The last day (UTC) on which it works, until 23:59:00; 90 days ahead if absent.
    #[schema(value_type = Option<String>, required = false, nullable = false, format = Date, example = "2027-02-18")]
    expires_on: Option<String>,
    /// Whether reminders are sent; true if absent.
    #[schema(required = false, nullable = false)]
    remind: Option<bool>,
    /// What people call it; 1 to 30 characters.
    #[schema(required = false, nullable = false, min_length = 1, max_length = 30)]
    label: Option<String>,
}

/// A requested permission.
#[derive(ToSchema)]
#[expect(dead_code, reason = "describes what RequestedPermission reads")]
pub struct PermissionSchema {
    /// The id of a resource.
    #[schema(example = "backoffice_api")]
    resource: String,
    /// Some of its scopes; its `default_scopes` if absent.
    #[schema(required = false, nullable = false, example = json!(["orders:read"]))]
    scopes: Option<Vec<String>>,
}
