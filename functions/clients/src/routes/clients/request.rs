//! Clients as they are sent: creating, changing, duplicating.

use crate::json_body::{RequestBody, UnknownFields};
use crate::routes::clients::keys::{KeyFields, PublicKeyPem, ValidatedJwks};
use crate::routes::clients::request_parts::{
    PermissionRequest, PermissionSchema, RequestedSecretOptions, SecretOptionsSchema,
};
use jiff::Timestamp;
use serde::Deserialize;
use shared::domain::client::federated_identity::FederatedIdentity;
use shared::domain::client::{AuthMethod, Client, GrantType, SecretDisplay, SecretStorage};
use shared::domain::net::ip_allowlist::IpNetwork;
use shared::domain::net::remote_url::JwksUri;
use shared::domain::oauth::lifetime;
use shared::domain::primitives::display_text::{Description, Name};
use shared::domain::primitives::email::EmailAddress;
use shared::domain::primitives::ids::ClientId;
use shared::domain::primitives::validation::{Field, Validator};
use shared::domain::redirect_uri::RedirectUri;
use utoipa::ToSchema;

/// The details of a client; all have defaults, or stay as they are when a client is changed.
#[derive(Default, Deserialize, ToSchema)]
pub struct ClientMetadata {
    /// For people; 1 to 100 characters. Required for a new client.
    #[serde(default)]
    #[schema(value_type = String, min_length = 1, max_length = 100, example = "Order sync")]
    pub client_name: Field<Name>,
    /// For people; up to 500 characters.
    #[serde(default)]
    #[schema(value_type = String, max_length = 500)]
    pub description: Field<Description>,
    /// The grants that it may use (RFC 7591): `authorization_code`, which needs `redirect_uris`, `client_credentials`,
    /// and beside them `refresh_token`.
    #[serde(default)]
    #[schema(value_type = Vec<String>, example = json!(["client_credentials"]))]
    pub grant_types: Field<Vec<GrantType>>,
    /// How it authenticates (RFC 7591); `none` is for programs that could keep no secret, and for `authorization_code`.
    #[serde(default)]
    #[schema(value_type = String, pattern = "^(client_secret_basic|client_secret_post|private_key_jwt|none)$")]
    pub token_endpoint_auth_method: Field<AuthMethod>,
    /// Its public keys (RFC 7517); 1 to 5. Takes the place of `jwks_uri` and `public_key_pem`; null takes it away.
    #[serde(default)]
    #[schema(value_type = Option<Object>, example = json!({"keys": [{"kty": "OKP", "crv": "Ed25519", "x": "…"}]}))]
    pub jwks: Field<Option<ValidatedJwks>>,
    /// Where it publishes its public keys: https. Takes the place of the other two; null takes it away.
    #[serde(default)]
    #[schema(value_type = Option<String>, max_length = 512, example = "https://client.example.com/jwks.json")]
    pub jwks_uri: Field<Option<JwksUri>>,
    /// One public key or certificate, as PEM. Takes the place of the other two; null takes it away. The bare key of
    /// the certificate that is in place changes nothing.
    #[serde(default)]
    #[schema(value_type = Option<String>, example = "-----BEGIN PUBLIC KEY-----…")]
    pub public_key_pem: Field<Option<PublicKeyPem>>,
    /// Workloads that outside issuers vouch for; at most 5.
    #[serde(default)]
    #[schema(value_type = Vec<FederatedIdentitySchema>)]
    pub federated_identities: Field<Vec<FederatedIdentity>>,
    /// Seconds; 3600 if absent.
    #[serde(default)]
    #[schema(value_type = u32, minimum = 60, maximum = 259_200)]
    pub access_token_lifetime: Field<u32>,
    /// Seconds; 1209600 if absent.
    #[serde(default)]
    #[schema(value_type = u32, minimum = 60, maximum = 31_536_000)]
    pub refresh_token_lifetime: Field<u32>,
    /// Where the code flow may send its users back to; at most 20.
    #[serde(default)]
    #[schema(value_type = Vec<String>)]
    pub redirect_uris: Field<Vec<RedirectUri>>,
    /// Addresses and CIDR blocks that it may call from; at most 50; empty means anywhere.
    #[serde(default)]
    #[schema(value_type = Vec<String>, example = json!(["203.0.113.0/24"]))]
    pub allowed_ips: Field<Vec<IpNetwork>>,
    /// Who is told before its secret expires, beside the account's members; at most 10.
    #[serde(default)]
    #[schema(value_type = Vec<String>, example = json!(["ops@example.com"]))]
    pub contacts: Field<Vec<EmailAddress>>,
    /// Where its secrets are kept: `secrets_manager` or `digest_only`.
    #[serde(default)]
    #[schema(value_type = String, pattern = "^(secrets_manager|digest_only)$")]
    pub secret_storage: Field<SecretStorage>,
    /// Whether its secrets can be seen again: `once` or `on_request`.
    #[serde(default)]
    #[schema(value_type = String, pattern = "^(once|on_request)$")]
    pub secret_display: Field<SecretDisplay>,
}

/// A workload that an outside issuer vouches for: `iss`, `sub` and `aud` of its token, to the letter.
#[derive(ToSchema)]
#[expect(dead_code, reason = "describes what FederatedIdentity reads")]
pub struct FederatedIdentitySchema {
    #[schema(example = "https://token.actions.githubusercontent.com")]
    issuer: String,
    #[schema(example = "repo:acme/shop:ref:refs/heads/main")]
    subject: String,
    #[schema(example = "https://id.example.com")]
    audience: String,
}

impl ClientMetadata {
    /// Puts what was given into `client` and complains about what is wrong.
    pub fn apply(
        self,
        client: &mut Client,
        max_access_token_lifetime: u32,
        now: Timestamp,
        checked: &mut Validator,
    ) {
        macro_rules! take {
            ($($member:ident),+ $(,)?) => {
                $(if let Some(value) = checked.optional(stringify!($member), self.$member) {
                    client.$member = value;
                })+
            };
        }
        take!(
            client_name,
            description,
            grant_types,
            token_endpoint_auth_method,
            federated_identities,
            redirect_uris,
            allowed_ips,
            contacts,
            secret_storage,
            secret_display,
        );
        let Self { jwks, jwks_uri, public_key_pem, .. } = self;
        KeyFields { jwks, jwks_uri, public_key_pem }.apply(&mut client.key_source, now, checked);
        let mut lifetime = |name, input, max| {
            let seconds = checked.optional(name, input)?;
            checked.extend(lifetime::check(name, seconds, max).err());
            Some(seconds)
        };
        let access = lifetime("access_token_lifetime", self.access_token_lifetime, max_access_token_lifetime);
        let refresh =
            lifetime("refresh_token_lifetime", self.refresh_token_lifetime, lifetime::MAX_REFRESH_SECONDS);
        client.access_token_lifetime = access.unwrap_or(client.access_token_lifetime);
        client.refresh_token_lifetime = refresh.unwrap_or(client.refresh_token_lifetime);
    }
}

/// A client to be made; or, for a duplicate, what is to be different.
#[derive(Deserialize, ToSchema)]
pub struct CreateClientRequest {
    /// Chosen by the caller if it is free, for those who move here; generated otherwise.
    #[serde(default)]
    #[schema(value_type = String, pattern = "^[A-Za-z0-9][A-Za-z0-9._-]{0,63}$")]
    pub client_id: Field<ClientId>,
    #[serde(flatten)]
    #[schema(inline)]
    pub details: UpdateClientRequest,
    /// What it may ask tokens for; at most 20.
    #[serde(default)]
    #[schema(value_type = Vec<PermissionSchema>)]
    pub permissions: Field<Vec<PermissionRequest>>,
    /// Its first secret.
    #[serde(default)]
    #[schema(value_type = SecretOptionsSchema)]
    pub secret: Field<RequestedSecretOptions>,
}

/// The details, and whatever else a body holds.
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

/// The whole new list of permissions.
#[derive(Deserialize, ToSchema)]
pub struct ReplacePermissionsRequest {
    /// What the client may ask tokens for; at most 20.
    #[serde(default)]
    #[schema(required = true, value_type = Vec<PermissionSchema>)]
    pub permissions: Field<Vec<PermissionRequest>>,
    #[serde(flatten)]
    #[schema(ignore)]
    unknown: UnknownFields,
}

impl RequestBody for ReplacePermissionsRequest {
    fn unknown(&self) -> &UnknownFields {
        &self.unknown
    }
}
