//! Accounts in responses.

use crate::api::suppressed_contact::SuppressedContact;
use crate::domain::account::limits::{EffectiveLimits, Usage};
use crate::domain::account::mail::Suppression;
use crate::domain::account::{Account, EndUserPolicy, Entitlement, SecretLifetime, SignInMethods, Status};
use crate::domain::primitives::display_text::Name;
use crate::domain::primitives::email::EmailAddress;
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
    /// Recipients of the reminders about all its clients, besides its members and the contacts of each client.
    #[schema(value_type = Vec<String>)]
    contacts: Vec<EmailAddress>,
    secret_lifetime_days: SecretLifetimeResponse,
    /// How its members may sign in to the console.
    #[schema(value_type = Vec<String>, example = json!(["email_code", "provider"]))]
    sign_in_methods: SignInMethods,
    #[schema(value_type = String, format = DateTime)]
    created_at: jiff::Timestamp,
    #[schema(value_type = String, format = DateTime)]
    updated_at: jiff::Timestamp,
}

/// How long new secrets of an account's clients live, in days.
#[derive(Serialize, ToSchema)]
pub struct SecretLifetimeResponse {
    /// Where no date is named; null: as the deployment says.
    default: Option<u16>,
    /// At most; null: as the deployment says.
    max: Option<u16>,
}

/// An account with its limits, what it uses of them, and those of its contacts that are not reached.
#[derive(Serialize, ToSchema)]
pub struct AccountWithUsageResponse {
    #[serde(flatten)]
    account: AccountResponse,
    limits: LimitsResponse,
    usage: UsageResponse,
    /// The `contacts` that get no reminders.
    suppressed_contacts: Vec<SuppressedContact>,
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
    /// Different recipients of reminders and invitations on this day (UTC).
    mail_recipients_today: u64,
}

impl AccountResponse {
    /// The account, in a deployment with or without a provider to sign in at.
    #[must_use]
    pub fn new(account: Account, has_provider: bool) -> Self {
        let SecretLifetime { default, max, .. } = account.secret_lifetime_days;
        Self {
            account_id: account.account_id,
            account_name: account.account_name,
            status: account.status,
            entitlements: account.entitlements.iter().cloned().map(EntitlementResponse::from).collect(),
            claims: account.claims.as_map().clone(),
            end_users: account.end_users,
            locale: account.locale,
            contacts: account.contacts,
            secret_lifetime_days: SecretLifetimeResponse { default, max },
            sign_in_methods: account.sign_in_methods.offered(has_provider),
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
    /// The account with its limits, what it uses of them, and the contacts that get no reminders.
    #[must_use]
    pub fn new(
        account: Account,
        has_provider: bool,
        (limits, usage): (EffectiveLimits, Usage),
        mail_recipients_today: u64,
        suppressed: Vec<(EmailAddress, Suppression)>,
    ) -> Self {
        let EffectiveLimits { clients, members, mail_recipients_per_day } = limits;
        let limits = LimitsResponse { clients, members, mail_recipients_per_day };
        let Usage { clients, members } = usage;
        let usage = UsageResponse { clients, members, mail_recipients_today };
        let suppressed_contacts = SuppressedContact::all(suppressed);
        Self { account: AccountResponse::new(account, has_provider), limits, usage, suppressed_contacts }
    }
}
