//! Why nobody was signed in by an upstream OpenID Connect provider.

use crate::domain::jose::jwt::InvalidJwt;

macro_rules! refusals {
    ($($(#[$doc:meta])* $name:ident = $text:literal,)*) => {
        /// Why an answer of the provider signs nobody in. The person is told little more than that; the log has
        /// the reason.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
        pub enum IdpError {
            $($(#[$doc])* #[error($text)] $name,)*
        }

        impl IdpError {
            /// Every reason there is.
            pub const ALL: &[Self] = &[$(Self::$name,)*];

            /// The reason's name in the log.
            #[must_use]
            pub const fn as_str(self) -> &'static str {
                match self {
                    $(Self::$name => $text,)*
                }
            }
        }
    };
}

refusals! {
    /// The person, or somebody who decides for them, said no: `access_denied`.
    AccessDenied = "upstream_access_denied",
    /// The provider wants something of the person that they did not do: `login_required` and its like
    /// (OpenID Connect Core 1.0 §3.1.2.6).
    InteractionRequired = "upstream_interaction_required",
    /// The provider is in trouble of its own: `server_error`, `temporarily_unavailable`.
    ProviderInTrouble = "upstream_in_trouble",
    /// The provider did not like our request: the operator has to look at the client's registration there.
    RequestRejected = "upstream_request_rejected",
    /// An error code that no specification we follow knows.
    UnknownError = "upstream_unknown_error",
    /// Neither a code nor an error, or both.
    MalformedAnswer = "upstream_malformed_answer",
    /// The parameter `iss` is another issuer's, or is missing where the provider announced it (RFC 9207 §2.4).
    WrongAnswerIssuer = "upstream_wrong_answer_issuer",
    /// The provider does not take the code: it has expired, was used before, or is not its own.
    CodeError = "upstream_code_refused",
    /// The answer to the code has no ID token in it.
    NoIdToken = "upstream_no_id_token",
    /// It is no signed JWT with the claims that an ID token has.
    MalformedIdToken = "upstream_malformed_id_token",
    /// Its `alg` is `none`, symmetric, or one that we do not verify.
    AlgNotAllowed = "upstream_alg_not_allowed",
    /// The provider publishes no key that can have signed it.
    UnknownKey = "upstream_unknown_key",
    /// No key of the provider made its signature.
    WrongSignature = "upstream_wrong_signature",
    /// `iss` is not the provider.
    WrongIssuer = "upstream_wrong_issuer",
    /// `aud` is not our client alone.
    WrongAudience = "upstream_wrong_audience",
    /// `azp` is another client.
    WrongParty = "upstream_wrong_party",
    /// `exp` is past.
    Expired = "upstream_expired",
    /// `iat` or `nbf` is ahead.
    NotYetValid = "upstream_not_yet_valid",
    /// `iat` is from before this sign-in can have begun.
    Stale = "upstream_stale",
    /// `nonce` is missing, or not the one that this sign-in began with.
    WrongNonce = "upstream_wrong_nonce",
    /// `at_hash` is not of the access token that came with it.
    WrongAccessToken = "upstream_wrong_access_token",
    /// The userinfo endpoint speaks of somebody else.
    WrongSubject = "upstream_wrong_subject",
    /// The provider gives no e-mail address.
    NoEmail = "upstream_no_email",
    /// What it gives is no address that a member can have.
    UnusableEmail = "upstream_unusable_email",
    /// It does not say that the address is the person's.
    EmailNotVerified = "upstream_email_not_verified",
}

impl IdpError {
    /// What the provider's `error` at the redirect means (RFC 6749 §4.1.2.1, OpenID Connect Core 1.0 §3.1.2.6).
    #[must_use]
    pub fn of_error(code: &str) -> Self {
        match code {
            "access_denied" => Self::AccessDenied,
            "interaction_required" | "login_required" | "account_selection_required" | "consent_required" => {
                Self::InteractionRequired
            }
            "server_error" | "temporarily_unavailable" => Self::ProviderInTrouble,
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
        Self::MalformedIdToken
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::BTreeSet;

    #[test]
    fn each_reason_has_a_name_of_its_own_in_the_log() {
        let names: BTreeSet<_> = IdpError::ALL.iter().map(|reason| reason.as_str()).collect();
        assert_eq!(names.len(), IdpError::ALL.len());
    }

    #[test]
    fn errors_of_the_provider_are_told_apart() {
        for (code, reason) in [
            ("access_denied", IdpError::AccessDenied),
            ("consent_required", IdpError::InteractionRequired),
            ("temporarily_unavailable", IdpError::ProviderInTrouble),
            ("unauthorized_client", IdpError::RequestRejected),
            ("<script>", IdpError::UnknownError),
            ("", IdpError::UnknownError),
        ] {
            assert_eq!(IdpError::of_error(code), reason, "{code}");
        }
    }
}
