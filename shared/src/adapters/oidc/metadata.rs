//! The provider's metadata (OpenID Connect Discovery 1.0 §3, RFC 8414 §2).

use crate::domain::net::provider_url::ProviderUrl;
use serde_json::Value;

/// The authentication method at the token endpoint (OpenID Connect Core 1.0 §9).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum TokenAuthMethod {
    /// `client_secret_basic`, the default where no method is announced.
    Basic,
    /// `client_secret_post`.
    Post,
}

/// The provider's endpoints.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct ProviderMetadata {
    pub(super) authorization_endpoint: ProviderUrl,
    pub(super) token_endpoint: ProviderUrl,
    pub(super) userinfo_endpoint: Option<ProviderUrl>,
    pub(super) jwks_uri: ProviderUrl,
    pub(super) auth_method: TokenAuthMethod,
    /// Whether every authorization response has `iss` (RFC 9207 §3).
    pub(super) requires_iss: bool,
    /// The `prompt` with which an end user can choose another account (OpenID Connect Core 1.0 §3.1.2.1).
    pub(super) select_account_prompt: &'static str,
}

/// Why the metadata cannot be used. For the operator, in the log.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub(super) enum UnusableMetadata {
    /// Also the metadata for all tenants of Microsoft Entra, whose issuer is a pattern.
    #[error("its issuer is not exactly UPSTREAM_ISSUER")]
    AnotherIssuer,
    #[error("an endpoint is missing, or is no https URL with a host name")]
    Endpoint,
    #[error("it announces neither client_secret_basic nor client_secret_post")]
    TokenAuthMethod,
    #[error("a member is not of the type that it must be")]
    Malformed,
}

impl ProviderMetadata {
    /// Parses the metadata, whose issuer must be exactly the configured one (§4.3).
    pub(super) fn read(description: &Value, issuer: &ProviderUrl) -> Result<Self, UnusableMetadata> {
        if description.get("issuer").and_then(Value::as_str) != Some(issuer.as_str()) {
            return Err(UnusableMetadata::AnotherIssuer);
        }
        let endpoint = |name: &str| match description.get(name) {
            None | Some(Value::Null) => Ok(None),
            Some(Value::String(text)) => {
                ProviderUrl::parse_endpoint(text, issuer).map(Some).map_err(|_| UnusableMetadata::Endpoint)
            }
            Some(_) => Err(UnusableMetadata::Malformed),
        };
        let required = |name: &str| endpoint(name)?.ok_or(UnusableMetadata::Endpoint);
        Ok(Self {
            authorization_endpoint: required("authorization_endpoint")?,
            token_endpoint: required("token_endpoint")?,
            userinfo_endpoint: endpoint("userinfo_endpoint")?,
            jwks_uri: required("jwks_uri")?,
            auth_method: auth_method(description.get("token_endpoint_auth_methods_supported"))?,
            requires_iss: match description.get("authorization_response_iss_parameter_supported") {
                None => false,
                Some(Value::Bool(announced)) => *announced,
                Some(_) => return Err(UnusableMetadata::Malformed),
            },
            select_account_prompt: select_account_prompt(description.get("prompt_values_supported")),
        })
    }
}

/// `select_account`, unless the provider announces `login` and not `select_account`.
fn select_account_prompt(announced: Option<&Value>) -> &'static str {
    let knows = |prompt: &str| {
        announced.and_then(Value::as_array).is_some_and(|values| values.iter().any(|value| value == prompt))
    };
    if knows("login") && !knows("select_account") { "login" } else { "select_account" }
}

fn auth_method(announced: Option<&Value>) -> Result<TokenAuthMethod, UnusableMetadata> {
    let Some(announced) = announced else { return Ok(TokenAuthMethod::Basic) };
    let methods = announced.as_array().ok_or(UnusableMetadata::Malformed)?;
    if methods.iter().any(|method| method == "client_secret_basic") {
        Ok(TokenAuthMethod::Basic)
    } else if methods.iter().any(|method| method == "client_secret_post") {
        Ok(TokenAuthMethod::Post)
    } else {
        Err(UnusableMetadata::TokenAuthMethod)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    const ISSUER: &str = "https://login.example.com";

    fn description() -> Value {
        json!({
            "issuer": ISSUER,
            "authorization_endpoint": "https://login.example.com/authorize?tenant=a",
            "token_endpoint": "https://login.example.com/token",
            "userinfo_endpoint": "https://api.example.com/userinfo",
            "jwks_uri": "https://login.example.com/keys",
        })
    }

    fn with(name: &str, value: Value) -> Result<ProviderMetadata, UnusableMetadata> {
        let mut description = description();
        description[name] = value;
        ProviderMetadata::read(&description, &ProviderUrl::parse_issuer(ISSUER).expect("legal"))
    }

    #[test]
    fn missing_members_have_their_defaults() {
        let provider = with("issuer", json!(ISSUER)).expect("complete");
        assert_eq!(provider.auth_method, TokenAuthMethod::Basic);
        assert!(!provider.requires_iss);
        assert_eq!(with("userinfo_endpoint", json!(null)).expect("optional").userinfo_endpoint, None);
    }

    #[test]
    fn an_announced_secret_method_is_selected() {
        let methods = |methods| {
            with("token_endpoint_auth_methods_supported", methods).map(|provider| provider.auth_method)
        };
        assert_eq!(methods(json!(["client_secret_post", "client_secret_basic"])), Ok(TokenAuthMethod::Basic));
        assert_eq!(methods(json!(["private_key_jwt", "client_secret_post"])), Ok(TokenAuthMethod::Post));
        for useless in [json!(["private_key_jwt"]), json!([])] {
            assert_eq!(methods(useless), Err(UnusableMetadata::TokenAuthMethod));
        }
        assert_eq!(methods(json!("client_secret_basic")), Err(UnusableMetadata::Malformed));
    }

    #[test]
    fn the_prompt_for_another_account_is_an_announced_one() {
        let prompt =
            |values| with("prompt_values_supported", values).expect("complete").select_account_prompt;
        assert_eq!(prompt(json!(null)), "select_account");
        assert_eq!(prompt(json!(["none", "login", "select_account"])), "select_account");
        assert_eq!(prompt(json!(["none", "login", "consent"])), "login");
    }

    #[test]
    fn metadata_of_another_issuer_or_bad_endpoints_is_rejected() {
        for (name, value, error) in [
            ("issuer", json!("https://login.example.com/"), UnusableMetadata::AnotherIssuer),
            ("issuer", json!("https://login.example.com/{tenantid}"), UnusableMetadata::AnotherIssuer),
            ("issuer", json!(null), UnusableMetadata::AnotherIssuer),
            ("authorization_endpoint", json!(null), UnusableMetadata::Endpoint),
            ("authorization_endpoint", json!("javascript:alert(1)"), UnusableMetadata::Endpoint),
            (
                "authorization_endpoint",
                json!("http://login.example.com/authorize"),
                UnusableMetadata::Endpoint,
            ),
            ("token_endpoint", json!(7), UnusableMetadata::Malformed),
            ("token_endpoint", json!("http://127.0.0.1/token"), UnusableMetadata::Endpoint),
            ("token_endpoint", json!("https://169.254.169.254/token"), UnusableMetadata::Endpoint),
            ("userinfo_endpoint", json!("https://localhost/userinfo"), UnusableMetadata::Endpoint),
            ("jwks_uri", json!(null), UnusableMetadata::Endpoint),
            ("authorization_response_iss_parameter_supported", json!("true"), UnusableMetadata::Malformed),
        ] {
            assert_eq!(with(name, value.clone()), Err(error), "{name}: {value}");
        }
    }
}
