//! The members of a client that are one of a few words.

use crate::domain::primitives::validation::{FieldError, FromJson, wrong};
use serde::{Deserialize, Serialize};
use serde_json::Value;

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
        /// A person lets the client act for them (RFC 6749 §4.1).
        AuthorizationCode = "authorization_code",
        /// The client acts in its own name (RFC 6749 §4.4).
        ClientCredentials = "client_credentials",
        /// The client gets refresh tokens and exchanges them (RFC 6749 §6). Beside one of the others only.
        RefreshToken = "refresh_token",
    }
}

choices! {
    /// How a client says who it is (`token_endpoint_auth_method` of RFC 7591).
    AuthMethod {
        /// The secret in an `AuthorizationGrant: Basic` header (RFC 6749 §2.3.1).
        ClientSecretBasic = "client_secret_basic",
        /// The secret in the body. A client with a secret may use either.
        ClientSecretPost = "client_secret_post",
        /// A JWT that the client signs with a key of its own (RFC 7523 §2.2), or that an outside issuer signs for
        /// it. A client with keys or federated identities may use it whatever it says here; one that says this
        /// can not use a secret any more.
        PrivateKeyJwt = "private_key_jwt",
        /// Not at all: a program in its user's hands, which could keep no secret (RFC 6749 §2.1, a public client).
        None = "none",
    }
}

impl AuthMethod {
    /// Whether secrets count.
    #[must_use]
    pub const fn takes_secrets(self) -> bool {
        match self {
            Self::ClientSecretBasic | Self::ClientSecretPost => true,
            Self::PrivateKeyJwt | Self::None => false,
        }
    }

    /// Whether the client is a public one, which proves nothing about itself.
    #[must_use]
    pub const fn is_public(self) -> bool {
        match self {
            Self::None => true,
            Self::ClientSecretBasic | Self::ClientSecretPost | Self::PrivateKeyJwt => false,
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
