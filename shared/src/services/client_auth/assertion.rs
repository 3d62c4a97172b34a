//! Authentication by a signed assertion (RFC 7523 §3, RFC 10070): the client's own, or that of an external issuer at
//! which the client has a federated identity.

use crate::adapters::crypto::jws;
use crate::adapters::remote::JwksSource;
use crate::adapters::store::{ClientWithSecrets, JtiOutcome};
use crate::domain::client::Client;
use crate::domain::client::client_keys::ClientKeys;
use crate::domain::client::credential::CredentialId;
use crate::domain::client::federated_identity::FederatedIdentity;
use crate::domain::jose::jwk::{PublicJwk, candidates};
use crate::domain::oauth::client_assertion::Assertion;
use crate::domain::oauth::client_assertion::validation::{self, AssertionError};
use crate::domain::oauth::error::ClientAuthFailure;
use crate::domain::primitives::ids::ClientId;
use crate::services::client_auth::{
    AuthContext, AuthenticatedClient, ClientAuthError, ClientAuthenticator, VerifiedCredential,
};
use jiff::Timestamp;

/// An assertion and the client that the request names with it.
#[derive(Debug)]
pub struct PresentedAssertion {
    client_id: ClientId,
    assertion: Assertion,
}

impl PresentedAssertion {
    /// Combines an assertion with the request's `client_id`.
    ///
    /// Without a `client_id`, the subject of a client's own assertion names the client; with one, both must be equal
    /// (RFC 7521 §4.2). An external issuer uses subjects of its own, so its assertions need a `client_id`, even if
    /// the subject looks like one.
    pub fn new(assertion: Assertion, client_id: Option<&str>) -> Result<Self, ClientAuthFailure> {
        let is_own = assertion.iss == assertion.sub;
        let client_id = match client_id {
            Some(id) if !is_own || id == assertion.sub => id,
            None if is_own => &assertion.sub,
            _ => return Err(ClientAuthFailure::InvalidCredentials),
        };
        let client_id = ClientId::parse(client_id).map_err(|_| ClientAuthFailure::InvalidCredentials)?;
        Ok(Self { client_id, assertion })
    }

    /// The client that the request names.
    #[must_use]
    pub fn client_id(&self) -> &ClientId {
        &self.client_id
    }
}

/// Keys that may have signed an assertion, chosen by its `iss`.
struct Candidate<'a> {
    keys: CandidateKeys<'a>,
    /// The `jti` of an assertion that can be used once only.
    jti: Option<&'a str>,
}

enum CandidateKeys<'a> {
    /// Stored with the client. Each is a credential of its own.
    Inline(&'a [PublicJwk]),
    /// Published elsewhere. Together they are one credential.
    Remote(JwksSource, CredentialId),
}

impl ClientAuthenticator<'_> {
    /// Authenticates a client by the presented assertion. `stored` is the client that the request names, if it exists.
    ///
    /// Keys are fetched only for a client that could get a token with them: status, account, path and address are checked
    /// before. Every rejection takes the work of one signature verification; where there is no key, a dummy key is used.
    pub(super) async fn authenticate_by_assertion(
        &self,
        presented: &PresentedAssertion,
        stored: Option<ClientWithSecrets>,
        context: &AuthContext<'_>,
    ) -> Result<AuthenticatedClient, ClientAuthError> {
        let assertion = &presented.assertion;
        let Some(ClientWithSecrets { client, .. }) = stored else {
            return Err(reject_with_dummy_verify(assertion, ClientAuthFailure::UnknownClient).into());
        };
        let Candidate { keys, jti } = self
            .select_candidate(assertion, &client, context.now)
            .map_err(|reason| reject_with_dummy_verify(assertion, reason))?;
        let account = match self.check_access(&client, context).await {
            Ok(account) => account,
            Err(ClientAuthError::Rejected { reason, .. }) => {
                return Err(reject_with_dummy_verify(assertion, reason).into());
            }
            Err(fault) => return Err(fault),
        };
        let credential = self.verify_signature(assertion, keys, context.now).await?;
        // Last, so that only an assertion that is valid in every other respect is recorded as used. If it cannot be
        // recorded, the client is not authenticated.
        if let Some(jti) = jti {
            let until = validation::replay_window_end(assertion);
            match self.store.record_jti(&client.client_id, jti, until).await? {
                JtiOutcome::Recorded => {}
                JtiOutcome::Replayed => return Err(ClientAuthFailure::Replayed.into()),
            }
        }
        let credential = VerifiedCredential::Assertion { credential };
        Ok(AuthenticatedClient { client, account, credential })
    }

    /// Chooses the keys by the assertion's `iss` (the client itself, or one of its federated identities), and validates
    /// the claims before any signature is verified.
    fn select_candidate<'a>(
        &self,
        assertion: &'a Assertion,
        client: &'a Client,
        now: Timestamp,
    ) -> Result<Candidate<'a>, ClientAuthFailure> {
        if assertion.iss == client.client_id.as_str() {
            let client_keys = client.key_source.as_ref().ok_or(ClientAuthFailure::NoMatchingKeys)?;
            if client_keys.certificate().is_some_and(|certificate| now >= certificate.expires_at) {
                return Err(ClientAuthFailure::ExpiredCertificate);
            }
            let jti = validation::validate_client_assertion(assertion, &client.client_id, self.issuer, now)?;
            let keys = match client_keys {
                ClientKeys::JwksUri(uri) => CandidateKeys::Remote(
                    JwksSource::Uri(uri.clone()),
                    CredentialId::of_jwks_uri(uri.as_str()),
                ),
                ClientKeys::Jwks(_) | ClientKeys::PublicKeyPem(_) => {
                    CandidateKeys::Inline(client_keys.inline_keys())
                }
            };
            return Ok(Candidate { keys, jti: Some(jti) });
        }
        let is_asserted = |identity: &&FederatedIdentity| {
            identity.issuer.as_str() == assertion.iss && identity.matches(&assertion.sub, &assertion.claims)
        };
        let mut reason = ClientAuthFailure::NoMatchingKeys;
        for identity in client.federated_identities.iter().filter(is_asserted) {
            match validation::validate_federated_assertion(assertion, identity, now) {
                Ok(()) => {
                    let source = JwksSource::Issuer(identity.issuer.clone());
                    let keys = CandidateKeys::Remote(source, CredentialId::of_identity(identity));
                    return Ok(Candidate { keys, jti: None });
                }
                Err(error) => reason = error.into(),
            }
        }
        Err(reason)
    }

    /// The credential whose key made the signature.
    async fn verify_signature(
        &self,
        assertion: &Assertion,
        keys: CandidateKeys<'_>,
        now: Timestamp,
    ) -> Result<CredentialId, ClientAuthFailure> {
        match keys {
            CandidateKeys::Inline(keys) => find_signing_key(assertion, keys).map(CredentialId::of_key),
            CandidateKeys::Remote(source, credential) => {
                let keys = self.jwks_cache.keys(&source, assertion.kid.as_deref(), now).await;
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
    let reason = ClientAuthFailure::WrongSignature;
    let mut candidates =
        candidates(keys, assertion.kid.as_deref(), assertion.alg).take(MAX_KEYS_TRIED).peekable();
    if candidates.peek().is_none() {
        return Err(reject_with_dummy_verify(assertion, reason));
    }
    candidates.find(|key| jws::verify_assertion(assertion, key)).ok_or(reason)
}

/// Returns the reason after the work of one signature verification, as if there had been a key.
fn reject_with_dummy_verify(assertion: &Assertion, reason: ClientAuthFailure) -> ClientAuthFailure {
    let _ = jws::verify_assertion(assertion, &jws::dummy_key(assertion.alg));
    reason
}

/// Limit on the keys that are tried for an assertion without `kid`.
const MAX_KEYS_TRIED: usize = 5;

impl From<AssertionError> for ClientAuthFailure {
    fn from(error: AssertionError) -> Self {
        match error {
            AssertionError::NotTheClient => Self::WrongSubject,
            AssertionError::Audience => Self::WrongAudience,
            AssertionError::Expired => Self::ExpiredAssertion,
            AssertionError::TooLong => Self::AssertionTooLong,
            AssertionError::NotYet => Self::AssertionNotYetValid,
            AssertionError::Jti => Self::NoAssertionId,
        }
    }
}
