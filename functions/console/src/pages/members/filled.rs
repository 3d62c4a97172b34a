//! What a form about a member has filled in.

use super::role::{CUSTOM, Role};
use crate::forms::Form;
use serde_json::{Value, json};
use shared::domain::management::ManagementScope;
use shared::domain::primitives::display_text::Name;
use shared::domain::primitives::language::Language;
use shared::domain::primitives::validation::{FieldError, FromJson};
use std::collections::BTreeSet;

/// What a form has filled in.
pub struct Filled {
    pub name: Result<Name, Vec<FieldError>>,
    pub permissions: BTreeSet<ManagementScope>,
    pub mail: bool,
    pub locale: Option<Language>,
}

impl Filled {
    /// Reads a form.
    pub fn read(form: &Form) -> Self {
        let name = form.get("name").unwrap_or_default().trim();
        let chosen = form.get("role").unwrap_or(CUSTOM);
        let boxes = || form.all("permissions").filter_map(|scope| scope.parse().ok()).collect();
        Self {
            name: Name::from_json(&json!(name)).map_err(|errors| at("name", errors)),
            permissions: Role::parse(chosen).map_or_else(boxes, Role::scopes),
            mail: form.get("mail").is_some(),
            locale: form.get("locale").and_then(|tag| tag.parse().ok()),
        }
    }

    /// The body by which the API does the same.
    pub fn to_json(&self) -> Value {
        let name = self.name.as_ref().map_or("Ann", |name| name.as_str());
        json!({ "name": name, "permissions": self.permissions, "mail": self.mail, "locale": self.locale })
    }
}

/// Complaints, at a field.
pub fn at(field: &str, errors: Vec<FieldError>) -> Vec<FieldError> {
    errors.into_iter().map(|error| FieldError::new(field, error.detail)).collect()
}
