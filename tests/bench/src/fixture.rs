//! The deployment that is measured: as many clients as one likes, each with a secret that follows from its number.

use crate::Failure;
use jiff::{SignedDuration, Timestamp};
use shared::adapters::digest::sha256;
use shared::adapters::peppers::Peppers;
use shared::domain::client::Client;
use shared::domain::client_secret::ClientSecret;
use shared::domain::ids::{AccountId, ClientId, ResourceId, SecretId};
use shared::domain::permission::Permission;
use shared::domain::resource::{Audience, Label, Resource, ScopeDefinition, TokenSigningAlg};
use shared::domain::scope::{Scope, ScopeSet};
use shared::domain::secret::{Secret, SecretDigest};
use shared::domain::text::{Description, Name};

pub const PEPPER: &str = r#"{"pepper_id":"p1","pepper":"a pepper for measuring, of at least 32 characters"}"#;
/// The resources, by the algorithm that signs their tokens.
pub const RESOURCES: [(&str, TokenSigningAlg); 2] =
    [("es256", TokenSigningAlg::ES256), ("rs256", TokenSigningAlg::RS256)];
const SCOPES: &str = "orders:read orders:write";
const QUARTER: SignedDuration = SignedDuration::from_hours(24 * 90);

#[expect(clippy::disallowed_methods, reason = "nothing that is measured takes it from here")]
pub fn now() -> Timestamp {
    Timestamp::now()
}

/// The id of the client of this number, and its secret.
pub fn credentials(number: u32) -> Result<(ClientId, ClientSecret), Failure> {
    let id = ClientId::parse(&format!("bench-{number:07}"))?;
    Ok((id, ClientSecret::from_entropy(sha256(&number.to_be_bytes()))))
}

pub fn secret_id(number: u32) -> SecretId {
    SecretId::from_entropy(u128::from(number).to_be_bytes())
}

pub fn digest(peppers: &Peppers, number: u32) -> Result<SecretDigest, Failure> {
    let (id, secret) = credentials(number)?;
    Ok(peppers.digest(&id, &secret_id(number), &secret))
}

/// A client that may ask for tokens of both kinds.
pub fn client(id: ClientId, now: Timestamp) -> Result<Client, Failure> {
    let permission = |name| -> Result<_, Failure> {
        Ok(Permission { resource: ResourceId::parse(name)?, scopes: ScopeSet::parse(SCOPES)? })
    };
    Ok(Client {
        permissions: vec![permission("es256")?, permission("rs256")?],
        ..Client::new(id, AccountId::parse("T12345678")?, Name::parse("Order sync")?, now)
    })
}

/// A secret that was used today, as all but the first token of a day find it.
pub fn secret(secret_id: SecretId, digest: SecretDigest, now: Timestamp) -> Secret {
    Secret {
        secret_id,
        digest,
        hint: "x7Qd".to_owned(),
        created_at: now,
        expires_at: now.saturating_add(QUARTER).unwrap_or(Timestamp::MAX),
        remind: true,
        revealable: false,
        last_used_on: Some(now.to_zoned(jiff::tz::TimeZone::UTC).date()),
        tried_on: None,
        said: None,
    }
}

pub fn resource(name: &str, alg: TokenSigningAlg, now: Timestamp) -> Result<Resource, Failure> {
    let scope = |name| -> Result<_, Failure> {
        Ok(ScopeDefinition { name: Scope::parse(name)?, description: Description::default() })
    };
    Ok(Resource {
        resource_id: ResourceId::parse(name)?,
        resource_name: Name::parse(name)?,
        audience: Audience::parse(&format!("https://{name}.api.example.com"))?,
        service: Label::parse(name)?,
        stage: Label::parse("production")?,
        scopes: SCOPES.split(' ').map(scope).collect::<Result<_, _>>()?,
        default_scopes: ScopeSet::parse(SCOPES)?,
        token_signing_alg: alg,
        created_at: now,
        updated_at: now,
        version: 1,
    })
}
