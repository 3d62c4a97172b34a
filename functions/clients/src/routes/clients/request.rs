//! Clients as they are sent.

use crate::json_body::{self, RequestBody, UnknownFields};
use crate::problem::Problem;
use crate::routes::clients::request_parts::{PermissionSchema, SecretOptionsSchema};
use serde::Deserialize;
use serde_json::Value;
use shared::domain::account::Status;
use shared::domain::client::federated_identity::FederatedIdentity;
use shared::domain::client::permission::RequestedPermission;
use shared::domain::client::{AuthMethod, GrantType, SecretDisplay, SecretStorage};
use shared::domain::net::ip_allowlist::IpNetwork;
use shared::domain::net::remote_url::JwksUri;
use shared::domain::primitives::display_text::{Description, Name};
use shared::domain::primitives::email::EmailAddress;
use shared::domain::primitives::ids::{ChosenId, ClientId, TemplateId};
use shared::domain::primitives::link_url::LinkUrl;
use shared::domain::primitives::validation::Field;
use shared::domain::redirect_uri::RedirectUri;
use shared::services::clients::{self, ClientChange, CreateClient, SecretRequest, SuppliedKeys};
use utoipa::ToSchema;

/// The details of a client; all have defaults, or stay as they are when a client is changed.
#[derive(Default, Deserialize, ToSchema)]
pub struct ClientMetadata {
    /// Its name; 1 to 100 characters. Required for a new client.
    #[serde(default)]
    #[schema(value_type = String, min_length = 1, max_length = 100, example = "Order sync")]
    pub client_name: Field<Name>,
    /// Its description; up to 500 characters.
    #[serde(default)]
    #[schema(value_type = String, max_length = 500)]
    pub description: Field<Description>,
    /// A web page about it (RFC 7591): https, up to 500 characters. People see it when they are asked for consent. Null removes
    /// it.
    #[serde(default)]
    #[schema(value_type = Option<String>, max_length = 500, example = "https://shop.example.com")]
    pub client_uri: Field<Option<LinkUrl>>,
    /// The grants that it may use (RFC 7591): `authorization_code`, which needs `redirect_uris`, `client_credentials`,
    /// and beside them `refresh_token`.
    #[serde(default)]
    #[schema(value_type = Vec<String>, example = json!(["client_credentials"]))]
    pub grant_types: Field<Vec<GrantType>>,
    /// How it authenticates (RFC 7591); `none` is for programs that cannot keep a secret, and for `authorization_code`.
    #[serde(default)]
    #[schema(value_type = String, pattern = "^(client_secret_basic|client_secret_post|private_key_jwt|none)$")]
    pub token_endpoint_auth_method: Field<AuthMethod>,
    /// Its public keys (RFC 7517): a set of 1 to 5, or one JWK. Keys of other kinds beside them are left out, and listed in
    /// `ignored_keys`. Replaces `jwks_uri` and `public_key_pem`; null removes it.
    #[serde(default)]
    #[schema(value_type = Option<Object>, example = json!({"keys": [{"kty": "OKP", "crv": "Ed25519", "x": "…"}]}))]
    pub jwks: Field<Option<SuppliedKeys>>,
    /// Where it publishes its public keys: https. Replaces the other two; null removes it.
    #[serde(default)]
    #[schema(value_type = Option<String>, max_length = 512, example = "https://client.example.com/jwks.json")]
    pub jwks_uri: Field<Option<JwksUri>>,
    /// One public key or certificate: PEM, base64 of DER, an OpenSSH public key. Of a chain, the leaf. Replaces the other two;
    /// null removes it. The bare key of the present certificate changes nothing.
    #[serde(default)]
    #[schema(value_type = Option<String>, example = "-----BEGIN PUBLIC KEY-----…")]
    pub public_key_pem: Field<Option<SuppliedKeys>>,
    /// Workloads with tokens of other issuers; at most 5.
    #[serde(default)]
    #[schema(value_type = Vec<FederatedIdentitySchema>)]
    pub federated_identities: Field<Vec<FederatedIdentity>>,
    /// Seconds; the deployment's default if absent, which is 3600 unless the operator sets another.
    #[serde(default)]
    #[schema(value_type = u32, minimum = 60, maximum = 259_200)]
    pub access_token_lifetime: Field<u32>,
    /// Seconds; 1209600 if absent.
    #[serde(default)]
    #[schema(value_type = u32, minimum = 60, maximum = 31_536_000)]
    pub refresh_token_lifetime: Field<u32>,
    /// Its redirect URIs (RFC 6749 §3.1.2); at most 20.
    #[serde(default)]
    #[schema(value_type = Vec<String>)]
    pub redirect_uris: Field<Vec<RedirectUri>>,
    /// Addresses and CIDR blocks that it calls from; at most 50; empty allows all. Netmasks are read too, and ranges that are
    /// one block.
    #[serde(default)]
    #[schema(value_type = Vec<String>, example = json!(["203.0.113.0/24"]))]
    pub allowed_ips: Field<Vec<IpNetwork>>,
    /// Recipients of reminders beside the account's members; at most 10.
    #[serde(default)]
    #[schema(value_type = Vec<String>, example = json!(["ops@example.com"]))]
    pub contacts: Field<Vec<EmailAddress>>,
    /// Where its secrets are kept: `secrets_manager` or `digest_only`.
    #[serde(default)]
    #[schema(value_type = String, pattern = "^(secrets_manager|digest_only)$")]
    pub secret_storage: Field<SecretStorage>,
    /// Whether its secrets are shown again: `once` or `on_request`.
    #[serde(default)]
    #[schema(value_type = String, pattern = "^(once|on_request)$")]
    pub secret_display: Field<SecretDisplay>,
}

/// A workload with a token of another issuer: `iss`, `aud`, `sub` and other claims of that token, compared exactly.
#[derive(ToSchema)]
#[expect(dead_code, reason = "describes what FederatedIdentity reads")]
pub struct FederatedIdentitySchema {
    #[schema(example = "https://token.actions.githubusercontent.com")]
    issuer: String,
    /// May be absent only beside the claim by which a known platform tells its owners apart.
    #[schema(example = "repo:acme@123456/shop@456789:ref:refs/heads/main")]
    subject: Option<String>,
    /// 1 to 5 claims of the token: texts, integers, booleans.
    #[schema(value_type = Option<Object>, example = json!({"repository_id": "456789"}))]
    claims: Option<Value>,
    #[schema(example = "https://id.example.com")]
    audience: String,
}

impl From<ClientMetadata> for clients::ClientMetadata {
    fn from(sent: ClientMetadata) -> Self {
        Self {
            client_name: sent.client_name,
            description: sent.description,
            client_uri: sent.client_uri,
            grant_types: sent.grant_types,
            token_endpoint_auth_method: sent.token_endpoint_auth_method,
            jwks: sent.jwks,
            jwks_uri: sent.jwks_uri,
            public_key_pem: sent.public_key_pem,
            federated_identities: sent.federated_identities,
            access_token_lifetime: sent.access_token_lifetime,
            refresh_token_lifetime: sent.refresh_token_lifetime,
            redirect_uris: sent.redirect_uris,
            allowed_ips: sent.allowed_ips,
            contacts: sent.contacts,
            secret_storage: sent.secret_storage,
            secret_display: sent.secret_display,
        }
    }
}

/// A new client; or, for a duplicate, what differs.
#[derive(Deserialize, ToSchema)]
pub struct CreateClientRequest {
    /// Its id, for clients that existed elsewhere; generated if absent. It starts with the account's id and `-`, `.` or `_`
    /// unless an operator chooses it, and never with `member_`, `user_`, `lk_`, `lks_`, `lkr_` or `latchkey`.
    #[serde(default)]
    #[schema(value_type = String, pattern = "^[A-Za-z0-9][A-Za-z0-9._-]{0,63}$")]
    pub client_id: Field<ChosenId<ClientId>>,
    #[serde(flatten)]
    #[schema(inline)]
    pub details: UpdateClientRequest,
    /// The template that gives it the members which are not sent. Then only those that the template asks for, or has a
    /// default for, can be sent.
    #[serde(default)]
    #[schema(value_type = String, example = "checkout")]
    pub template: Field<TemplateId>,
    /// Whether it is enabled: `active`, or `disabled` for one that is to be enabled later. `active` if absent.
    #[serde(default)]
    #[schema(value_type = String, pattern = "^(active|disabled)$")]
    pub status: Field<Status>,
    /// Its permissions; at most 20.
    #[serde(default)]
    #[schema(value_type = Vec<PermissionSchema>)]
    pub permissions: Field<Vec<RequestedPermission>>,
    /// Its first secret.
    #[serde(default)]
    #[schema(value_type = SecretOptionsSchema)]
    pub secret: Field<SecretRequest>,
}

/// A change of a client's details.
#[derive(Deserialize, ToSchema)]
pub struct UpdateClientRequest {
    #[serde(flatten)]
    #[schema(inline)]
    pub details: ClientMetadata,
    #[serde(flatten)]
    #[schema(ignore)]
    unknown: UnknownFields,
}

impl RequestBody for CreateClientRequest {
    fn unknown(&self) -> &UnknownFields {
        &self.details.unknown
    }
}

impl RequestBody for UpdateClientRequest {
    fn unknown(&self) -> &UnknownFields {
        &self.unknown
    }
}

/// All permissions of a client.
#[derive(Deserialize, ToSchema)]
pub struct ReplacePermissionsRequest {
    /// The permissions; at most 20.
    #[serde(default)]
    #[schema(required = true, value_type = Vec<PermissionSchema>)]
    pub permissions: Field<Vec<RequestedPermission>>,
    #[serde(flatten)]
    #[schema(ignore)]
    unknown: UnknownFields,
}

impl RequestBody for ReplacePermissionsRequest {
    fn unknown(&self) -> &UnknownFields {
        &self.unknown
    }
}

impl CreateClientRequest {
    /// Parses the body of a creation without a template, or of a duplicate.
    pub fn parse(json: &[u8]) -> Result<CreateClient, Problem> {
        let (body, mut errors) = json_body::read::<Self>(json)?;
        if errors.optional("template", body.template).is_some() {
            errors.error("template", "is for a new client: a duplicate has the values of the original");
        }
        Ok(CreateClient {
            client_id: body.client_id,
            metadata: body.details.details.into(),
            status: body.status,
            permissions: body.permissions,
            secret: body.secret,
            template: None,
            errors,
        })
    }
}

impl UpdateClientRequest {
    /// Parses the body.
    pub fn parse(json: &[u8]) -> Result<ClientChange, Problem> {
        let (body, errors) = json_body::read::<Self>(json)?;
        Ok(ClientChange { metadata: body.details.into(), errors })
    }
}

impl ReplacePermissionsRequest {
    /// Parses the body.
    pub fn parse(json: &[u8]) -> Result<Vec<RequestedPermission>, Problem> {
        let (body, mut checked) = json_body::read::<Self>(json)?;
        match checked.required("permissions", body.permissions) {
            Some(permissions) if checked.is_ok() => Ok(permissions),
            _ => Err(Problem::Invalid(checked.into_errors())),
        }
    }
}
