//! Accounts in responses.

use crate::domain::account::limits::{EffectiveLimits, Usage};
use crate::domain::account::{Account, EndUserPolicy, Entitlement, Status};
use crate::domain::primitives::display_text::Name;
use crate::domain::primitives::ids::{AccountId, ResourceId};
use crate::domain::primitives::language::Language;
use crate::domain::resource::scope::ScopeSet;
use serde::Serialize;
use serde_json::Value;
use std::collections::BTreeMap;
use utoipa::ToSchema;

/// What an account may give its clients.
#[derive(Serialize, ToSchema)]
pub struct EntitlementResponse {
    #[schema(value_type = String)]
    resource: ResourceId,
    /// Absent if it is all that are not restricted.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Vec<String>, required = false)]
    scopes: Option<ScopeSet>,
}

/// An account.
#[derive(Serialize, ToSchema)]
pub struct AccountResponse {
    #[schema(value_type = String)]
    account_id: AccountId,
    #[schema(value_type = String)]
    account_name: Name,
    #[schema(value_type = String, pattern = "^(active|disabled)$")]
    status: Status,
    entitlements: Vec<EntitlementResponse>,
    /// Claims of its access tokens.
    #[schema(value_type = Object)]
    claims: BTreeMap<String, Value>,
    /// Who may sign in to its clients.
    #[schema(value_type = String, pattern = "^(members|anyone)$")]
    end_users: EndUserPolicy,
    /// The language of e-mails to its members and contacts who have chosen none; null: the deployment's.
    #[schema(value_type = Option<String>, pattern = "^(en|de)$")]
    locale: Option<Language>,
    #[schema(value_type = String, format = DateTime)]
    created_at: jiff::Timestamp,
    #[schema(value_type = String, format = DateTime)]
    updated_at: jiff::Timestamp,
}

/// An account with its limits, and what it uses of them.
#[derive(Serialize, ToSchema)]
pub struct AccountWithUsageResponse {
    #[serde(flatten)]
    account: AccountResponse,
    limits: LimitsResponse,
    usage: UsageResponse,
}

/// The limits that apply to an account: its own, or the deployment's.
#[derive(Serialize, ToSchema)]
pub struct LimitsResponse {
    clients: u32,
    members: u32,
    mail_recipients_per_day: u32,
}

/// What an account uses of its limits. It has no part in the `ETag`.
#[derive(Serialize, ToSchema)]
pub struct UsageResponse {
    clients: u64,
    members: u64,
}

impl From<Account> for AccountResponse {
    fn from(account: Account) -> Self {
        Self {
            account_id: account.account_id,
            account_name: account.account_name,
            status: account.status,
            entitlements: account.entitlements.iter().cloned().map(EntitlementResponse::from).collect(),
            claims: account.claims.as_map().clone(),
            end_users: account.end_users,
            locale: account.locale,
            created_at: account.created_at,
            updated_at: account.updated_at,
        }
    }
}

impl From<Entitlement> for EntitlementResponse {
    fn from(entitlement: Entitlement) -> Self {
        Self { resource: entitlement.resource, scopes: entitlement.scopes }
    }
}

impl AccountWithUsageResponse {
    /// The account with its limits and what it uses of them.
    #[must_use]
    pub fn new(account: Account, (limits, usage): (EffectiveLimits, Usage)) -> Self {
        let EffectiveLimits { clients, members, mail_recipients_per_day } = limits;
        let limits = LimitsResponse { clients, members, mail_recipients_per_day };
        let usage = UsageResponse { clients: usage.clients, members: usage.members };
        Self { account: account.into(), limits, usage }
    }
}
