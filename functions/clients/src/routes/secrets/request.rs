//! Secrets as they are sent.

use crate::json_body::{self, RequestBody, UnknownFields};
use crate::problem::Problem;
use serde::Deserialize;
use shared::domain::client::secret_expiry::FullDate;
use shared::domain::client::secret_rotation::ReplacePolicy;
use shared::domain::primitives::display_text::Label;
use shared::domain::primitives::validation::Field;
use shared::services::clients::{AddSecret, SecretChange, SecretRequest};
use utoipa::ToSchema;

/// A new secret.
#[derive(Deserialize, ToSchema)]
pub struct AddSecretRequest {
    /// The last day (UTC) on which it works, until 23:59:00; 90 days ahead if absent.
    #[serde(default)]
    #[schema(value_type = String, format = Date, example = "2027-02-18")]
    expires_on: Field<FullDate>,
    /// Whether reminders are sent; true if absent.
    #[serde(default)]
    #[schema(value_type = bool)]
    remind: Field<bool>,
    /// What people call it; 1 to 30 characters.
    #[serde(default)]
    #[schema(value_type = String, min_length = 1, max_length = 30, example = "Rotation of February")]
    label: Field<Label>,
    /// The live secret that it replaces at once: `newest`, `oldest`, `all` or a `secret_id`.
    #[serde(default)]
    #[schema(value_type = String, example = "oldest")]
    replace: Field<ReplacePolicy>,
    #[serde(flatten)]
    #[schema(ignore)]
    unknown: UnknownFields,
}

/// A change of a secret.
#[derive(Deserialize, ToSchema)]
pub struct UpdateSecretRequest {
    /// Whether reminders are sent.
    #[serde(default)]
    #[schema(value_type = bool)]
    remind: Field<bool>,
    /// What people call it; 1 to 30 characters. Null removes it.
    #[serde(default)]
    #[schema(value_type = Option<String>, min_length = 1, max_length = 30)]
    label: Field<Option<Label>>,
    /// The last day (UTC) on which it works, until 23:59:00: today or later, and not later than before.
    #[serde(default)]
    #[schema(value_type = String, format = Date, example = "2027-02-18")]
    expires_on: Field<FullDate>,
    #[serde(flatten)]
    #[schema(ignore)]
    unknown: UnknownFields,
}

impl RequestBody for UpdateSecretRequest {
    fn unknown(&self) -> &UnknownFields {
        &self.unknown
    }
}

impl UpdateSecretRequest {
    /// Parses the body.
    pub fn parse(json: &[u8]) -> Result<SecretChange, Problem> {
        let (body, mut checked) = json_body::read::<Self>(json)?;
        let change = SecretChange {
            remind: checked.optional("remind", body.remind),
            label: checked.optional("label", body.label),
            expires_on: checked.optional("expires_on", body.expires_on).map(|date| date.0),
        };
        if checked.is_ok() { Ok(change) } else { Err(Problem::Invalid(checked.into_errors())) }
    }
}

impl RequestBody for AddSecretRequest {
    fn unknown(&self) -> &UnknownFields {
        &self.unknown
    }
}

impl AddSecretRequest {
    /// Parses the body.
    pub fn parse(json: &[u8]) -> Result<AddSecret, Problem> {
        let (body, mut errors) = json_body::read::<Self>(json)?;
        let options = SecretRequest {
            expires_on: errors.optional("expires_on", body.expires_on).map(|date| date.0),
            remind: errors.optional("remind", body.remind),
            label: errors.optional("label", body.label),
        };
        let replace = errors.optional("replace", body.replace);
        Ok(AddSecret { options, replace, errors })
    }
}
