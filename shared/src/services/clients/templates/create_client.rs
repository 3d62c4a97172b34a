//! Creating a client with a template.

use crate::adapters::store::ResourceCatalog;
use crate::domain::account::Account;
use crate::domain::client::permission::{self, RequestedPermission};
use crate::domain::client::registration::template::ClientTemplate;
use crate::domain::primitives::ids::TemplateId;
use crate::domain::primitives::json_members::JsonMembers;
use crate::domain::primitives::validation::{FieldError, FromJson, Validator};
use crate::services::clients::{ClientError, ClientManager, ClientMetadata, CreateClient};
use serde_json::{Map, Value};

/// The members of a creation that are no details of the client.
const OTHERS: [&str; 4] = ["client_id", "status", "permissions", "secret"];

impl ClientMetadata {
    /// The names of its members.
    pub const NAMES: [&str; 16] = [
        "client_name",
        "description",
        "client_uri",
        "grant_types",
        "token_endpoint_auth_method",
        "jwks",
        "jwks_uri",
        "public_key_pem",
        "federated_identities",
        "access_token_lifetime",
        "refresh_token_lifetime",
        "redirect_uris",
        "allowed_ips",
        "contacts",
        "secret_storage",
        "secret_display",
    ];

    /// The details among these members.
    #[must_use]
    pub fn from_members(members: JsonMembers<'_>) -> Self {
        Self {
            client_name: members.field("client_name"),
            description: members.field("description"),
            client_uri: members.field("client_uri"),
            grant_types: members.field("grant_types"),
            token_endpoint_auth_method: members.field("token_endpoint_auth_method"),
            jwks: members.field("jwks"),
            jwks_uri: members.field("jwks_uri"),
            public_key_pem: members.field("public_key_pem"),
            federated_identities: members.field("federated_identities"),
            access_token_lifetime: members.field("access_token_lifetime"),
            refresh_token_lifetime: members.field("refresh_token_lifetime"),
            redirect_uris: members.field("redirect_uris"),
            allowed_ips: members.field("allowed_ips"),
            contacts: members.field("contacts"),
            secret_storage: members.field("secret_storage"),
            secret_display: members.field("secret_display"),
        }
    }
}

impl CreateClient {
    /// The creation that these members ask for, as the management API has them.
    #[must_use]
    pub fn from_members(members: &Map<String, Value>) -> Self {
        let read = JsonMembers::new(members);
        let mut errors = Validator::new();
        errors.extend(read.unknown(&[&ClientMetadata::NAMES[..], &OTHERS].concat()));
        Self {
            client_id: read.field("client_id"),
            metadata: ClientMetadata::from_members(read),
            status: read.field("status"),
            permissions: read.field("permissions"),
            secret: read.field("secret"),
            template: None,
            errors,
        }
    }
}

impl ClientManager<'_> {
    /// What is created with a template and these members. A template that the account may not use is as one that does not
    /// exist.
    pub async fn from_template(
        &self,
        id: &TemplateId,
        members: &Map<String, Value>,
    ) -> Result<CreateClient, ClientError> {
        let unknown = || ClientError::Invalid(vec![FieldError::new("template", format!("there is no {id}"))]);
        let template = self.ctx.store().load_template(id).await?.ok_or_else(unknown)?;
        let account = self.account().await?;
        let catalogue = self.ctx.backend.catalog.get(self.ctx.now()).await?;
        if !is_offered(&template, &account, &catalogue.value) {
            return Err(unknown());
        }
        let members = template.apply(members).map_err(ClientError::Invalid)?;
        Ok(CreateClient { template: Some(id.clone()), ..CreateClient::from_members(&members) })
    }
}

/// Whether an account may give a client all permissions of a template.
pub(super) fn is_offered(template: &ClientTemplate, account: &Account, catalogue: &ResourceCatalog) -> bool {
    let Some(preset) = template.permissions() else { return true };
    Vec::<RequestedPermission>::from_json(preset).is_ok_and(|requested| {
        let find = |id: &_| catalogue.resources.get(id);
        permission::resolve(requested, &account.entitlements, find).is_ok()
    })
}
