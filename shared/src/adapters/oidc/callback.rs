//! Finding out who has come back from the provider, step by step.

use crate::adapters::crypto::jws;
use crate::adapters::error::BackendError;
use crate::adapters::oidc::metadata::ProviderMetadata;
use crate::adapters::oidc::tokens::{CodeExchange, TokenResponse};
use crate::adapters::oidc::{
    AuthorizationResponse, CodeOrError, ExternalIdentity, OidcClient, PendingAuthorization, fetched,
};
use crate::adapters::remote::{FetchError, JwksSource};
use crate::domain::jose::algorithm::JwsAlgorithm;
use crate::domain::jose::jwk::candidates;
use crate::domain::sign_in::id_token::{IdToken, IdTokenExpectations};
use crate::domain::sign_in::idp_error::IdpError;
use crate::domain::sign_in::standard_claims::StandardClaims;
use crate::wire::strict_json;
use aws_lc_rs::digest::{SHA256, SHA384, SHA512, digest};
use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use jiff::Timestamp;
use zeroize::Zeroizing;

/// How many keys are tried for an ID token that does not name one.
const MOST_TRIED: usize = 5;

/// Why an arrival goes no further.
pub(super) enum CallbackError {
    Rejected(IdpError),
    Backend(BackendError),
}

impl From<IdpError> for CallbackError {
    fn from(refused: IdpError) -> Self {
        Self::Rejected(refused)
    }
}

impl From<BackendError> for CallbackError {
    fn from(fault: BackendError) -> Self {
        Self::Backend(fault)
    }
}

impl OidcClient {
    pub(super) async fn identify(
        &self,
        answer: AuthorizationResponse<'_>,
        pending: &PendingAuthorization,
        redirect_uri: &str,
        now: Timestamp,
    ) -> Result<ExternalIdentity, CallbackError> {
        let provider = self.provider(now).await?;
        // First of all, lest a code be shown to a provider that did not make it (RFC 9207 §2.4).
        let named = answer.iss.map_or(!provider.names_itself, |iss| iss == self.config.issuer.as_str());
        if !named {
            return Err(IdpError::WrongAnswerIssuer.into());
        }
        let code = match answer.outcome {
            CodeOrError::Code(code) => code,
            CodeOrError::Error(error) => return Err(IdpError::of_error(error).into()),
        };
        let tokens = self.redeem_code(&CodeExchange { code, pending, redirect_uri }, &provider, now).await?;
        let expected = IdTokenExpectations {
            issuer: self.config.issuer.as_str(),
            client_id: &self.config.client_id,
            nonce: &pending.nonce,
            now,
        };
        let signed_in = self.verify(&tokens, &provider, &expected).await?;
        let person = if signed_in.has_email() {
            signed_in
        } else {
            self.fetch_userinfo(signed_in, &tokens, &provider).await?
        };
        let email = person.email(self.config.unverified_email)?;
        Ok(ExternalIdentity {
            issuer: self.config.issuer.as_str().to_owned(),
            subject: person.subject,
            email,
            name: person.name,
        })
    }

    /// Whom the ID token is about, if it is one for this sign-in (OpenID Connect Core 1.0 §3.1.3.7, §3.1.3.8).
    async fn verify(
        &self,
        tokens: &TokenResponse,
        provider: &ProviderMetadata,
        expected: &IdTokenExpectations<'_>,
    ) -> Result<StandardClaims, CallbackError> {
        const OP: &str = "reading the sign-in provider's keys";
        let token = IdToken::parse(&tokens.id_token, |bytes| strict_json::parse(bytes).ok())?;
        let publisher = JwksSource::Provider(provider.jwks_uri.clone());
        let (kid, alg) = (token.kid.as_deref(), token.alg);
        let keys = self.keys.keys(&publisher, kid, expected.now).await;
        let keys = keys.ok_or_else(|| BackendError::new(OP, "there are none"))?;
        let mut tried = candidates(&keys, kid, alg).take(MOST_TRIED).peekable();
        if tried.peek().is_none() {
            return Err(IdpError::UnknownKey.into());
        }
        if !tried.any(|key| jws::made(alg, &token.signed, &token.signature, key)) {
            return Err(IdpError::WrongSignature.into());
        }
        token.check(expected)?;
        let of_access_token = |hash: &str| hash == at_hash(alg, &tokens.access_token);
        if !token.at_hash.as_deref().is_none_or(of_access_token) {
            return Err(IdpError::WrongAccessToken.into());
        }
        Ok(token.person)
    }

    /// What the userinfo endpoint says of the person (OpenID Connect Core 1.0 §5.3). It must be the same one: an
    /// access token can be another's, even if the ID token is not.
    async fn fetch_userinfo(
        &self,
        signed_in: StandardClaims,
        tokens: &TokenResponse,
        provider: &ProviderMetadata,
    ) -> Result<StandardClaims, CallbackError> {
        const OP: &str = "asking the sign-in provider about a person";
        let endpoint = provider.userinfo_endpoint.as_ref().ok_or(IdpError::NoEmail)?;
        let authorization = Zeroizing::new(format!("Bearer {}", tokens.access_token));
        let claims = fetched(OP, self.fetcher.get_from(endpoint, Some(&authorization))).await?;
        let told = claims.as_object().map(StandardClaims::read).and_then(Result::ok);
        let told = told.ok_or_else(|| BackendError::new(OP, FetchError::Unexpected))?;
        if told.subject != signed_in.subject {
            return Err(IdpError::WrongSubject.into());
        }
        Ok(told)
    }
}

/// What `at_hash` is of an access token (§3.1.3.6): the left half of its digest, by the hash function of the ID
/// token's own algorithm.
fn at_hash(alg: JwsAlgorithm, access_token: &str) -> String {
    let function = match alg {
        JwsAlgorithm::RS256 | JwsAlgorithm::PS256 | JwsAlgorithm::ES256 => &SHA256,
        JwsAlgorithm::ES384 => &SHA384,
        JwsAlgorithm::EdDSA | JwsAlgorithm::Ed25519 => &SHA512,
    };
    let digest = digest(function, access_token.as_bytes());
    let (half, _) = digest.as_ref().split_at(digest.as_ref().len() / 2);
    URL_SAFE_NO_PAD.encode(half)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn half_a_digest_is_what_the_specification_shows() {
        // OpenID Connect Core 1.0, Appendix A.3.
        let hash = at_hash(JwsAlgorithm::RS256, "jHkWEdUXMU1BwAsC4vtUsZwnNvTIxEl0z9K3vx5KF0Y");
        assert_eq!(hash, "77QmUPtjPfzWtF2AnpK9RQ");
        assert_eq!(at_hash(JwsAlgorithm::ES384, "a").len(), 32);
        assert_eq!(at_hash(JwsAlgorithm::EdDSA, "a").len(), 43);
    }
}
