//! The client (RFC 6749 §2, field names of RFC 7591 §2).

use super::account::Status;
use super::credential::LastUses;
use super::email::EmailAddress;
use super::federated_identity::{FederatedIdentity, MAX_FEDERATED_IDENTITIES};
use super::ids::{AccountId, ClientId, SecretId};
use super::ip_allowlist::{MAX_NETWORKS, Network};
use super::key_source::KeySource;
use super::lifetime;
use super::permission::Permission;
use super::redirect_uri::{MAX_REDIRECT_URIS, RedirectUri};
use super::reminder::CertificateSaid;
use super::text::{Description, Name};
use super::validation::{FieldError, FromJson, wrong};
use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use serde_json::Value;

/// The most contacts of one client.
pub const MAX_CONTACTS: usize = 10;

/// What the free-form members of one client may take together, in bytes: name, description, redirect
/// URIs, contacts, allowlist, permissions, keys and federated identities. It is what keeps a client and its two secrets within the
/// 4,096 bytes that one read unit covers.
pub const MAX_METADATA_BYTES: usize = 2_048;

macro_rules! choices {
    ($(#[$doc:meta])* $name:ident { $($(#[$variant_doc:meta])* $variant:ident = $text:literal),+ $(,)? }) => {
        $(#[$doc])*
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
        pub enum $name {
            $($(#[$variant_doc])* #[serde(rename = $text)] $variant,)+
        }

        impl $name {
            /// Every choice there is.
            pub const ALL: &[Self] = &[$(Self::$variant),+];

            /// The name on the wire.
            #[must_use]
            pub const fn as_str(self) -> &'static str {
                match self { $(Self::$variant => $text),+ }
            }
        }

        impl FromJson for $name {
            fn from_json(value: &Value) -> Result<Self, Vec<FieldError>> {
                match value.as_str() {
                    $(Some($text) => Ok(Self::$variant),)+
                    _ => {
                        let names: Vec<_> = Self::ALL.iter().map(|choice| choice.as_str()).collect();
                        wrong(format!("must be one of: {}", names.join(", ")))
                    }
                }
            }
        }
    };
}

choices! {
    /// A way to get tokens (`grant_types` of RFC 7591).
    GrantType {
        /// RFC 6749 §4.4.
        ClientCredentials = "client_credentials",
    }
}

choices! {
    /// How a client says who it is (`token_endpoint_auth_method` of RFC 7591).
    AuthMethod {
        /// The secret in an `Authorization: Basic` header (RFC 6749 §2.3.1).
        ClientSecretBasic = "client_secret_basic",
        /// The secret in the body. A client with a secret may use either.
        ClientSecretPost = "client_secret_post",
        /// A JWT that the client signs with a key of its own (RFC 7523 §2.2), or that an outside issuer signs for
        /// it. A client with keys or federated identities may use it whatever it says here; one that says this
        /// can not use a secret any more.
        PrivateKeyJwt = "private_key_jwt",
    }
}

impl AuthMethod {
    /// Whether secrets count.
    #[must_use]
    pub const fn takes_secrets(self) -> bool {
        match self {
            Self::ClientSecretBasic | Self::ClientSecretPost => true,
            Self::PrivateKeyJwt => false,
        }
    }
}

choices! {
    /// Where a client's secrets are kept.
    SecretStorage {
        /// In Secrets Manager, where a workload on AWS reads them under IAM; and as a digest.
        SecretsManager = "secrets_manager",
        /// Only as a digest: nothing can be recovered, and no monthly fee per client.
        DigestOnly = "digest_only",
    }
}

choices! {
    /// Whether a secret can be seen again.
    SecretDisplay {
        /// Only in the answer that creates it.
        Once = "once",
        /// Whenever a holder of `secrets:reveal` asks; each time is audited.
        OnRequest = "on_request",
    }
}

/// One entry of [`Client::secrets`].
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct SecretSummary {
    /// Which secret.
    pub secret_id: SecretId,
    /// When it ends, or ended.
    pub expires_at: Timestamp,
}

/// An OAuth client.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Client {
    /// Its id; never changes, and is never used again after deletion.
    pub client_id: ClientId,
    /// The account that owns it.
    pub account_id: AccountId,
    /// For people.
    pub client_name: Name,
    /// For people.
    #[serde(default, skip_serializing_if = "Description::is_empty")]
    pub description: Description,
    /// The grants that it may use.
    pub grant_types: Vec<GrantType>,
    /// How it says that it will authenticate.
    pub token_endpoint_auth_method: AuthMethod,
    /// Its public keys.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub key_source: Option<KeySource>,
    /// Workloads that outside issuers vouch for.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub federated_identities: Vec<FederatedIdentity>,
    /// When its keys and federated identities got a token last. Written beside the client, without a new
    /// version of it.
    #[serde(default)]
    pub last_uses: LastUses,
    /// What was said last about the end of its certificate. Written beside the client as well.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub certificate_said: Option<CertificateSaid>,
    /// What it may ask tokens for.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub permissions: Vec<Permission>,
    /// Seconds.
    pub access_token_lifetime: u32,
    /// Seconds.
    pub refresh_token_lifetime: u32,
    /// Where the code flow may send its users back to.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub redirect_uris: Vec<RedirectUri>,
    /// Where it may call from; empty means anywhere.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub allowed_ips: Vec<Network>,
    /// Who is told when its secret or certificate is about to expire, beside the account's members.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub contacts: Vec<EmailAddress>,
    /// Where its secrets are kept, from the next one on.
    pub secret_storage: SecretStorage,
    /// Whether its secrets can be seen again, from the next one on.
    pub secret_display: SecretDisplay,
    /// Whether it may act.
    pub status: Status,
    /// When it was made.
    pub created_at: Timestamp,
    /// When it last changed, secrets included.
    pub updated_at: Timestamp,
    /// Counts its changes, secrets included, for `ETag` and as the lock of every change.
    pub version: u64,
    /// Its secrets, oldest first: enough for `attention` in a list, which never reads the digests.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub secrets: Vec<SecretSummary>,
}

impl Client {
    /// A client that says nothing but its name: the documented defaults.
    #[must_use]
    pub fn new(client_id: ClientId, account_id: AccountId, client_name: Name, now: Timestamp) -> Self {
        Self {
            client_id,
            account_id,
            client_name,
            description: Description::default(),
            grant_types: vec![GrantType::ClientCredentials],
            token_endpoint_auth_method: AuthMethod::ClientSecretBasic,
            key_source: None,
            federated_identities: Vec::new(),
            last_uses: LastUses::new(),
            certificate_said: None,
            permissions: Vec::new(),
            access_token_lifetime: lifetime::DEFAULT_ACCESS_SECONDS,
            refresh_token_lifetime: lifetime::DEFAULT_REFRESH_SECONDS,
            redirect_uris: Vec::new(),
            allowed_ips: Vec::new(),
            contacts: Vec::new(),
            secret_storage: SecretStorage::SecretsManager,
            secret_display: SecretDisplay::Once,
            status: Status::Active,
            created_at: now,
            updated_at: now,
            version: 1,
            secrets: Vec::new(),
        }
    }

    /// Bytes that its free-form members take.
    #[must_use]
    pub fn metadata_bytes(&self) -> usize {
        /// What a list or map element costs beside its content.
        const ELEMENT: usize = 4;
        /// What a federated identity costs beside its content, with the day of its last use.
        const IDENTITY: usize = 48;
        let texts =
            |items: &mut dyn Iterator<Item = usize>| items.map(|bytes| bytes + ELEMENT).sum::<usize>();
        self.client_name.as_str().len()
            + self.description.as_str().len()
            + texts(&mut self.redirect_uris.iter().map(|uri| uri.as_str().len()))
            + texts(&mut self.contacts.iter().map(|contact| contact.as_str().len()))
            + texts(&mut self.allowed_ips.iter().map(|network| network.to_string().len()))
            + texts(&mut self.permissions.iter().map(|permission| {
                24 + permission.resource.as_str().len()
                    + permission.scopes.iter().map(|scope| scope.as_str().len() + ELEMENT).sum::<usize>()
            }))
            + self.key_source.as_ref().map_or(0, KeySource::bytes)
            + self.federated_identities.iter().map(|identity| identity.bytes() + IDENTITY).sum::<usize>()
    }

    /// Whether it can authenticate by assertions.
    #[must_use]
    pub fn has_keys_or_identities(&self) -> bool {
        self.key_source.is_some() || !self.federated_identities.is_empty()
    }

    /// What is wrong between its members, whoever set them last.
    #[must_use]
    pub fn inconsistencies(&self) -> Vec<FieldError> {
        let mut errors = Vec::new();
        let mut limit = |path: &str, count: usize, most: usize| {
            if count > most {
                errors.push(FieldError::new(path, format!("must hold at most {most} entries")));
            }
        };
        limit("redirect_uris", self.redirect_uris.len(), MAX_REDIRECT_URIS);
        limit("allowed_ips", self.allowed_ips.len(), MAX_NETWORKS);
        limit("contacts", self.contacts.len(), MAX_CONTACTS);
        limit("federated_identities", self.federated_identities.len(), MAX_FEDERATED_IDENTITIES);
        for (index, identity) in self.federated_identities.iter().enumerate() {
            if self.federated_identities[..index].contains(identity) {
                errors.push(FieldError::new(format!("federated_identities/{index}"), "is there twice"));
            }
        }
        if !self.token_endpoint_auth_method.takes_secrets() && !self.has_keys_or_identities() {
            errors.push(FieldError::new(
                "token_endpoint_auth_method",
                "private_key_jwt needs jwks, jwks_uri, public_key_pem or federated_identities",
            ));
        }
        if self.grant_types.is_empty() {
            errors.push(FieldError::new("grant_types", "must name at least one grant"));
        }
        if self.secret_display == SecretDisplay::OnRequest && self.secret_storage == SecretStorage::DigestOnly
        {
            errors.push(FieldError::new(
                "secret_display",
                "on_request needs secret_storage secrets_manager: a digest cannot be shown",
            ));
        }
        let bytes = self.metadata_bytes();
        if bytes > MAX_METADATA_BYTES {
            errors.push(FieldError::new(
                "",
                format!(
                    "name, description, redirect_uris, contacts, allowed_ips, permissions, keys and \
                     federated_identities take {bytes} bytes together; {MAX_METADATA_BYTES} are allowed"
                ),
            ));
        }
        errors
    }
}
