//! Errors of a sign-in with the upstream OpenID Connect provider.

use crate::domain::jose::jwt::InvalidJwt;
use strum::{IntoStaticStr, VariantArray};

/// Why a sign-in with the provider failed. The error page is less specific; the log has the reason.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error, IntoStaticStr, VariantArray)]
#[error("{}", self.as_str())]
pub enum IdpError {
    /// The end user, or an administrator of the provider, denied the request: `access_denied`.
    #[strum(serialize = "upstream_access_denied")]
    AccessDenied,
    /// The provider requires an interaction that did not take place: `login_required` and similar errors
    /// (OpenID Connect Core 1.0 §3.1.2.6).
    #[strum(serialize = "upstream_interaction_required")]
    InteractionRequired,
    /// The provider failed: `server_error`, `temporarily_unavailable`.
    #[strum(serialize = "upstream_in_trouble")]
    ProviderUnavailable,
    /// The provider rejected our request: the operator has to check the client registration there.
    #[strum(serialize = "upstream_request_rejected")]
    RequestRejected,
    /// An error code that no supported specification defines.
    #[strum(serialize = "upstream_unknown_error")]
    UnknownError,
    /// The response has neither a code nor an error, or both.
    #[strum(serialize = "upstream_malformed_answer")]
    InvalidResponse,
    /// `iss` of the response is another issuer, or is missing although the provider supports it (RFC 9207 §2.4).
    #[strum(serialize = "upstream_wrong_answer_issuer")]
    WrongResponseIssuer,
    /// The provider rejected the code: it has expired, was used before, or is not its own.
    #[strum(serialize = "upstream_code_refused")]
    CodeRejected,
    /// The token response has no ID token.
    #[strum(serialize = "upstream_no_id_token")]
    NoIdToken,
    /// The ID token is no signed JWT with the required claims.
    #[strum(serialize = "upstream_malformed_id_token")]
    InvalidIdToken,
    /// `alg` is `none`, symmetric, or not supported.
    #[strum(serialize = "upstream_alg_not_allowed")]
    AlgNotAllowed,
    /// The provider publishes no key that fits the header.
    #[strum(serialize = "upstream_unknown_key")]
    UnknownKey,
    /// The signature does not verify.
    #[strum(serialize = "upstream_wrong_signature")]
    WrongSignature,
    /// `iss` is not the provider.
    #[strum(serialize = "upstream_wrong_issuer")]
    WrongIssuer,
    /// `aud` is not our client only.
    #[strum(serialize = "upstream_wrong_audience")]
    WrongAudience,
    /// `azp` is another client.
    #[strum(serialize = "upstream_wrong_party")]
    WrongParty,
    /// `exp` is past.
    #[strum(serialize = "upstream_expired")]
    Expired,
    /// `iat` or `nbf` is ahead.
    #[strum(serialize = "upstream_not_yet_valid")]
    NotYetValid,
    /// `iat` is before the start of this sign-in.
    #[strum(serialize = "upstream_stale")]
    Stale,
    /// `nonce` is missing, or not that of this sign-in.
    #[strum(serialize = "upstream_wrong_nonce")]
    WrongNonce,
    /// `at_hash` does not match the access token.
    #[strum(serialize = "upstream_wrong_access_token")]
    WrongAccessToken,
    /// `sub` of the userinfo response is another one.
    #[strum(serialize = "upstream_wrong_subject")]
    WrongSubject,
    /// The provider returned no e-mail address.
    #[strum(serialize = "upstream_no_email")]
    NoEmail,
    /// The address is not one that a member can have.
    #[strum(serialize = "upstream_unusable_email")]
    UnusableEmail,
    /// The provider does not state that it has verified the address.
    #[strum(serialize = "upstream_email_not_verified")]
    EmailNotVerified,
}

impl IdpError {
    /// Every reason.
    pub const ALL: &[Self] = Self::VARIANTS;

    /// The reason as logged.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        self.into()
    }

    /// The reason for the `error` of an authorization response (RFC 6749 §4.1.2.1, OpenID Connect Core 1.0 §3.1.2.6).
    #[must_use]
    pub fn from_error_code(code: &str) -> Self {
        match code {
            "access_denied" => Self::AccessDenied,
            "interaction_required" | "login_required" | "account_selection_required" | "consent_required" => {
                Self::InteractionRequired
            }
            "server_error" | "temporarily_unavailable" => Self::ProviderUnavailable,
            "invalid_request"
            | "unauthorized_client"
            | "unsupported_response_type"
            | "invalid_scope"
            | "invalid_request_uri"
            | "invalid_request_object"
            | "request_not_supported"
            | "request_uri_not_supported"
            | "registration_not_supported" => Self::RequestRejected,
            _ => Self::UnknownError,
        }
    }
}

impl From<InvalidJwt> for IdpError {
    fn from(_: InvalidJwt) -> Self {
        Self::InvalidIdToken
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::BTreeSet;

    #[test]
    fn each_reason_has_a_distinct_name_in_the_log() {
        let names: BTreeSet<_> = IdpError::ALL.iter().map(|reason| reason.as_str()).collect();
        assert_eq!(names.len(), IdpError::ALL.len());
        assert_eq!(IdpError::ProviderUnavailable.to_string(), "upstream_in_trouble");
    }

    #[test]
    fn errors_of_the_provider_are_distinguished() {
        for (code, reason) in [
            ("access_denied", IdpError::AccessDenied),
            ("consent_required", IdpError::InteractionRequired),
            ("temporarily_unavailable", IdpError::ProviderUnavailable),
            ("unauthorized_client", IdpError::RequestRejected),
            ("<script>", IdpError::UnknownError),
            ("", IdpError::UnknownError),
        ] {
            assert_eq!(IdpError::from_error_code(code), reason, "{code}");
        }
    }
}
