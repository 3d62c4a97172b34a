//! Handles the callback: code exchange, ID-token validation, userinfo.

use crate::adapters::crypto::jws;
use crate::adapters::error::BackendError;
use crate::adapters::oidc::client::OidcClient;
use crate::adapters::oidc::error::CallbackError;
use crate::adapters::oidc::fetching::{bounded, fetched};
use crate::adapters::oidc::metadata::ProviderMetadata;
use crate::adapters::oidc::pending::PendingAuthorization;
use crate::adapters::oidc::response::{AuthorizationResponse, CodeOrError};
use crate::adapters::oidc::tokens::{CodeExchange, TokenResponse};
use crate::adapters::remote::{FetchError, JwksSource};
use crate::domain::jose::algorithm::JwsAlgorithm;
use crate::domain::jose::jwk::candidates;
use crate::domain::primitives::display_text::Name;
use crate::domain::primitives::email::EmailAddress;
use crate::domain::primitives::strict_json;
use crate::domain::sign_in::id_token::{IdToken, IdTokenExpectations};
use crate::domain::sign_in::idp_error::IdpError;
use crate::domain::sign_in::standard_claims::StandardClaims;
use aws_lc_rs::digest::{SHA256, SHA384, SHA512, digest};
use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use jiff::Timestamp;
use zeroize::Zeroizing;

/// The most keys that are tried for an ID token without `kid`.
const MAX_KEYS_TRIED: usize = 5;

/// The end user who signed in.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ExternalIdentity {
    /// The provider.
    pub issuer: String,
    /// `sub`: never reassigned to another end user at the provider.
    pub subject: String,
    /// `email`, which the provider has verified, or which the configuration accepts unverified.
    pub email: EmailAddress,
    /// `name`, to be shown to the end user.
    pub name: Option<Name>,
}

impl OidcClient {
    /// Handles a callback: redeems the code, validates the ID token and, where it has no address, reads the userinfo.
    /// `redirect_uri` is the one of the authorization request.
    ///
    /// The caller makes sure that each authorization is used once: it deletes `pending` before this call.
    pub async fn exchange(
        &self,
        response: AuthorizationResponse<'_>,
        pending: &PendingAuthorization,
        redirect_uri: &str,
        now: Timestamp,
    ) -> Result<ExternalIdentity, CallbackError> {
        const OP: &str = "signing in at the provider";
        bounded(OP, self.identify(response, pending, redirect_uri, now)).await?
    }

    async fn identify(
        &self,
        response: AuthorizationResponse<'_>,
        pending: &PendingAuthorization,
        redirect_uri: &str,
        now: Timestamp,
    ) -> Result<ExternalIdentity, CallbackError> {
        let provider = self.provider(now).await?;
        // First, so that a code is not sent to a provider that did not issue it (RFC 9207 §2.4).
        let is_own = response.iss.map_or(!provider.requires_iss, |iss| iss == self.config.issuer.as_str());
        if !is_own {
            return Err(IdpError::WrongResponseIssuer.into());
        }
        let code = match response.outcome {
            CodeOrError::Code(code) => code,
            CodeOrError::Error(error) => return Err(IdpError::from_error_code(error).into()),
        };
        let tokens = self.redeem_code(&CodeExchange { code, pending, redirect_uri }, &provider, now).await?;
        let expected = IdTokenExpectations {
            issuer: self.config.issuer.as_str(),
            client_id: &self.config.client_id,
            trusted_audiences: &self.config.trusted_audiences,
            nonce: &pending.nonce,
            now,
        };
        let signed_in = self.verify(&tokens, &provider, &expected).await?;
        let claims = if signed_in.has_email() {
            signed_in
        } else {
            self.fetch_userinfo(signed_in, &tokens, &provider).await?
        };
        let email = claims.email(self.config.unverified_email)?;
        Ok(ExternalIdentity {
            issuer: self.config.issuer.as_str().to_owned(),
            subject: claims.subject,
            email,
            name: claims.name,
        })
    }

    /// The claims of the ID token, if it is valid for this sign-in (OpenID Connect Core 1.0 §3.1.3.7, §3.1.3.8).
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
        let mut tried = candidates(&keys, kid, alg).take(MAX_KEYS_TRIED).peekable();
        if tried.peek().is_none() {
            return Err(IdpError::UnknownKey.into());
        }
        if !tried.any(|key| jws::verify_signature(alg, &token.signed, &token.signature, key)) {
            return Err(IdpError::WrongSignature.into());
        }
        token.validate(expected)?;
        let of_access_token = |hash: &str| hash == at_hash(alg, &tokens.access_token);
        if !token.at_hash.as_deref().is_none_or(of_access_token) {
            return Err(IdpError::WrongAccessToken.into());
        }
        Ok(token.person)
    }

    /// The claims of the userinfo endpoint (OpenID Connect Core 1.0 §5.3). The subject must be the ID token's, because the
    /// access token can be another end user's even if the ID token is not.
    async fn fetch_userinfo(
        &self,
        signed_in: StandardClaims,
        tokens: &TokenResponse,
        provider: &ProviderMetadata,
    ) -> Result<StandardClaims, CallbackError> {
        const OP: &str = "reading the sign-in provider's userinfo";
        let endpoint = provider.userinfo_endpoint.as_ref().ok_or(IdpError::NoEmail)?;
        let authorization = Zeroizing::new(format!("Bearer {}", tokens.access_token));
        let claims = fetched(OP, self.fetcher.get_from(endpoint, Some(&authorization))).await?;
        let userinfo = claims.as_object().map(StandardClaims::read).and_then(Result::ok);
        let userinfo = userinfo.ok_or_else(|| BackendError::new(OP, FetchError::Unexpected))?;
        if userinfo.subject != signed_in.subject {
            return Err(IdpError::WrongSubject.into());
        }
        Ok(userinfo)
    }
}

/// `at_hash` of an access token (§3.1.3.6): the left half of its digest by the hash function of the ID token's
/// algorithm.
fn at_hash(alg: JwsAlgorithm, access_token: &str) -> String {
    let function = match alg {
        JwsAlgorithm::RS256 | JwsAlgorithm::PS256 | JwsAlgorithm::ES256 => &SHA256,
        JwsAlgorithm::RS384 | JwsAlgorithm::PS384 | JwsAlgorithm::ES384 => &SHA384,
        JwsAlgorithm::RS512 | JwsAlgorithm::PS512 | JwsAlgorithm::EdDSA | JwsAlgorithm::Ed25519 => &SHA512,
    };
    let digest = digest(function, access_token.as_bytes());
    let (half, _) = digest.as_ref().split_at(digest.as_ref().len() / 2);
    URL_SAFE_NO_PAD.encode(half)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn at_hash_is_that_of_the_specification() {
        // OpenID Connect Core 1.0, Appendix A.3.
        let hash = at_hash(JwsAlgorithm::RS256, "jHkWEdUXMU1BwAsC4vtUsZwnNvTIxEl0z9K3vx5KF0Y");
        assert_eq!(hash, "77QmUPtjPfzWtF2AnpK9RQ");
        assert_eq!(at_hash(JwsAlgorithm::ES384, "a").len(), 32);
        assert_eq!(at_hash(JwsAlgorithm::EdDSA, "a").len(), 43);
    }
}
