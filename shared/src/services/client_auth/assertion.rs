//! Authentication by a signed assertion (RFC 7523 §3, RFC 10070): the client's own, or that of an outside
//! issuer which vouches for it.

use crate::adapters::crypto::jws;
use crate::adapters::error::BackendError;
use crate::adapters::remote::{JwksCache, JwksSource};
use crate::adapters::store::{ClientWithSecrets, JtiOutcome, Store};
use crate::domain::client::Client;
use crate::domain::client::client_keys::ClientKeys;
use crate::domain::client::credential::CredentialId;
use crate::domain::client::federated_identity::FederatedIdentity;
use crate::domain::jose::jwk::{PublicJwk, candidates};
use crate::domain::oauth::client_assertion::Assertion;
use crate::domain::oauth::client_assertion::validation::{self, AssertionError};
use crate::domain::oauth::error::ClientAuthFailure;
use crate::domain::primitives::ids::ClientId;
use crate::services::client_auth::{AuthContext, AuthenticatedClient, VerifiedCredential};
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
    pub fn new(assertion: Assertion, client_id: Option<&str>) -> Result<Self, ClientAuthFailure> {
        let own = assertion.iss == assertion.sub;
        let named = match client_id {
            Some(id) if !own || id == assertion.sub => id,
            None if own => &assertion.sub,
            _ => return Err(ClientAuthFailure::InvalidCredentials),
        };
        let client_id = ClientId::parse(named).map_err(|_| ClientAuthFailure::InvalidCredentials)?;
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
pub struct AssertionVerifier<'a> {
    /// Where used ones are remembered.
    pub store: &'a Store,
    /// Keys that are published outside.
    pub jwks_cache: &'a JwksCache,
    /// Our own issuer: what a client's own assertion must be meant for.
    pub issuer: &'a str,
}

/// What speaks for a client, before its signature is looked at.
struct Candidate<'a> {
    keys: CandidateKeys<'a>,
    /// The id of an assertion that may be used once.
    jti: Option<&'a str>,
}

enum CandidateKeys<'a> {
    /// With the client. Each is a credential of its own.
    Inline(&'a [PublicJwk]),
    /// Outside. Together they are one.
    Remote(JwksSource, CredentialId),
}

impl AssertionVerifier<'_> {
    /// Decides whether the presented assertion is the client's.
    ///
    /// Where there is no key to verify it with, it is verified with nobody's, so that the work is the same. A
    /// client's own assertion is spent here, as the very last thing: a fault in that is a fault, and no client.
    pub async fn authenticate(
        &self,
        presented: &PresentedAssertion,
        known: Option<ClientWithSecrets>,
        circumstances: &AuthContext<'_>,
    ) -> Result<Result<AuthenticatedClient, ClientAuthFailure>, BackendError> {
        let assertion = &presented.assertion;
        let Some(ClientWithSecrets { client, .. }) = known else {
            return Ok(Err(reject_with_dummy_verify(assertion, ClientAuthFailure::UnknownClient)));
        };
        let Candidate { keys, jti } = match self.candidate(assertion, &client, circumstances.now) {
            Ok(candidate) => candidate,
            Err(failure) => return Ok(Err(reject_with_dummy_verify(assertion, failure))),
        };
        let credential = match self.verify(assertion, keys, circumstances.now).await {
            Ok(credential) => credential,
            Err(failure) => return Ok(Err(failure)),
        };
        if let Err(failure) = circumstances.allow(&client) {
            return Ok(Err(failure));
        }
        if let Some(jti) = jti {
            let until = validation::replay_window_end(assertion);
            match self.store.record_jti(&client.client_id, jti, until).await? {
                JtiOutcome::Recorded => {}
                JtiOutcome::Replayed => return Ok(Err(ClientAuthFailure::Replayed)),
            }
        }
        let last_used_on = client.last_uses.get(&credential).copied();
        Ok(Ok(AuthenticatedClient {
            client,
            proof: VerifiedCredential::Assertion { credential, last_used_on },
        }))
    }

    /// Whose word it claims to be, and whether that one says what it must.
    fn candidate<'a>(
        &self,
        assertion: &'a Assertion,
        client: &'a Client,
        now: Timestamp,
    ) -> Result<Candidate<'a>, ClientAuthFailure> {
        if assertion.iss == client.client_id.as_str() {
            let source = client.key_source.as_ref().ok_or(ClientAuthFailure::NoMatchingKeys)?;
            if source.certificate().is_some_and(|certificate| now >= certificate.expires_at) {
                return Err(ClientAuthFailure::ExpiredCertificate);
            }
            let jti = validation::validate_client_assertion(assertion, &client.client_id, self.issuer, now)?;
            let keys = match source {
                ClientKeys::JwksUri(uri) => CandidateKeys::Remote(
                    JwksSource::Uri(uri.clone()),
                    CredentialId::of_jwks_uri(uri.as_str()),
                ),
                ClientKeys::Jwks(_) | ClientKeys::PublicKeyPem(_) => {
                    CandidateKeys::Inline(source.inline_keys())
                }
            };
            return Ok(Candidate { keys, jti: Some(jti) });
        }
        let vouched = |identity: &&FederatedIdentity| {
            identity.issuer.as_str() == assertion.iss && identity.subject == assertion.sub
        };
        let mut refusal = ClientAuthFailure::NoMatchingKeys;
        for identity in client.federated_identities.iter().filter(vouched) {
            match validation::validate_federated_assertion(assertion, identity, now) {
                Ok(()) => {
                    let publisher = JwksSource::Issuer(identity.issuer.clone());
                    let keys = CandidateKeys::Remote(publisher, CredentialId::of_identity(identity));
                    return Ok(Candidate { keys, jti: None });
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
        keys: CandidateKeys<'_>,
        now: Timestamp,
    ) -> Result<CredentialId, ClientAuthFailure> {
        match keys {
            CandidateKeys::Inline(keys) => find_signing_key(assertion, keys).map(CredentialId::of_key),
            CandidateKeys::Remote(publisher, credential) => {
                let keys = self.jwks_cache.keys(&publisher, assertion.kid.as_deref(), now).await;
                let keys = keys
                    .ok_or_else(|| reject_with_dummy_verify(assertion, ClientAuthFailure::KeysUnavailable))?;
                find_signing_key(assertion, &keys).map(|_| credential)
            }
        }
    }
}

/// The key that made the signature.
fn find_signing_key<'a>(
    assertion: &'a Assertion,
    keys: &'a [PublicJwk],
) -> Result<&'a PublicJwk, ClientAuthFailure> {
    let failure = ClientAuthFailure::WrongSignature;
    let mut tried = candidates(keys, assertion.kid.as_deref(), assertion.alg).take(MAX_KEYS_TRIED).peekable();
    if tried.peek().is_none() {
        return Err(reject_with_dummy_verify(assertion, failure));
    }
    tried.find(|key| jws::verify_assertion(assertion, key)).ok_or(failure)
}

/// Refuses after the work that a signature takes.
fn reject_with_dummy_verify(assertion: &Assertion, failure: ClientAuthFailure) -> ClientAuthFailure {
    let _ = jws::verify_assertion(assertion, &jws::dummy_key(assertion.alg));
    failure
}

/// How many keys are tried for an assertion that does not name one.
const MAX_KEYS_TRIED: usize = 5;

impl From<AssertionError> for ClientAuthFailure {
    fn from(unfit: AssertionError) -> Self {
        match unfit {
            AssertionError::NotTheClient => Self::WrongSubject,
            AssertionError::Audience => Self::WrongAudience,
            AssertionError::Expired => Self::ExpiredAssertion,
            AssertionError::TooLong => Self::AssertionTooLong,
            AssertionError::NotYet => Self::AssertionNotYetValid,
            AssertionError::Jti => Self::NoAssertionId,
        }
    }
}
