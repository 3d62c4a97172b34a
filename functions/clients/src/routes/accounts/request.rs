//! Accounts as they are sent.

use crate::json_body::{self, RequestBody, UnknownFields};
use crate::problem::Problem;
use serde::Deserialize;
use shared::domain::account::Status;
use shared::domain::primitives::display_text::Name;
use shared::domain::primitives::ids::AccountId;
use shared::domain::primitives::validation::Field;
use shared::services::accounts::{AccountChange, CreateAccount};
use utoipa::ToSchema;

/// A new account.
#[derive(Deserialize, ToSchema)]
pub struct CreateAccountRequest {
    /// Chosen by the caller if it is free; `T` and eight digits otherwise.
    #[serde(default)]
    #[schema(value_type = String, pattern = "^[A-Za-z0-9][A-Za-z0-9._-]{0,63}$", example = "T12345678")]
    account_id: Field<AccountId>,
    /// Its name; 1 to 100 characters.
    #[serde(default)]
    #[schema(required = true, value_type = String, min_length = 1, max_length = 100, example = "Acme")]
    account_name: Field<Name>,
    #[serde(flatten)]
    #[schema(ignore)]
    unknown: UnknownFields,
}

/// A change of an account.
#[derive(Deserialize, ToSchema)]
pub struct UpdateAccountRequest {
    /// Its name; 1 to 100 characters.
    #[serde(default)]
    #[schema(value_type = String, min_length = 1, max_length = 100)]
    account_name: Field<Name>,
    /// `disabled` stops all its clients: the management API at once, their tokens within a minute.
    #[serde(default)]
    #[schema(value_type = String, pattern = "^(active|disabled)$")]
    status: Field<Status>,
    #[serde(flatten)]
    #[schema(ignore)]
    unknown: UnknownFields,
}

impl RequestBody for CreateAccountRequest {
    fn unknown(&self) -> &UnknownFields {
        &self.unknown
    }
}

impl RequestBody for UpdateAccountRequest {
    fn unknown(&self) -> &UnknownFields {
        &self.unknown
    }
}

impl CreateAccountRequest {
    /// Parses the body.
    pub fn parse(json: &[u8]) -> Result<CreateAccount, Problem> {
        let (body, mut checked) = json_body::read::<Self>(json)?;
        let account_id = checked.optional("account_id", body.account_id);
        let account_name = checked.required("account_name", body.account_name);
        match account_name {
            Some(account_name) if checked.is_ok() => Ok(CreateAccount { account_id, account_name }),
            _ => Err(Problem::Invalid(checked.into_errors())),
        }
    }
}

impl UpdateAccountRequest {
    /// Parses the body.
    pub fn parse(json: &[u8]) -> Result<AccountChange, Problem> {
        let (body, mut checked) = json_body::read::<Self>(json)?;
        let account_name = checked.optional("account_name", body.account_name);
        let status = checked.optional("status", body.status);
        if checked.is_ok() {
            Ok(AccountChange { account_name, status })
        } else {
            Err(Problem::Invalid(checked.into_errors()))
        }
    }
}
