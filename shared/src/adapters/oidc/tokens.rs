//! The token request (OpenID Connect Core 1.0 §3.1.3).

use crate::adapters::error::BackendError;
use crate::adapters::oidc::client::OidcClient;
use crate::adapters::oidc::error::CallbackError;
use crate::adapters::oidc::fetching::fetched;
use crate::adapters::oidc::metadata::{ProviderMetadata, TokenAuthMethod};
use crate::adapters::oidc::pending::PendingAuthorization;
use crate::adapters::oidc::secret::ProviderSecret;
use crate::adapters::remote::FetchError;
use crate::domain::sign_in::idp_error::IdpError;
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use form_urlencoded::{Serializer, byte_serialize};
use http::StatusCode;
use jiff::Timestamp;
use serde_json::Value;
use zeroize::{Zeroize, ZeroizeOnDrop, Zeroizing};

const OP: &str = "exchanging a code at the sign-in provider";

/// The tokens of the response.
#[derive(Zeroize, ZeroizeOnDrop)]
pub(super) struct TokenResponse {
    pub(super) id_token: String,
    pub(super) access_token: String,
}

/// The parameters of the token request without the client authentication.
pub(super) struct CodeExchange<'a> {
    pub(super) code: &'a str,
    pub(super) pending: &'a PendingAuthorization,
    pub(super) redirect_uri: &'a str,
}

impl OidcClient {
    /// The tokens for this code. After `invalid_client` the client secret is read again, once: it may have been replaced
    /// since it was read.
    pub(super) async fn redeem_code(
        &self,
        exchange: &CodeExchange<'_>,
        provider: &ProviderMetadata,
        now: Timestamp,
    ) -> Result<TokenResponse, CallbackError> {
        let secret = self.client_secret(now).await?;
        let mut response = self.post(exchange, provider, &secret.value).await?;
        if error_of(&response) == Some("invalid_client") {
            let newer = self.newer_client_secret(&secret, now).await?;
            response = self.post(exchange, provider, &newer.value).await?;
        }
        read(&response)
    }

    async fn post(
        &self,
        exchange: &CodeExchange<'_>,
        provider: &ProviderMetadata,
        secret: &ProviderSecret,
    ) -> Result<(StatusCode, Value), BackendError> {
        let id = &self.config.client_id;
        let (authorization, credentials) = match provider.auth_method {
            TokenAuthMethod::Basic => (Some(basic(id, secret)), None),
            TokenAuthMethod::Post => (None, Some((id.as_str(), secret))),
        };
        let form = exchange.form(credentials);
        let authorization = authorization.as_ref().map(|header| header.as_str());
        fetched(OP, self.fetcher.post_form(&provider.token_endpoint, authorization, &form)).await
    }
}

impl CodeExchange<'_> {
    /// The body of the request, with id and secret for `client_secret_post` (RFC 6749 §4.1.3, §2.3.1).
    fn form(&self, credentials: Option<(&str, &ProviderSecret)>) -> Zeroizing<String> {
        let mut form = Serializer::new(String::new());
        form.append_pair("grant_type", "authorization_code")
            .append_pair("code", self.code)
            .append_pair("redirect_uri", self.redirect_uri)
            .append_pair("code_verifier", &self.pending.pkce_verifier);
        if let Some((id, secret)) = credentials {
            form.append_pair("client_id", id).append_pair("client_secret", secret.expose());
        }
        Zeroizing::new(form.finish())
    }
}

/// `Authorization` for HTTP Basic, with id and secret form-encoded (RFC 6749 §2.3.1).
fn basic(id: &str, secret: &ProviderSecret) -> Zeroizing<String> {
    let encode = |text: &str| Zeroizing::new(byte_serialize(text.as_bytes()).collect::<String>());
    let pair = Zeroizing::new(format!("{}:{}", *encode(id), *encode(secret.expose())));
    Zeroizing::new(format!("Basic {}", *Zeroizing::new(STANDARD.encode(pair.as_bytes()))))
}

fn error_of((status, document): &(StatusCode, Value)) -> Option<&str> {
    (*status != StatusCode::OK).then(|| document.get("error").and_then(Value::as_str).unwrap_or_default())
}

fn read(answer: &(StatusCode, Value)) -> Result<TokenResponse, CallbackError> {
    if let Some(error) = error_of(answer) {
        return Err(not_exchanged(error));
    }
    let member = |name: &str| answer.1.get(name).and_then(Value::as_str).map(str::to_owned);
    let bearer = member("token_type").is_some_and(|kind| kind.eq_ignore_ascii_case("bearer"));
    let access_token = member("access_token").filter(|_| bearer);
    let access_token = access_token.ok_or_else(|| BackendError::new(OP, FetchError::Unexpected))?;
    let id_token = member("id_token").ok_or(IdpError::NoIdToken)?;
    Ok(TokenResponse { id_token, access_token })
}

/// Maps the token endpoint's `error` (RFC 6749 §5.2). All but `invalid_grant` are failures of Latchkey's own client.
/// Unknown codes are not repeated.
fn not_exchanged(error: &str) -> CallbackError {
    let known = match error {
        "invalid_grant" => return IdpError::CodeRejected.into(),
        "invalid_client" => "it answers invalid_client: id or secret of our client are not what it expects",
        "invalid_request" => "it answers invalid_request",
        "unauthorized_client" => "it answers unauthorized_client",
        "unsupported_grant_type" => "it answers unsupported_grant_type",
        "invalid_scope" => "it answers invalid_scope",
        _ => "it answers an error that is not known",
    };
    BackendError::new(OP, known).into()
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn id_and_secret_are_form_encoded_before_they_are_joined() {
        let secret = ProviderSecret::parse("p:a +%ß").expect("legal");
        let header = basic("a b", &secret);
        let pair = STANDARD.decode(header.strip_prefix("Basic ").expect("the scheme")).expect("base64");
        assert_eq!(String::from_utf8(pair).expect("text"), "a+b:p%3Aa+%2B%25%C3%9F");
    }

    #[test]
    fn a_response_is_tokens_a_rejection_or_a_failure() {
        let good = json!({ "token_type": "bearer", "access_token": "a", "id_token": "i" });
        let Ok(tokens) = read(&(StatusCode::OK, good.clone())) else { panic!("not tokens") };
        assert_eq!((tokens.access_token.as_str(), tokens.id_token.as_str()), ("a", "i"));
        let refused = |status, document: &Value| match read(&(status, document.clone())) {
            Err(CallbackError::Idp(refused)) => Some(refused),
            Err(CallbackError::Backend(_)) => None,
            Ok(_) => panic!("{document}"),
        };
        let without = |name: &str| {
            let mut document = good.clone();
            document.as_object_mut().expect("an object").remove(name);
            document
        };
        assert_eq!(refused(StatusCode::OK, &without("id_token")), Some(IdpError::NoIdToken));
        for document in [without("access_token"), without("token_type"), json!([]), json!({ "error": "x" })] {
            assert_eq!(refused(StatusCode::OK, &document), None);
        }
        // Tokens are ignored with the status of an error.
        for status in [StatusCode::BAD_REQUEST, StatusCode::UNAUTHORIZED] {
            assert_eq!(refused(status, &good), None);
            let spent = json!({ "error": "invalid_grant" });
            assert_eq!(refused(status, &spent), Some(IdpError::CodeRejected));
        }
    }

    #[test]
    fn only_known_error_codes_are_repeated() {
        for (error, repeated) in [("invalid_client", true), ("unauthorized_client", true), ("s3cret", false)]
        {
            let CallbackError::Backend(fault) = not_exchanged(error) else { panic!("{error}") };
            assert_eq!(fault.to_string().contains(error), repeated, "{fault}");
        }
    }
}
