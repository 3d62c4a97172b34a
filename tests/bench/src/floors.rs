//! The floors: the minimum work of each operation, done in process. Each parses the request, does the
//! cryptography, decides, and serialises the response, without socket, database client, router or log.

use crate::fixture::{self, ClientKind};
use crate::{BoxError, session};
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use jiff::Timestamp;
use serde::Serialize;
use serde_json::json;
use shared::adapters::crypto::peppers::Peppers;
use shared::adapters::crypto::random::random;
use shared::adapters::crypto::token_crypto::{family_id_of, first_token, hash_refresh_token, next_token};
use shared::adapters::signing::{ExpectedAudience, KeyRing, KeyRingDocument, verify};
use shared::adapters::store::ClientWithSecrets;
use shared::domain::account::Entitlements;
use shared::domain::audit::{Action, Actor, Target};
use shared::domain::client::client_secret::ClientSecret;
use shared::domain::management;
use shared::domain::oauth::access_token::AccessTokenClaims;
use shared::domain::oauth::effective_grant::{Grantee, client_credentials_grant};
use shared::domain::oauth::lifetime;
use shared::domain::oauth::refresh_token::RefreshToken;
use shared::domain::primitives::display_text::Name;
use shared::domain::primitives::ids::{ClientId, ResourceId};
use shared::domain::resource::{Resource, TokenSigningAlg};
use shared::services::audit::AuditContext;
use shared::services::client_auth::{PresentedSecret, verify_secret};
use shared::services::clients::{SecretOptions, generate_secret};
use shared::wire::basic_auth;
use shared::wire::params::OAuthParams;
use shared::wire::strict_json;
use std::collections::BTreeMap;

/// The records that the functions read from their stores, and the requests.
pub struct Floors {
    now: Timestamp,
    pub ring: KeyRing,
    peppers: Peppers,
    known: ClientWithSecrets,
    resources: BTreeMap<ResourceId, Resource>,
    /// The Basic header of the client.
    authorization: String,
    refresh_form: String,
    introspection_form: String,
    /// An access token for the management API.
    bearer: String,
}

#[derive(Serialize)]
struct ActiveResponse<'a> {
    active: bool,
    token_type: &'static str,
    #[serde(flatten)]
    claims: &'a AccessTokenClaims,
}

impl Floors {
    pub fn new() -> Result<Self, BoxError> {
        let now = fixture::now();
        let peppers = Peppers::parse(fixture::PEPPER)?;
        let (id, secret) = fixture::credentials(ClientKind::Plain, 0)?;
        let authorization = format!("Basic {}", STANDARD.encode(format!("{id}:{}", secret.expose())));
        let digest = fixture::digest(&peppers, ClientKind::Plain, 0)?;
        let known = ClientWithSecrets {
            client: fixture::client(ClientKind::Plain, id, &fixture::secret_id(0), now)?,
            secrets: vec![fixture::secret(fixture::secret_id(0), digest, now)],
        };
        let mut resources = BTreeMap::new();
        for (name, alg) in fixture::RESOURCES {
            resources.insert(ResourceId::parse(name)?, fixture::resource(name, alg, now)?);
        }
        let mut floors = Self {
            now,
            ring: KeyRing::parse(&KeyRingDocument::generate(now)?.to_json()?)?,
            peppers,
            known,
            resources,
            authorization,
            refresh_form: format!("grant_type=refresh_token&refresh_token={}", first_token().expose()),
            introspection_form: String::new(),
            bearer: String::new(),
        };
        let claims = floors.claims("es256")?;
        let token = floors.ring.active(TokenSigningAlg::ES256).sign(&claims)?;
        floors.introspection_form = format!("token={token}");
        let claims = AccessTokenClaims { aud: management::audience(fixture::ISSUER), ..claims };
        floors.bearer = floors.ring.active(TokenSigningAlg::RS256).sign(&claims)?;
        Ok(floors)
    }

    /// The claims of a token for a resource.
    pub fn claims(&self, resource: &str) -> Result<AccessTokenClaims, BoxError> {
        let client = &self.known.client;
        let find = |id: &ResourceId| self.resources.get(id);
        let (entitlements, max_lifetime) = (&Entitlements::default(), lifetime::DEFAULT_MAX_ACCESS_SECONDS);
        let grantee = Grantee { client, entitlements, max_lifetime };
        let token_grant = client_credentials_grant(grantee, Some(resource), None, find)
            .map_err(|denied| format!("{denied:?}"))?;
        let issued_at = self.now.as_second();
        Ok(AccessTokenClaims {
            iss: fixture::ISSUER.to_owned(),
            sub: client.client_id.to_string(),
            aud: token_grant.audience,
            exp: issued_at + i64::from(token_grant.lifetime),
            iat: issued_at,
            nbf: issued_at,
            jti: format!("{:032x}", u128::from_be_bytes(random())),
            client_id: client.client_id.clone(),
            scope: token_grant.scopes.to_string(),
            account_id: client.account_id.clone(),
            grant_id: None,
            account_claims: BTreeMap::new(),
        })
    }

    /// Client authentication: Basic, form, HMAC of the secret.
    fn authenticate(&self, form: &str) -> Result<OAuthParams, BoxError> {
        let basic = basic_auth::parse(self.authorization.as_bytes()).map_err(|_| "not a Basic header")?;
        let parameters = OAuthParams::from_form(form.as_bytes()).map_err(|_| "not a form")?;
        let presented = PresentedSecret {
            client_id: ClientId::parse(&basic.client_id)?,
            secret: ClientSecret::parse(&basic.client_secret)?,
        };
        verify_secret(&presented, Some(self.known.clone()), &self.peppers, self.now)?;
        Ok(parameters)
    }

    /// A token: authentication, claims, signature, response.
    pub fn token(&self, form: &str) -> Result<Vec<u8>, BoxError> {
        let parameters = self.authenticate(form)?;
        let resource = parameters.get("resource").ok_or("no resource")?;
        let claims = self.claims(resource)?;
        let alg = self.resources[&ResourceId::parse(resource)?].token_signing_alg;
        let answer = json!({
            "access_token": self.ring.active(alg).sign(&claims)?,
            "token_type": "Bearer",
            "expires_in": claims.exp - claims.iat,
            "scope": claims.scope,
        });
        Ok(serde_json::to_vec(&answer)?)
    }

    /// Introspection: authentication, the ES256 signature of the token, response.
    pub fn introspect(&self) -> Result<Vec<u8>, BoxError> {
        let parameters = self.authenticate(&self.introspection_form)?;
        let token = parameters.get("token").ok_or("no token")?;
        let claims =
            verify(token, self.ring.verification_keys(), fixture::ISSUER, ExpectedAudience::Any, self.now)?;
        let answer = ActiveResponse { active: true, token_type: "Bearer", claims: &claims };
        Ok(serde_json::to_vec(&answer)?)
    }

    /// Exchange of a refresh token: authentication, the digests of both refresh tokens, the sealed successor, claims,
    /// an ES256 signature, response.
    pub fn refresh(&self) -> Result<Vec<u8>, BoxError> {
        let parameters = self.authenticate(&self.refresh_form)?;
        let presented = RefreshToken::parse(parameters.get("refresh_token").ok_or("no refresh token")?)?;
        let (next, successor) = next_token(&presented);
        std::hint::black_box((hash_refresh_token(&presented), hash_refresh_token(&next), successor));
        let claims = AccessTokenClaims { grant_id: Some(family_id_of(&presented)), ..self.claims("es256")? };
        let answer = json!({
            "access_token": self.ring.active(TokenSigningAlg::ES256).sign(&claims)?,
            "token_type": "Bearer",
            "expires_in": claims.exp - claims.iat,
            "refresh_token": next.expose(),
            "scope": claims.scope,
        });
        Ok(serde_json::to_vec(&answer)?)
    }

    /// `GET` of a client: the RS256 signature of the bearer token, the client as JSON.
    pub fn get_client(&self) -> Result<Vec<u8>, BoxError> {
        self.verify_bearer()?;
        Ok(serde_json::to_vec(&self.known.client)?)
    }

    /// `POST` of a client: the RS256 signature of the bearer token, the request's JSON, a new secret and its HMAC, the
    /// three records that are written (client, secret, audit entry) as JSON, and the client as JSON once more.
    pub fn create_client(&self) -> Result<Vec<u8>, BoxError> {
        let caller = self.verify_bearer()?;
        let body = strict_json::parse(session::NEW_CLIENT.as_bytes())?;
        let name = Name::parse(body["client_name"].as_str().ok_or("no name")?)?;
        let account = &self.known.client.account_id;
        let mut client = shared::domain::client::Client::new(
            ClientId::from_random_bytes(random()),
            account.clone(),
            name,
            self.now,
        );
        let terms = SecretOptions { expires_at: self.known.secrets[0].expires_at, remind: true, label: None };
        let minted = generate_secret(&client, terms, &self.peppers, self.now);
        client.secrets = vec![minted.summary(client.secret_storage)];
        let actor = Actor::of_client(caller.client_id, caller.account_id, None);
        let audit_context = AuditContext { actor, now: self.now, request: None };
        let target = Target { client_id: Some(client.client_id.clone()), ..Target::default() };
        let entry = audit_context.audit(account, Action::ClientCreated, target, &[]);
        std::hint::black_box(serde_json::to_vec(&(&client, &minted.secret, &entry))?);
        Ok(serde_json::to_vec(&(&client, minted.value.expose()))?)
    }

    fn verify_bearer(&self) -> Result<AccessTokenClaims, BoxError> {
        let audience = management::audience(fixture::ISSUER);
        let audience = ExpectedAudience::Only(&audience);
        Ok(verify(&self.bearer, self.ring.verification_keys(), fixture::ISSUER, audience, self.now)?)
    }
}
