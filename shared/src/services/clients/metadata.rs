//! The details of a client as a caller sets them.

use crate::domain::client::federated_identity::FederatedIdentity;
use crate::domain::client::{
    AuthMethod, Client, GrantType, SecretDisplay, SecretStorage, SecretStorageChoice,
};
use crate::domain::net::ip_allowlist::IpNetwork;
use crate::domain::net::remote_url::JwksUri;
use crate::domain::oauth::lifetime;
use crate::domain::primitives::display_text::{Description, Name};
use crate::domain::primitives::email::EmailAddress;
use crate::domain::primitives::link_url::LinkUrl;
use crate::domain::primitives::validation::{Field, Validator};
use crate::domain::redirect_uri::RedirectUri;
use crate::services::clients::ClientManager;
use crate::services::clients::keys::{KeyFields, SuppliedKeys};
use crate::services::principal::AccessError;
use jiff::Timestamp;

/// The details of a client. Missing members stay as they are.
#[derive(Clone, Debug, Default)]
pub struct ClientMetadata {
    /// Its name.
    pub client_name: Field<Name>,
    /// Its description.
    pub description: Field<Description>,
    /// A web page about it; `None` removes it.
    pub client_uri: Field<Option<LinkUrl>>,
    /// The grants that it uses.
    pub grant_types: Field<Vec<GrantType>>,
    /// How it authenticates.
    pub token_endpoint_auth_method: Field<AuthMethod>,
    /// Its public keys; `None` removes them.
    pub jwks: Field<Option<SuppliedKeys>>,
    /// Where it publishes its public keys; `None` removes it.
    pub jwks_uri: Field<Option<JwksUri>>,
    /// Its public key or certificate; `None` removes it.
    pub public_key_pem: Field<Option<SuppliedKeys>>,
    /// Workloads that other issuers vouch for.
    pub federated_identities: Field<Vec<FederatedIdentity>>,
    /// Seconds.
    pub access_token_lifetime: Field<u32>,
    /// Seconds.
    pub refresh_token_lifetime: Field<u32>,
    /// Its redirect URIs.
    pub redirect_uris: Field<Vec<RedirectUri>>,
    /// The networks that it calls from; any if empty.
    pub allowed_ips: Field<Vec<IpNetwork>>,
    /// Recipients of its reminders.
    pub contacts: Field<Vec<EmailAddress>>,
    /// Where its secrets are kept.
    pub secret_storage: Field<SecretStorage>,
    /// Whether its secrets are shown again.
    pub secret_display: Field<SecretDisplay>,
}

/// A change of a client's details.
#[derive(Clone, Debug)]
pub struct ClientChange {
    /// The new details.
    pub metadata: ClientMetadata,
    /// Errors found while the input was read.
    pub errors: Validator,
}

impl ClientManager<'_> {
    /// Checks that the caller may choose where secrets are kept, if it does: another storage than `present`.
    pub(super) fn check_secret_storage(
        &self,
        requested: &Field<SecretStorage>,
        present: SecretStorage,
        checked: &mut Validator,
    ) -> Result<(), AccessError> {
        let Field::Present(Ok(requested)) = requested else { return Ok(()) };
        let policy = self.ctx.backend.policy;
        if *requested == present || self.chooses_storage() {
            return Ok(());
        }
        if policy.secret_storage_choice != SecretStorageChoice::Fixed {
            return Err(AccessError::OperatorOnly("secret_storage"));
        }
        if *requested != policy.secret_storage {
            let fixed: &str = policy.secret_storage.into();
            checked.error("secret_storage", format!("is {fixed} for every client here; leave it out"));
        }
        Ok(())
    }

    /// Where a duplicate keeps its secrets: as the original, if the caller may choose that.
    pub(super) fn storage_of_duplicate(&self, original: SecretStorage) -> SecretStorage {
        if self.chooses_storage() { original } else { self.ctx.backend.policy.secret_storage }
    }

    /// Whether the caller may choose where secrets are kept.
    #[must_use]
    pub fn chooses_storage(&self) -> bool {
        match self.ctx.backend.policy.secret_storage_choice {
            SecretStorageChoice::Fixed => false,
            SecretStorageChoice::Operator => self.ctx.principal.is_operator(),
            SecretStorageChoice::Account => true,
        }
    }
}

impl ClientMetadata {
    /// Whether it names keys or federated identities, also unchanged ones.
    pub(super) fn names_keys(&self) -> bool {
        !matches!(self.jwks, Field::Missing)
            || !matches!(self.jwks_uri, Field::Missing)
            || !matches!(self.public_key_pem, Field::Missing)
            || !matches!(self.federated_identities, Field::Missing)
    }

    /// Sets what is present in `client`, and adds every error to `checked`.
    pub(super) fn apply(
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
            client_uri,
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
        KeyFields { jwks, jwks_uri, public_key_pem }.apply(client, now, checked);
        let mut lifetime = |name, input, max| {
            let seconds = checked.optional(name, input)?;
            checked.extend(lifetime::validate(name, seconds, max).err());
            Some(seconds)
        };
        let access = lifetime("access_token_lifetime", self.access_token_lifetime, max_access_token_lifetime);
        let refresh =
            lifetime("refresh_token_lifetime", self.refresh_token_lifetime, lifetime::MAX_REFRESH_SECONDS);
        client.access_token_lifetime = access.unwrap_or(client.access_token_lifetime);
        client.refresh_token_lifetime = refresh.unwrap_or(client.refresh_token_lifetime);
    }
}
