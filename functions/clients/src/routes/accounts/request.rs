//! Accounts as they are sent.

use crate::json_body::{self, RequestBody, UnknownFields};
use crate::problem::Problem;
use serde::Deserialize;
use serde_json::Value;
use shared::domain::account::limits::LimitsChange;
use shared::domain::account::{
    ClaimsPatch, EndUserPolicy, Entitlement, SecretLifetimeChange, SignInMethods, Status,
};
use shared::domain::primitives::display_text::Name;
use shared::domain::primitives::email::EmailAddress;
use shared::domain::primitives::ids::{AccountId, ChosenId, ResourceId};
use shared::domain::primitives::language::Language;
use shared::domain::primitives::unknown_attributes::UnknownAttributes;
use shared::domain::primitives::validation::{Field, FieldError, FromJson, Validator, invalid, kind_of};
use shared::domain::resource::scope::ScopeSet;
use shared::services::accounts::{AccountChange, CreateAccount};
use utoipa::ToSchema;

/// What an account may give its clients.
#[derive(Deserialize, ToSchema)]
pub struct EntitlementSchema {
    /// The resource.
    #[serde(default)]
    #[schema(required = true, value_type = String, example = "backoffice_api")]
    resource: Field<ResourceId>,
    /// Its scopes, restricted ones too; all that are not restricted if absent.
    #[serde(default)]
    #[schema(value_type = Vec<String>, example = json!(["orders:read"]))]
    scopes: Field<ScopeSet>,
    #[serde(flatten)]
    #[schema(ignore)]
    unknown: UnknownFields,
}

/// One element of `entitlements`.
struct EntitlementInput(Entitlement);

impl FromJson for EntitlementInput {
    fn from_json(value: &Value) -> Result<Self, Vec<FieldError>> {
        let Ok(body) = EntitlementSchema::deserialize(value) else {
            return invalid(format!("must be an object with resource and scopes, not {}", kind_of(value)));
        };
        let mut checked = Validator::new();
        checked.extend(json_body::unknown_members(&body.unknown));
        let resource = checked.required("resource", body.resource);
        let scopes = checked.optional("scopes", body.scopes);
        match resource {
            Some(resource) if checked.is_ok() => {
                Ok(Self(Entitlement { resource, scopes, unknown: UnknownAttributes::default() }))
            }
            _ => Err(checked.into_errors()),
        }
    }
}

/// A new account.
#[derive(Deserialize, ToSchema)]
pub struct CreateAccountRequest {
    /// Chosen by the caller if it is free; `T` and eight digits otherwise.
    #[serde(default)]
    #[schema(value_type = String, pattern = "^[A-Za-z0-9][A-Za-z0-9._-]{0,63}$", example = "T12345678")]
    account_id: Field<ChosenId<AccountId>>,
    /// Its name; 1 to 100 characters.
    #[serde(default)]
    #[schema(required = true, value_type = String, min_length = 1, max_length = 100, example = "Acme")]
    account_name: Field<Name>,
    /// What it may give its clients.
    #[serde(default)]
    #[schema(value_type = Vec<EntitlementSchema>)]
    entitlements: Field<Option<Vec<EntitlementInput>>>,
    /// Claims of its access tokens: at most 10 strings, numbers or booleans, 1,024 bytes together.
    #[serde(default)]
    #[schema(value_type = Object, example = json!({ "merchant_id": "4711" }))]
    claims: Field<Option<ClaimsPatch>>,
    #[serde(flatten)]
    #[schema(ignore)]
    unknown: UnknownFields,
}

/// A change of an account. Status, entitlements, claims, end users and limits are for operators only.
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
    /// All that it may give its clients from now on. It acts within a minute.
    #[serde(default)]
    #[schema(value_type = Vec<EntitlementSchema>)]
    entitlements: Field<Option<Vec<EntitlementInput>>>,
    /// New claims of its access tokens by name; null removes one, and null instead of the object all.
    #[serde(default)]
    #[schema(value_type = Option<Object>, example = json!({ "merchant_id": "4711", "old": null }))]
    claims: Field<Option<ClaimsPatch>>,
    /// `anyone`: everyone who signs in at the upstream provider or proves a mailbox may use its clients.
    /// `members`, the default: its members only, which acts within a minute.
    #[serde(default)]
    #[schema(value_type = String, pattern = "^(members|anyone)$")]
    end_users: Field<EndUserPolicy>,
    /// The language of e-mails to its members and contacts who have chosen none; null for the deployment's.
    #[serde(default)]
    #[schema(value_type = Option<String>, pattern = "^(en|de)$")]
    locale: Field<Option<Language>>,
    /// The account's own limits, each from 0 to 100,000; null for the deployment's.
    #[serde(default)]
    #[schema(value_type = Option<LimitsSchema>)]
    limits: Field<LimitsChange>,
    /// Recipients of the reminders about all its clients, besides its members and the contacts of each client; at most 10.
    #[serde(default)]
    #[schema(value_type = Vec<String>, max_items = 10, example = json!(["ops@example.com"]))]
    contacts: Field<Vec<EmailAddress>>,
    /// How long new secrets of its clients live, in days; those that exist stay as they are. Null, also for one of them: as
    /// the deployment says, which is the most that can be set.
    #[serde(default)]
    #[schema(value_type = Option<SecretLifetimeSchema>)]
    secret_lifetime_days: Field<SecretLifetimeChange>,
    /// How its members may sign in to the console: `email_code`, `provider` or both; null for all that the deployment has.
    /// `provider` only if it has one. It acts on the next request of a session. A member leaves in the way in which they
    /// are signed in. Links into the console are allowed where codes are.
    #[serde(default)]
    #[schema(value_type = Option<Vec<String>>, example = json!(["provider"]))]
    sign_in_methods: Field<Option<SignInMethods>>,
    #[serde(flatten)]
    #[schema(ignore)]
    unknown: UnknownFields,
}

/// Limits of an account.
#[derive(ToSchema)]
#[schema(as = AccountLimits)]
#[expect(dead_code, reason = "describes the member in the OpenAPI document; `LimitsChange` reads it")]
pub struct LimitsSchema {
    /// The most clients.
    #[schema(maximum = 100_000)]
    clients: Option<u32>,
    /// The most members.
    #[schema(maximum = 100_000)]
    members: Option<u32>,
    /// The most different recipients of reminders in one UTC day.
    #[schema(maximum = 10_000)]
    mail_recipients_per_day: Option<u32>,
}

/// How long new secrets live, in days.
#[derive(ToSchema)]
#[schema(as = SecretLifetime)]
#[expect(dead_code, reason = "describes the member in the OpenAPI document; `SecretLifetimeChange` reads it")]
pub struct SecretLifetimeSchema {
    /// Where no date is named; at most `max`.
    #[schema(minimum = 1, maximum = 730)]
    default: Option<u16>,
    /// At most.
    #[schema(minimum = 1, maximum = 730)]
    max: Option<u16>,
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
        let account_id = checked.optional("account_id", body.account_id).map(ChosenId::into_inner);
        let account_name = checked.required("account_name", body.account_name);
        let entitlements = checked.optional("entitlements", body.entitlements).flatten().unwrap_or_default();
        let claims = checked.optional("claims", body.claims).flatten().unwrap_or_default();
        match account_name {
            Some(account_name) if checked.is_ok() => {
                let entitlements = entitlements.into_iter().map(|entitlement| entitlement.0).collect();
                Ok(CreateAccount { account_id, account_name, entitlements, claims })
            }
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
        let entitlements = checked.optional("entitlements", body.entitlements).map(Option::unwrap_or_default);
        let claims = checked.patch("claims", body.claims);
        let end_users = checked.optional("end_users", body.end_users);
        let locale = checked.patch("locale", body.locale);
        let limits = checked.optional("limits", body.limits);
        let contacts = checked.optional("contacts", body.contacts);
        let secret_lifetime_days = checked.optional("secret_lifetime_days", body.secret_lifetime_days);
        let sign_in_methods = checked.patch("sign_in_methods", body.sign_in_methods);
        if checked.is_ok() {
            let entitlements =
                entitlements.map(|all| all.into_iter().map(|entitlement| entitlement.0).collect());
            Ok(AccountChange {
                account_name,
                status,
                entitlements,
                claims,
                end_users,
                locale,
                limits,
                contacts,
                secret_lifetime_days,
                sign_in_methods,
            })
        } else {
            Err(Problem::Invalid(checked.into_errors()))
        }
    }
}
