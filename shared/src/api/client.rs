//! Clients in responses.

use crate::adapters::crypto::key_reader;
use crate::api::credential::{CredentialResponse, IgnoredKeyResponse, credentials, ignored_keys};
use crate::api::suppressed_contact::SuppressedContact;
use crate::domain::account::Status;
use crate::domain::client::attention::Attention;
use crate::domain::client::client_keys::ClientKeys;
use crate::domain::client::federated_identity::FederatedIdentity;
use crate::domain::client::permission::Permission;
use crate::domain::client::{AuthMethod, Client, GrantType, SecretDisplay, SecretStorage};
use crate::domain::net::ip_allowlist::IpNetwork;
use crate::domain::net::remote_url::JwksUri;
use crate::domain::primitives::display_text::{Description, Name};
use crate::domain::primitives::email::EmailAddress;
use crate::domain::primitives::ids::{AccountId, ClientId, ResourceId, TemplateId};
use crate::domain::primitives::link_url::LinkUrl;
use crate::domain::redirect_uri::RedirectUri;
use crate::domain::resource::scope::ScopeSet;
use crate::services::clients::AttentionInputs;
use jiff::Timestamp;
use jiff::civil::Date;
use serde::Serialize;
use serde_json::Value;
use utoipa::ToSchema;

/// A permission of a client.
#[derive(Serialize, ToSchema)]
pub struct PermissionResponse {
    #[schema(value_type = String)]
    resource: ResourceId,
    #[schema(value_type = Vec<String>)]
    scopes: ScopeSet,
}

impl From<Permission> for PermissionResponse {
    fn from(permission: Permission) -> Self {
        Self { resource: permission.resource, scopes: permission.scopes }
    }
}

/// A client (members of RFC 7591 where it has them).
#[derive(Serialize, ToSchema)]
pub struct ClientResponse {
    #[schema(value_type = String)]
    client_id: ClientId,
    #[schema(value_type = String)]
    account_id: AccountId,
    #[schema(value_type = String)]
    client_name: Name,
    #[schema(value_type = String)]
    description: Description,
    /// A web page about it; null if there is none.
    #[schema(value_type = Option<String>)]
    client_uri: Option<LinkUrl>,
    /// The template that it was created with; null if there was none.
    #[schema(value_type = Option<String>)]
    template: Option<TemplateId>,
    #[schema(value_type = Vec<String>)]
    grant_types: Vec<GrantType>,
    #[schema(value_type = String)]
    token_endpoint_auth_method: AuthMethod,
    /// Its public keys, if they are kept here; null otherwise.
    #[schema(value_type = Option<Object>)]
    jwks: Option<Value>,
    /// Where it publishes its public keys; null if it does not.
    #[schema(value_type = Option<String>)]
    jwks_uri: Option<JwksUri>,
    /// Its uploaded public key, or that of its uploaded certificate; null if there is none.
    public_key_pem: Option<String>,
    /// Workloads with tokens of other issuers.
    #[schema(value_type = Vec<FederatedIdentityResponse>)]
    federated_identities: Vec<Value>,
    /// Its credentials other than secrets.
    credentials: Vec<CredentialResponse>,
    /// Keys that were passed over when its keys were last looked at; the first two.
    ignored_keys: Vec<IgnoredKeyResponse>,
    permissions: Vec<PermissionResponse>,
    access_token_lifetime: u32,
    refresh_token_lifetime: u32,
    #[schema(value_type = Vec<String>)]
    redirect_uris: Vec<RedirectUri>,
    #[schema(value_type = Vec<String>)]
    allowed_ips: Vec<IpNetwork>,
    #[schema(value_type = Vec<String>)]
    contacts: Vec<EmailAddress>,
    /// The `contacts` that get no reminders.
    suppressed_contacts: Vec<SuppressedContact>,
    #[schema(value_type = String)]
    secret_storage: SecretStorage,
    #[schema(value_type = String)]
    secret_display: SecretDisplay,
    #[schema(value_type = String)]
    status: Status,
    /// The last day (UTC) on which one of its present credentials got a token; null before the first. That of a secret
    /// which version 0.1.0 saw last is known from the scheduled job's next day on.
    #[schema(value_type = Option<String>, format = Date)]
    last_used_on: Option<Date>,
    /// Reasons why it needs attention, the worst first.
    #[schema(value_type = Vec<String>)]
    attention: Vec<Attention>,
    #[schema(value_type = String, format = DateTime)]
    created_at: Timestamp,
    #[schema(value_type = String, format = DateTime)]
    updated_at: Timestamp,
    /// The URL of the token endpoint.
    token_endpoint: String,
}

/// A workload with a token of another issuer.
#[derive(ToSchema)]
#[expect(dead_code, reason = "describes what FederatedIdentity is shown as")]
pub struct FederatedIdentityResponse {
    issuer: String,
    /// Null where the claims tell the owner.
    #[schema(required = true)]
    subject: Option<String>,
    audience: String,
    /// Claims of the token; absent without any.
    #[schema(value_type = Option<Object>, required = false, nullable = false)]
    claims: Option<Value>,
}

impl ClientResponse {
    /// The client, with what it needs attention for.
    pub fn new(client: Client, issuer: &str, inputs: &AttentionInputs) -> Self {
        let (credentials, ignored_keys) = (credentials(&client), ignored_keys(&client));
        let (jwks, jwks_uri, public_key_pem) = match client.key_source.clone() {
            None => (None, None, None),
            Some(ClientKeys::Jwks(set)) => (Some(set.to_json()), None, None),
            Some(ClientKeys::JwksUri(uri)) => (None, Some(uri), None),
            Some(ClientKeys::PublicKeyPem(uploaded)) => (None, None, key_reader::to_pem(&uploaded.jwk.key)),
        };
        Self {
            jwks,
            jwks_uri,
            public_key_pem,
            credentials,
            ignored_keys,
            attention: inputs.of(&client),
            last_used_on: client.last_used_on(),
            suppressed_contacts: SuppressedContact::all(inputs.suppressed_contacts(&client)),
            client_id: client.client_id,
            account_id: client.account_id,
            client_name: client.client_name,
            description: client.description,
            client_uri: client.client_uri,
            template: client.template,
            grant_types: client.grant_types,
            token_endpoint_auth_method: client.token_endpoint_auth_method,
            federated_identities: client
                .federated_identities
                .iter()
                .map(FederatedIdentity::to_json)
                .collect(),
            permissions: client.permissions.into_iter().map(PermissionResponse::from).collect(),
            access_token_lifetime: client.access_token_lifetime,
            refresh_token_lifetime: client.refresh_token_lifetime,
            redirect_uris: client.redirect_uris,
            allowed_ips: client.allowed_ips,
            contacts: client.contacts,
            secret_storage: client.secret_storage,
            secret_display: client.secret_display,
            status: client.status,
            created_at: client.created_at,
            updated_at: client.updated_at,
            token_endpoint: format!("{issuer}/oauth/token"),
        }
    }
}
