//! Enumerated client metadata (RFC 7591 §2 and our own).

use crate::domain::primitives::validation::{FieldError, FromJson, from_name};
use serde::{Deserialize, Serialize};
use serde_json::Value;
use strum::{EnumString, IntoStaticStr, VariantArray};

/// A grant type (`grant_types` of RFC 7591).
#[derive(
    Clone,
    Copy,
    Debug,
    PartialEq,
    Eq,
    PartialOrd,
    Ord,
    Hash,
    Serialize,
    Deserialize,
    EnumString,
    IntoStaticStr,
    VariantArray,
)]
#[serde(rename_all = "snake_case")]
#[strum(serialize_all = "snake_case")]
pub enum GrantType {
    /// The client acts for an end user (RFC 6749 §4.1).
    AuthorizationCode,
    /// The client acts for itself (RFC 6749 §4.4).
    ClientCredentials,
    /// The client gets refresh tokens and redeems them (RFC 6749 §6). Only together with one of the others.
    RefreshToken,
}

/// How a client authenticates (`token_endpoint_auth_method` of RFC 7591).
#[derive(
    Clone,
    Copy,
    Debug,
    PartialEq,
    Eq,
    PartialOrd,
    Ord,
    Hash,
    Serialize,
    Deserialize,
    EnumString,
    IntoStaticStr,
    VariantArray,
)]
#[serde(rename_all = "snake_case")]
#[strum(serialize_all = "snake_case")]
pub enum AuthMethod {
    /// The secret in an `Authorization: Basic` header (RFC 6749 §2.3.1).
    ClientSecretBasic,
    /// The secret in the body. A client with a secret may use either.
    ClientSecretPost,
    /// A JWT that the client signs with a key of its own (RFC 7523 §2.2), or that an external issuer signs for it. A
    /// client with keys or federated identities may use it whatever its registered method; one with this method can not
    /// use secrets.
    PrivateKeyJwt,
    /// None: a public client, which could not keep a secret (RFC 6749 §2.1).
    None,
}

impl AuthMethod {
    /// Whether the client's secrets are accepted.
    #[must_use]
    pub const fn takes_secrets(self) -> bool {
        match self {
            Self::ClientSecretBasic | Self::ClientSecretPost => true,
            Self::PrivateKeyJwt | Self::None => false,
        }
    }

    /// Whether the client is public, so it does not authenticate (RFC 6749 §2.1).
    #[must_use]
    pub const fn is_public(self) -> bool {
        match self {
            Self::None => true,
            Self::ClientSecretBasic | Self::ClientSecretPost | Self::PrivateKeyJwt => false,
        }
    }
}

/// Where a client's secrets are stored.
#[derive(
    Clone,
    Copy,
    Debug,
    PartialEq,
    Eq,
    PartialOrd,
    Ord,
    Hash,
    Serialize,
    Deserialize,
    EnumString,
    IntoStaticStr,
    VariantArray,
)]
#[serde(rename_all = "snake_case")]
#[strum(serialize_all = "snake_case")]
pub enum SecretStorage {
    /// In Secrets Manager, where a workload on AWS reads them under IAM; and as a digest.
    SecretsManager,
    /// As a digest only: they can not be recovered, and cost no monthly fee.
    DigestOnly,
}

/// Who may say for a client that its secrets are kept otherwise than is usual in the deployment.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, EnumString)]
#[strum(serialize_all = "snake_case")]
pub enum SecretStorageChoice {
    /// Each client is as usual.
    Fixed,
    /// Operators.
    #[default]
    Operator,
    /// The account's administrators too.
    Account,
}

/// Whether a secret can be revealed again.
#[derive(
    Clone,
    Copy,
    Debug,
    PartialEq,
    Eq,
    PartialOrd,
    Ord,
    Hash,
    Serialize,
    Deserialize,
    EnumString,
    IntoStaticStr,
    VariantArray,
)]
#[serde(rename_all = "snake_case")]
#[strum(serialize_all = "snake_case")]
pub enum SecretDisplay {
    /// Only in the response that creates it.
    Once,
    /// At each request of a holder of `secrets:reveal`; each time is audited.
    OnRequest,
}

macro_rules! names {
    ($($name:ident),+) => {$(
        impl $name {
            /// Every value.
            pub const ALL: &[Self] = Self::VARIANTS;

            /// The name in JSON and in storage.
            #[must_use]
            pub fn as_str(self) -> &'static str {
                self.into()
            }
        }

        impl FromJson for $name {
            fn from_json(value: &Value) -> Result<Self, Vec<FieldError>> {
                from_name(value)
            }
        }
    )+};
}

names!(GrantType, AuthMethod, SecretStorage, SecretDisplay);

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    fn assert_names<T>(expected: &[&str])
    where
        T: FromJson + Serialize + for<'de> Deserialize<'de> + PartialEq + std::fmt::Debug,
    {
        for name in expected {
            let value: T = serde_json::from_value(json!(name)).expect(name);
            assert_eq!(T::from_json(&json!(name)), Ok(value));
            let value = T::from_json(&json!(name)).expect(name);
            assert_eq!(serde_json::to_value(value).expect("JSON"), json!(name));
        }
        let unknown = T::from_json(&json!("other")).expect_err("not a name");
        assert_eq!(unknown[0].detail, format!("must be one of: {}", expected.join(", ")));
        assert!(serde_json::from_value::<T>(json!("other")).is_err(), "an unknown stored value fails closed");
    }

    #[test]
    fn names_are_those_of_the_wire() {
        assert_names::<GrantType>(&["authorization_code", "client_credentials", "refresh_token"]);
        assert_names::<AuthMethod>(&["client_secret_basic", "client_secret_post", "private_key_jwt", "none"]);
        assert_names::<SecretStorage>(&["secrets_manager", "digest_only"]);
        assert_names::<SecretDisplay>(&["once", "on_request"]);
        assert_eq!(AuthMethod::PrivateKeyJwt.as_str(), "private_key_jwt");
    }
}
