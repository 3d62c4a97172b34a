//! Finding out who has come back from the provider, step by step.

use super::provider::Provider;
use super::tokens::{Exchange, Tokens};
use super::{Outcome, PendingSignIn, Upstream, UpstreamAnswer, UpstreamIdentity, fetched};
use crate::adapters::fault::Fault;
use crate::adapters::jws;
use crate::adapters::outside::{FetchError, Publisher};
use crate::domain::assertion_alg::AssertionAlg;
use crate::domain::id_token::{Expected, IdToken};
use crate::domain::jwk::candidates;
use crate::domain::person_claims::PersonClaims;
use crate::domain::upstream_refused::UpstreamRefused;
use crate::wire::strict_json;
use aws_lc_rs::digest::{SHA256, SHA384, SHA512, digest};
use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use jiff::Timestamp;
use zeroize::Zeroizing;

/// How many keys are tried for an ID token that does not name one.
const MOST_TRIED: usize = 5;

/// Why an arrival goes no further.
pub(super) enum Stop {
    Refused(UpstreamRefused),
    Fault(Fault),
}

impl From<UpstreamRefused> for Stop {
    fn from(refused: UpstreamRefused) -> Self {
        Self::Refused(refused)
    }
}

impl From<Fault> for Stop {
    fn from(fault: Fault) -> Self {
        Self::Fault(fault)
    }
}

impl Upstream {
    pub(super) async fn identify(
        &self,
        answer: UpstreamAnswer<'_>,
        pending: &PendingSignIn,
        redirect_uri: &str,
        now: Timestamp,
    ) -> Result<UpstreamIdentity, Stop> {
        let provider = self.provider(now).await?;
        // First of all, lest a code be shown to a provider that did not make it (RFC 9207 §2.4).
        let named = answer.iss.map_or(!provider.names_itself, |iss| iss == self.config.issuer.as_str());
        if !named {
            return Err(UpstreamRefused::WrongAnswerIssuer.into());
        }
        let code = match answer.outcome {
            Outcome::Code(code) => code,
            Outcome::Error(error) => return Err(UpstreamRefused::of_error(error).into()),
        };
        let tokens = self.exchange(&Exchange { code, pending, redirect_uri }, &provider, now).await?;
        let expected = Expected {
            issuer: self.config.issuer.as_str(),
            client_id: &self.config.client_id,
            nonce: &pending.nonce,
            now,
        };
        let signed_in = self.verify(&tokens, &provider, &expected).await?;
        let person = if signed_in.has_email() {
            signed_in
        } else {
            self.ask_about(signed_in, &tokens, &provider).await?
        };
        let email = person.email(self.config.unverified_email)?;
        Ok(UpstreamIdentity {
            issuer: self.config.issuer.as_str().to_owned(),
            subject: person.subject,
            email,
            name: person.name,
        })
    }

    /// Whom the ID token is about, if it is one for this sign-in (OpenID Connect Core 1.0 §3.1.3.7, §3.1.3.8).
    async fn verify(
        &self,
        tokens: &Tokens,
        provider: &Provider,
        expected: &Expected<'_>,
    ) -> Result<PersonClaims, Stop> {
        const DOING: &str = "reading the sign-in provider's keys";
        let token = IdToken::parse(&tokens.id_token, |bytes| strict_json::parse(bytes).ok())?;
        let publisher = Publisher::Provider(provider.jwks_uri.clone());
        let (kid, alg) = (token.kid.as_deref(), token.alg);
        let keys = self.keys.keys(&publisher, kid, expected.now).await;
        let keys = keys.ok_or_else(|| Fault::new(DOING, "there are none"))?;
        let mut tried = candidates(&keys, kid, alg).take(MOST_TRIED).peekable();
        if tried.peek().is_none() {
            return Err(UpstreamRefused::UnknownKey.into());
        }
        if !tried.any(|key| jws::made(alg, &token.signed, &token.signature, key)) {
            return Err(UpstreamRefused::WrongSignature.into());
        }
        token.check(expected)?;
        let of_access_token = |hash: &str| hash == half_hash(alg, &tokens.access_token);
        if !token.at_hash.as_deref().is_none_or(of_access_token) {
            return Err(UpstreamRefused::WrongAccessToken.into());
        }
        Ok(token.person)
    }

    /// What the userinfo endpoint says of the person (OpenID Connect Core 1.0 §5.3). It must be the same one: an
    /// access token can be another's, even if the ID token is not.
    async fn ask_about(
        &self,
        signed_in: PersonClaims,
        tokens: &Tokens,
        provider: &Provider,
    ) -> Result<PersonClaims, Stop> {
        const DOING: &str = "asking the sign-in provider about a person";
        let endpoint = provider.userinfo_endpoint.as_ref().ok_or(UpstreamRefused::NoEmail)?;
        let authorization = Zeroizing::new(format!("Bearer {}", tokens.access_token));
        let claims = fetched(DOING, self.fetcher.get_from(endpoint, Some(&authorization))).await?;
        let told = claims.as_object().map(PersonClaims::read).and_then(Result::ok);
        let told = told.ok_or_else(|| Fault::new(DOING, FetchError::Unexpected))?;
        if told.subject != signed_in.subject {
            return Err(UpstreamRefused::WrongSubject.into());
        }
        Ok(told)
    }
}

/// What `at_hash` is of an access token (§3.1.3.6): the left half of its digest, by the hash function of the ID
/// token's own algorithm.
fn half_hash(alg: AssertionAlg, access_token: &str) -> String {
    let function = match alg {
        AssertionAlg::RS256 | AssertionAlg::PS256 | AssertionAlg::ES256 => &SHA256,
        AssertionAlg::ES384 => &SHA384,
        AssertionAlg::EdDSA | AssertionAlg::Ed25519 => &SHA512,
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
        let hash = half_hash(AssertionAlg::RS256, "jHkWEdUXMU1BwAsC4vtUsZwnNvTIxEl0z9K3vx5KF0Y");
        assert_eq!(hash, "77QmUPtjPfzWtF2AnpK9RQ");
        assert_eq!(half_hash(AssertionAlg::ES384, "a").len(), 32);
        assert_eq!(half_hash(AssertionAlg::EdDSA, "a").len(), 43);
    }
}
