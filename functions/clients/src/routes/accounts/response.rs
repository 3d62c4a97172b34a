//! Accounts in responses.

use serde::Serialize;
use shared::domain::account::{Account, Status};
use shared::domain::primitives::display_text::Name;
use shared::domain::primitives::ids::AccountId;
use utoipa::ToSchema;

/// An account.
#[derive(Serialize, ToSchema)]
pub struct AccountResponse {
    #[schema(value_type = String)]
    account_id: AccountId,
    #[schema(value_type = String)]
    account_name: Name,
    #[schema(value_type = String, pattern = "^(active|disabled)$")]
    status: Status,
    #[schema(value_type = String, format = DateTime)]
    created_at: jiff::Timestamp,
    #[schema(value_type = String, format = DateTime)]
    updated_at: jiff::Timestamp,
}

impl From<Account> for AccountResponse {
    fn from(account: Account) -> Self {
        let Account { account_id, account_name, status, created_at, updated_at, version: _, unknown: _ } =
            account;
        Self { account_id, account_name, status, created_at, updated_at }
    }
}
