//! Authentication by a signed assertion (RFC 7523 §3, RFC 10070): the client's own, or that of an outside
//! issuer which vouches for it.

use super::{AuthenticatedClient, Circumstances, Proof};
use crate::adapters::fault::Fault;
use crate::adapters::jws;
use crate::adapters::outside::{KeySets, Publisher};
use crate::adapters::store::{ClientAndSecrets, Spent, Store};
use crate::domain::assertion::Assertion;
use crate::domain::assertion_rules::{self, Unfit};
use crate::domain::client::Client;
use crate::domain::credential::CredentialId;
use crate::domain::federated_identity::FederatedIdentity;
use crate::domain::ids::ClientId;
use crate::domain::jwk::{PublicJwk, candidates};
use crate::domain::key_source::KeySource;
use crate::domain::oauth_error::AuthenticationFailure;
use jiff::Timestamp;

/// Who somebody says that they are, and the assertion that they say it with.
#[derive(Debug)]
pub struct PresentedAssertion {
    client_id: ClientId,
    assertion: Assertion,
}

impl PresentedAssertion {
    /// Takes an assertion together with the request's `client_id`.
    ///
    /// Without a `client_id`, its subject is the client. With one, and an assertion of the client's own, both must be
    /// the same (RFC 7521 §4.2). An outside issuer knows its subject by a name of its own, so there it is
    /// needed, even if that name could be a client's.
    pub fn new(assertion: Assertion, client_id: Option<&str>) -> Result<Self, AuthenticationFailure> {
        let own = assertion.iss == assertion.sub;
        let named = match client_id {
            Some(id) if !own || id == assertion.sub => id,
            None if own => &assertion.sub,
            _ => return Err(AuthenticationFailure::MalformedCredentials),
        };
        let client_id = ClientId::parse(named).map_err(|_| AuthenticationFailure::MalformedCredentials)?;
        Ok(Self { client_id, assertion })
    }

    /// The client that they say they are.
    #[must_use]
    pub fn client_id(&self) -> &ClientId {
        &self.client_id
    }
}

/// What assertions are checked with.
#[derive(Clone, Copy, Debug)]
pub struct Desk<'a> {
    /// Where used ones are remembered.
    pub store: &'a Store,
    /// Keys that are published outside.
    pub key_sets: &'a KeySets,
    /// Our own issuer: what a client's own assertion must be meant for.
    pub issuer: &'a str,
}

/// What speaks for a client, before its signature is looked at.
struct Claimed<'a> {
    keys: Keys<'a>,
    /// The id of an assertion that may be used once.
    jti: Option<&'a str>,
}

enum Keys<'a> {
    /// With the client. Each is a credential of its own.
    Kept(&'a [PublicJwk]),
    /// Outside. Together they are one.
    Published(Publisher, CredentialId),
}

impl Desk<'_> {
    /// Decides whether the presented assertion is the client's.
    ///
    /// Where there is no key to verify it with, it is verified with nobody's, so that the work is the same. A
    /// client's own assertion is spent here, as the very last thing: a fault in that is a fault, and no client.
    pub async fn authenticate(
        &self,
        presented: &PresentedAssertion,
        known: Option<ClientAndSecrets>,
        circumstances: &Circumstances<'_>,
    ) -> Result<Result<AuthenticatedClient, AuthenticationFailure>, Fault> {
        let assertion = &presented.assertion;
        let Some(ClientAndSecrets { client, .. }) = known else {
            return Ok(Err(refuse(assertion, AuthenticationFailure::UnknownClient)));
        };
        let Claimed { keys, jti } = match self.claimed(assertion, &client, circumstances.now) {
            Ok(claimed) => claimed,
            Err(failure) => return Ok(Err(refuse(assertion, failure))),
        };
        let credential = match self.verify(assertion, keys, circumstances.now).await {
            Ok(credential) => credential,
            Err(failure) => return Ok(Err(failure)),
        };
        if let Err(failure) = circumstances.allow(&client) {
            return Ok(Err(failure));
        }
        if let Some(jti) = jti {
            let until = assertion_rules::remember_until(assertion);
            match self.store.spend_assertion(&client.client_id, jti, until).await? {
                Spent::Now => {}
                Spent::Before => return Ok(Err(AuthenticationFailure::Replayed)),
            }
        }
        let last_used_on = client.last_uses.get(&credential).copied();
        Ok(Ok(AuthenticatedClient { client, proof: Proof::Assertion { credential, last_used_on } }))
    }

    /// Whose word it claims to be, and whether that one says what it must.
    fn claimed<'a>(
        &self,
        assertion: &'a Assertion,
        client: &'a Client,
        now: Timestamp,
    ) -> Result<Claimed<'a>, AuthenticationFailure> {
        if assertion.iss == client.client_id.as_str() {
            let source = client.key_source.as_ref().ok_or(AuthenticationFailure::NoKeys)?;
            if source.certificate().is_some_and(|certificate| now >= certificate.expires_at) {
                return Err(AuthenticationFailure::ExpiredCertificate);
            }
            let jti = assertion_rules::check_own(assertion, &client.client_id, self.issuer, now)?;
            let keys = match source {
                KeySource::JwksUri(uri) => {
                    Keys::Published(Publisher::At(uri.clone()), CredentialId::of_jwks_uri(uri.as_str()))
                }
                KeySource::Jwks(_) | KeySource::PublicKeyPem(_) => Keys::Kept(source.kept_keys()),
            };
            return Ok(Claimed { keys, jti: Some(jti) });
        }
        let vouched = |identity: &&FederatedIdentity| {
            identity.issuer.as_str() == assertion.iss && identity.subject == assertion.sub
        };
        let mut refusal = AuthenticationFailure::NoKeys;
        for identity in client.federated_identities.iter().filter(vouched) {
            match assertion_rules::check_outside(assertion, identity, now) {
                Ok(()) => {
                    let publisher = Publisher::Of(identity.issuer.clone());
                    let keys = Keys::Published(publisher, CredentialId::of_identity(identity));
                    return Ok(Claimed { keys, jti: None });
                }
                Err(unfit) => refusal = unfit.into(),
            }
        }
        Err(refusal)
    }

    /// The credential that made the signature.
    async fn verify(
        &self,
        assertion: &Assertion,
        keys: Keys<'_>,
        now: Timestamp,
    ) -> Result<CredentialId, AuthenticationFailure> {
        match keys {
            Keys::Kept(keys) => signer(assertion, keys).map(CredentialId::of_key),
            Keys::Published(publisher, credential) => {
                let keys = self.key_sets.keys(&publisher, assertion.kid.as_deref(), now).await;
                let keys = keys.ok_or_else(|| refuse(assertion, AuthenticationFailure::KeysUnavailable))?;
                signer(assertion, &keys).map(|_| credential)
            }
        }
    }
}

/// The key that made the signature.
fn signer<'a>(
    assertion: &'a Assertion,
    keys: &'a [PublicJwk],
) -> Result<&'a PublicJwk, AuthenticationFailure> {
    let failure = AuthenticationFailure::WrongSignature;
    let mut tried = candidates(keys, assertion.kid.as_deref(), assertion.alg).take(MOST_TRIED).peekable();
    if tried.peek().is_none() {
        return Err(refuse(assertion, failure));
    }
    tried.find(|key| jws::verifies(assertion, key)).ok_or(failure)
}

/// Refuses after the work that a signature takes.
fn refuse(assertion: &Assertion, failure: AuthenticationFailure) -> AuthenticationFailure {
    let _ = jws::verifies(assertion, &jws::decoy(assertion.alg));
    failure
}

/// How many keys are tried for an assertion that does not name one.
const MOST_TRIED: usize = 5;

impl From<Unfit> for AuthenticationFailure {
    fn from(unfit: Unfit) -> Self {
        match unfit {
            Unfit::NotTheClient => Self::WrongSubject,
            Unfit::Audience => Self::WrongAudience,
            Unfit::Expired => Self::ExpiredAssertion,
            Unfit::TooLong => Self::AssertionTooLong,
            Unfit::NotYet => Self::AssertionNotYetValid,
            Unfit::Jti => Self::NoAssertionId,
        }
    }
}
