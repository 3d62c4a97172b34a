//! The measured deployment: any number of clients, each with a secret derived from its number.

use crate::BoxError;
use jiff::{SignedDuration, Timestamp};
use shared::adapters::crypto::digest::sha256;
use shared::adapters::crypto::peppers::Peppers;
use shared::domain::account::Account;
use shared::domain::client::client_secret::ClientSecret;
use shared::domain::client::credential::CredentialId;
use shared::domain::client::permission::Permission;
use shared::domain::client::secret::{Secret, SecretDigest, SecretLookup, SecretStatus};
use shared::domain::client::{Client, GrantType};
use shared::domain::management::RESOURCE_ID;
use shared::domain::primitives::display_text::{Description, Name};
use shared::domain::primitives::ids::{AccountId, ClientId, ResourceId, SecretId};
use shared::domain::primitives::unknown_attributes::UnknownAttributes;
use shared::domain::resource::scope::{Scope, ScopeSet};
use shared::domain::resource::{
    AccountAccess, Audience, Resource, ScopeDefinition, ServiceLabel, TokenSigningAlg,
};

pub const ISSUER: &str = "https://id.latchkey.example";
pub const ACCOUNT: &str = "T12345678";
pub const PEPPER: &str = r#"{"pepper_id":"p1","pepper":"a pepper for measuring, of at least 32 characters"}"#;
/// The resources, by the algorithm that signs their tokens.
pub const RESOURCES: [(&str, TokenSigningAlg); 2] =
    [("es256", TokenSigningAlg::ES256), ("rs256", TokenSigningAlg::RS256)];
const SCOPES: &str = "orders:read orders:write";
const QUARTER: SignedDuration = SignedDuration::from_hours(24 * 90);

/// Kind of a client: its permissions and grant types.
#[derive(Clone, Copy, PartialEq, Eq, Hash)]
pub enum ClientKind {
    /// Gets access tokens of both algorithms.
    Plain,
    /// Gets a refresh token with each access token.
    Refreshing,
    /// Calls the management API, and gets access tokens signed by ES256.
    Managing,
}

impl ClientKind {
    pub const ALL: [Self; 3] = [Self::Plain, Self::Refreshing, Self::Managing];

    /// First part of the client ids of this kind.
    const fn prefix(self) -> &'static str {
        match self {
            Self::Plain => "bench",
            Self::Refreshing => "refresh",
            Self::Managing => "manage",
        }
    }
}

#[expect(clippy::disallowed_methods, reason = "nothing that is measured reads this clock")]
pub fn now() -> Timestamp {
    Timestamp::now()
}

/// Id and secret of a client.
pub fn credentials(kind: ClientKind, number: u32) -> Result<(ClientId, ClientSecret), BoxError> {
    let id = ClientId::parse(&format!("{}-{number:07}", kind.prefix()))?;
    Ok((id, ClientSecret::from_random_bytes(sha256(&number.to_be_bytes()))))
}

pub fn secret_id(number: u32) -> SecretId {
    SecretId::from_random_bytes(u128::from(number).to_be_bytes())
}

pub fn digest(peppers: &Peppers, kind: ClientKind, number: u32) -> Result<SecretDigest, BoxError> {
    let (id, secret) = credentials(kind, number)?;
    Ok(peppers.digest(&id, &secret_id(number), &secret))
}

pub fn account(now: Timestamp) -> Result<Account, BoxError> {
    Ok(Account::new(AccountId::parse(ACCOUNT)?, Name::parse("Measured")?, now))
}

/// A client whose secret has been used today, as it is for all tokens of a day but the first.
pub fn client(
    kind: ClientKind,
    id: ClientId,
    secret_id: &SecretId,
    now: Timestamp,
) -> Result<Client, BoxError> {
    let permission = |name, scopes| -> Result<_, BoxError> {
        let (resource, scopes) = (ResourceId::parse(name)?, ScopeSet::parse(scopes)?);
        Ok(Permission { resource, scopes, unknown: UnknownAttributes::default() })
    };
    let mut client = Client::new(id, AccountId::parse(ACCOUNT)?, Name::parse("Order sync")?, now);
    let today = now.to_zoned(jiff::tz::TimeZone::UTC).date();
    client.last_uses.insert(CredentialId::of_secret(secret_id), today);
    match kind {
        ClientKind::Managing => {
            let own = permission(RESOURCE_ID, "clients:read clients:manage")?;
            client.permissions = vec![own, permission("es256", SCOPES)?];
        }
        ClientKind::Plain | ClientKind::Refreshing => {
            client.permissions = vec![permission("es256", SCOPES)?, permission("rs256", SCOPES)?];
        }
    }
    if kind == ClientKind::Refreshing {
        client.grant_types.push(GrantType::RefreshToken);
    }
    Ok(client)
}

pub fn secret(secret_id: SecretId, digest: SecretDigest, now: Timestamp) -> Secret {
    Secret {
        secret_id,
        digest,
        paused_digest: None,
        status: SecretStatus::Active,
        label: None,
        lookup: Some(SecretLookup(vec![0; 32])),
        hint: "x7Qd".to_owned(),
        created_at: now,
        expires_at: now.saturating_add(QUARTER).unwrap_or(Timestamp::MAX),
        remind: true,
        revealable: false,
        last_used_on: None,
        tried_on: None,
        said: None,
    }
}

/// The identifier of a resource that tokens are requested for.
pub fn audience(name: &str) -> String {
    format!("https://{name}.api.example.com")
}

pub fn resource(name: &str, alg: TokenSigningAlg, now: Timestamp) -> Result<Resource, BoxError> {
    let scope = |name| -> Result<_, BoxError> {
        let description = Description::default();
        Ok(ScopeDefinition {
            name: Scope::parse(name)?,
            description,
            restricted: false,
            implies: ScopeSet::default(),
            unknown: UnknownAttributes::default(),
        })
    };
    Ok(Resource {
        resource_id: ResourceId::parse(name)?,
        resource_name: Name::parse(name)?,
        audience: Audience::parse(&audience(name))?,
        service: ServiceLabel::parse(name)?,
        stage: ServiceLabel::parse("production")?,
        scopes: SCOPES.split(' ').map(scope).collect::<Result<_, _>>()?,
        default_scopes: ScopeSet::parse(SCOPES)?,
        token_signing_alg: alg,
        account_access: AccountAccess::All,
        documentation_url: None,
        created_at: now,
        updated_at: now,
        version: 1,
        unknown: UnknownAttributes::default(),
    })
}
