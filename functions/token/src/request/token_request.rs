//! A token request (RFC 6749 §3.2): from parameters to values, before anything is looked up.

use shared::domain::oauth::authorization::code::{AuthorizationCode, CodeError};
use shared::domain::oauth::authorization::pkce::CodeVerifier;
use shared::domain::oauth::error::OAuthError;
use shared::domain::oauth::invalid_grant::InvalidGrantReason;
use shared::domain::oauth::refresh_token::RefreshToken;
use shared::domain::resource::scope::ScopeSet;
use shared::wire::params::OAuthParams;

/// What is asked for, one variant per grant.
#[derive(Debug)]
pub enum TokenRequest {
    /// RFC 6749 §4.4.
    ClientCredentials(ClientCredentialsRequest),
    /// RFC 6749 §4.1.3.
    AuthorizationCode(AuthorizationCodeRequest),
    /// RFC 6749 §6.
    RefreshToken(RefreshTokenRequest),
}

/// The client asks in its own name.
#[derive(Debug, PartialEq, Eq)]
pub struct ClientCredentialsRequest {
    /// `resource` (RFC 8707) or `audience`: a resource by its audience or its id.
    pub target: Option<String>,
    /// `scope`.
    pub scope: Option<ScopeSet>,
}

/// The client redeems a code. Its scopes were decided when it was issued.
#[derive(Debug)]
pub struct AuthorizationCodeRequest {
    /// `code`.
    pub code: AuthorizationCode,
    /// `redirect_uri`, which is compared to the letter.
    pub redirect_uri: Option<String>,
    /// `code_verifier` (RFC 7636 §4.5), which is always required.
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
    /// The grant's name in the log.
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

    fn try_from(parameters: &OAuthParams) -> Result<Self, OAuthError> {
        match parameters.get("grant_type") {
            None => Err(OAuthError::InvalidRequest("grant_type is missing")),
            Some("client_credentials") => Ok(Self::ClientCredentials(ClientCredentialsRequest {
                target: target(parameters)?,
                scope: scope(parameters)?,
            })),
            Some("authorization_code") => redemption(parameters).map(Self::AuthorizationCode),
            Some("refresh_token") => refresh(parameters).map(Self::RefreshToken),
            Some(_) => Err(OAuthError::UnsupportedGrantType),
        }
    }
}

fn redemption(parameters: &OAuthParams) -> Result<AuthorizationCodeRequest, OAuthError> {
    let required = |name, missing| parameters.get(name).ok_or(OAuthError::InvalidRequest(missing));
    let code = required("code", "code is missing")?;
    let verifier = required("code_verifier", "code_verifier is missing: PKCE (RFC 7636) is required")?;
    let target = target(parameters)?;
    Ok(AuthorizationCodeRequest {
        code: AuthorizationCode::parse(code)
            .map_err(|_| OAuthError::InvalidGrant(InvalidGrantReason::InvalidCode))?,
        redirect_uri: parameters.get("redirect_uri").map(str::to_owned),
        // What cannot be a verifier is not the right one (RFC 7636 §4.6).
        code_verifier: CodeVerifier::parse(verifier)
            .map_err(|_| OAuthError::InvalidGrant(InvalidGrantReason::Code(CodeError::WrongVerifier)))?,
        target,
    })
}

fn refresh(parameters: &OAuthParams) -> Result<RefreshTokenRequest, OAuthError> {
    let token =
        parameters.get("refresh_token").ok_or(OAuthError::InvalidRequest("refresh_token is missing"))?;
    let (scope, target) = (scope(parameters)?, target(parameters)?);
    let token = RefreshToken::parse(token)
        .map_err(|_| OAuthError::InvalidGrant(InvalidGrantReason::InvalidRefreshToken))?;
    Ok(RefreshTokenRequest { token, scope, target })
}

fn target(parameters: &OAuthParams) -> Result<Option<String>, OAuthError> {
    match (parameters.get("resource"), parameters.get("audience")) {
        (Some(resource), Some(audience)) if resource != audience => {
            Err(OAuthError::InvalidTarget("resource and audience name different resources"))
        }
        (resource, audience) => Ok(resource.or(audience).map(str::to_owned)),
    }
}

fn scope(parameters: &OAuthParams) -> Result<Option<ScopeSet>, OAuthError> {
    let parse = |text| ScopeSet::parse(text).map_err(|_| OAuthError::InvalidScope("scope is malformed"));
    parameters.get("scope").map(parse).transpose()
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
    fn client_credentials_with_and_without_options() {
        let read = |form: &str| match parse(form).expect("good") {
            TokenRequest::ClientCredentials(request) => request,
            other => panic!("{other:?}"),
        };
        assert_eq!(
            read("grant_type=client_credentials"),
            ClientCredentialsRequest { target: None, scope: None }
        );
        let full = read("grant_type=client_credentials&scope=b+a&resource=r&audience=r");
        let scope = ScopeSet::parse("a b").expect("good");
        assert_eq!(full, ClientCredentialsRequest { target: Some("r".into()), scope: Some(scope) });
    }

    #[test]
    fn a_code_with_its_verifier_and_redirect_uri() {
        let form = format!(
            "grant_type=authorization_code&code={CODE}&code_verifier={CODE}&redirect_uri=https%3A%2F%2Fa.example&resource=r"
        );
        let Ok(TokenRequest::AuthorizationCode(read)) = parse(&form) else { panic!("not read") };
        assert_eq!((read.code.expose(), read.code_verifier.expose()), (CODE, CODE));
        assert_eq!(read.redirect_uri.as_deref(), Some("https://a.example"));
        assert_eq!(read.target.as_deref(), Some("r"));
        assert!(!format!("{read:?}").contains(CODE), "it does not print");
    }

    #[test]
    fn a_refresh_token_with_a_narrower_scope() {
        let token = refresh_token();
        let form = format!("grant_type=refresh_token&refresh_token={}&scope=a&audience=r", token.expose());
        let Ok(TokenRequest::RefreshToken(read)) = parse(&form) else { panic!("not read") };
        assert_eq!(read.token.expose(), token.expose());
        assert_eq!((read.scope, read.target.as_deref()), (ScopeSet::parse("a").ok(), Some("r")));
        assert!(!format!("{:?}", read.token).contains("lkr_"), "it does not print");
    }

    #[test]
    fn what_is_wrong_is_said_with_the_code_of_the_rfc() {
        let code = format!("grant_type=authorization_code&code={CODE}");
        let refresh = format!("grant_type=refresh_token&refresh_token={}", refresh_token().expose());
        let good = parse(&format!("{code}&code_verifier={CODE}")).and_then(|_| parse(&refresh));
        assert!(good.is_ok());
        for (form, expected) in [
            (String::new(), "invalid_request"),
            ("grant_type=".to_owned(), "invalid_request"),
            ("grant_type=password".to_owned(), "unsupported_grant_type"),
            ("grant_type=client_credentials&scope=a++b".to_owned(), "invalid_scope"),
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
