//! Token requests (RFC 6749 §4.1.3, §4.4.2, §6): from parameters to values.

use shared::domain::oauth::authorization::code::{AuthorizationCode, CodeError};
use shared::domain::oauth::authorization::pkce::CodeVerifier;
use shared::domain::oauth::error::OAuthError;
use shared::domain::oauth::invalid_grant::InvalidGrantReason;
use shared::domain::oauth::refresh_token::RefreshToken;
use shared::domain::resource::audience;
use shared::domain::resource::scope::ScopeSet;
use shared::wire::params::OAuthParams;

/// A token request, by grant type.
#[derive(Debug)]
pub enum TokenRequest {
    /// RFC 6749 §4.4.
    ClientCredentials(ClientCredentialsRequest),
    /// RFC 6749 §4.1.3.
    AuthorizationCode(AuthorizationCodeRequest),
    /// RFC 6749 §6.
    RefreshToken(RefreshTokenRequest),
}

/// The client requests a token on its own behalf.
#[derive(Debug, PartialEq, Eq)]
pub struct ClientCredentialsRequest {
    /// `resource` (RFC 8707) or `audience`: the audience or the id of a resource.
    pub target: Option<String>,
    /// `scope`.
    pub scope: Option<ScopeSet>,
}

/// The client redeems a code. The scopes were fixed when it was issued.
#[derive(Debug)]
pub struct AuthorizationCodeRequest {
    /// `code`.
    pub code: AuthorizationCode,
    /// `redirect_uri`, which must be that of the authorization request.
    pub redirect_uri: Option<String>,
    /// `code_verifier` (RFC 7636 §4.5), which is required of every client.
    pub code_verifier: CodeVerifier,
    /// `resource` or `audience` (RFC 8707 §2.2), which can only name the resource that the code is for.
    pub target: Option<String>,
}

/// The client exchanges a refresh token.
#[derive(Debug)]
pub struct RefreshTokenRequest {
    /// `refresh_token`.
    pub token: RefreshToken,
    /// `scope`, which can only narrow what the token is for.
    pub scope: Option<ScopeSet>,
    /// `resource` or `audience`, which can only name the resource that the token is for.
    pub target: Option<String>,
}

impl TokenRequest {
    /// `grant_type`.
    pub const fn grant_type(&self) -> &'static str {
        match self {
            Self::ClientCredentials(_) => "client_credentials",
            Self::AuthorizationCode(_) => "authorization_code",
            Self::RefreshToken(_) => "refresh_token",
        }
    }
}

impl TryFrom<&OAuthParams> for TokenRequest {
    type Error = OAuthError;

    fn try_from(params: &OAuthParams) -> Result<Self, OAuthError> {
        match params.get("grant_type") {
            None => Err(OAuthError::InvalidRequest("grant_type is missing")),
            Some("client_credentials") => Ok(Self::ClientCredentials(ClientCredentialsRequest {
                target: target(params)?,
                scope: scope(params)?,
            })),
            Some("authorization_code") => parse_code_request(params).map(Self::AuthorizationCode),
            Some("refresh_token") => parse_refresh_request(params).map(Self::RefreshToken),
            Some(_) => Err(OAuthError::UnsupportedGrantType),
        }
    }
}

fn parse_code_request(params: &OAuthParams) -> Result<AuthorizationCodeRequest, OAuthError> {
    let required = |name, missing| params.get(name).ok_or(OAuthError::InvalidRequest(missing));
    let code = required("code", "code is missing")?;
    let verifier = required("code_verifier", "code_verifier is missing: PKCE (RFC 7636) is required")?;
    let target = target(params)?;
    Ok(AuthorizationCodeRequest {
        code: AuthorizationCode::parse(code)
            .map_err(|_| OAuthError::InvalidGrant(InvalidGrantReason::InvalidCode))?,
        redirect_uri: params.get("redirect_uri").map(str::to_owned),
        // A text that is no verifier is a wrong one (RFC 7636 §4.6).
        code_verifier: CodeVerifier::parse(verifier)
            .map_err(|_| OAuthError::InvalidGrant(InvalidGrantReason::Code(CodeError::WrongVerifier)))?,
        target,
    })
}

fn parse_refresh_request(params: &OAuthParams) -> Result<RefreshTokenRequest, OAuthError> {
    let token = params.get("refresh_token").ok_or(OAuthError::InvalidRequest("refresh_token is missing"))?;
    let (scope, target) = (scope(params)?, target(params)?);
    let token = RefreshToken::parse(token)
        .map_err(|_| OAuthError::InvalidGrant(InvalidGrantReason::InvalidRefreshToken))?;
    Ok(RefreshTokenRequest { token, scope, target })
}

fn target(params: &OAuthParams) -> Result<Option<String>, OAuthError> {
    match (params.get("resource"), params.get("audience")) {
        (Some(resource), Some(audience)) if !audience::are_equal(resource, audience) => {
            Err(OAuthError::InvalidTarget("resource and audience name different resources"))
        }
        (resource, audience) => Ok(resource.or(audience).map(str::to_owned)),
    }
}

fn scope(params: &OAuthParams) -> Result<Option<ScopeSet>, OAuthError> {
    let parse = |text| {
        ScopeSet::parse(text).map_err(|_| OAuthError::InvalidScope("scope has a character that no scope has"))
    };
    let scopes = params.get("scope").map(parse).transpose()?;
    Ok(scopes.filter(|scopes| !scopes.is_empty()))
}

#[cfg(test)]
mod tests {
    use super::*;

    const CODE: &str = "0123456789abcdefghijABCDEFGHIJ0123456789abc";

    fn parse(form: &str) -> Result<TokenRequest, OAuthError> {
        TokenRequest::try_from(&OAuthParams::from_form(form.as_bytes()).expect("a form"))
    }

    fn refresh_token() -> RefreshToken {
        RefreshToken::first([1; 32], [2; 32])
    }

    #[test]
    fn client_credentials_request_with_and_without_options() {
        let client_credentials = |form: &str| match parse(form).expect("legal") {
            TokenRequest::ClientCredentials(request) => request,
            other => panic!("{other:?}"),
        };
        assert_eq!(
            client_credentials("grant_type=client_credentials"),
            ClientCredentialsRequest { target: None, scope: None }
        );
        assert_eq!(
            client_credentials("grant_type=client_credentials&scope=+"),
            ClientCredentialsRequest { target: None, scope: None },
            "blank"
        );
        let full = client_credentials("grant_type=client_credentials&scope=b+a&resource=r&audience=r");
        let scope = ScopeSet::parse("a b").expect("legal");
        assert_eq!(full, ClientCredentialsRequest { target: Some("r".into()), scope: Some(scope) });
        let one = "grant_type=client_credentials&resource=https%3A%2F%2Fa.example%2F&audience=https%3A%2F%2Fa.example";
        assert_eq!(client_credentials(one).target.as_deref(), Some("https://a.example/"), "equal URLs");
    }

    #[test]
    fn code_request_with_verifier_and_redirect_uri() {
        let form = format!(
            "grant_type=authorization_code&code={CODE}&code_verifier={CODE}&redirect_uri=https%3A%2F%2Fa.example&resource=r"
        );
        let Ok(TokenRequest::AuthorizationCode(request)) = parse(&form) else { panic!("rejected") };
        assert_eq!((request.code.expose(), request.code_verifier.expose()), (CODE, CODE));
        assert_eq!(request.redirect_uri.as_deref(), Some("https://a.example"));
        assert_eq!(request.target.as_deref(), Some("r"));
        assert!(!format!("{request:?}").contains(CODE), "redacted");
    }

    #[test]
    fn refresh_request_with_narrower_scope() {
        let token = refresh_token();
        let form = format!("grant_type=refresh_token&refresh_token={}&scope=a&audience=r", token.expose());
        let Ok(TokenRequest::RefreshToken(request)) = parse(&form) else { panic!("rejected") };
        assert_eq!(request.token.expose(), token.expose());
        assert_eq!((request.scope, request.target.as_deref()), (ScopeSet::parse("a").ok(), Some("r")));
        assert!(!format!("{:?}", request.token).contains("lkr_"), "redacted");
    }

    #[test]
    fn invalid_requests_have_the_error_codes_of_the_rfc() {
        let code = format!("grant_type=authorization_code&code={CODE}");
        let refresh = format!("grant_type=refresh_token&refresh_token={}", refresh_token().expose());
        let legal = parse(&format!("{code}&code_verifier={CODE}")).and_then(|_| parse(&refresh));
        assert!(legal.is_ok());
        for (form, expected) in [
            (String::new(), "invalid_request"),
            ("grant_type=".to_owned(), "invalid_request"),
            ("grant_type=password".to_owned(), "unsupported_grant_type"),
            ("grant_type=client_credentials&scope=a%09b".to_owned(), "invalid_scope"),
            ("grant_type=client_credentials&resource=a&audience=b".to_owned(), "invalid_target"),
            (format!("grant_type=authorization_code&code_verifier={CODE}"), "invalid_request"),
            (code.clone(), "invalid_request"),
            (format!("{code}&code_verifier=short"), "invalid_grant"),
            (format!("{code}x&code_verifier={CODE}"), "invalid_grant"),
            (format!("{code}&code_verifier={CODE}&resource=a&audience=b"), "invalid_target"),
            ("grant_type=refresh_token".to_owned(), "invalid_request"),
            (format!("{refresh}x"), "invalid_grant"),
            (format!("{refresh}&scope=%22"), "invalid_scope"),
            (format!("{refresh}&resource=a&audience=b"), "invalid_target"),
        ] {
            assert_eq!(parse(&form).expect_err(&form).code(), expected, "{form}");
        }
    }
}
