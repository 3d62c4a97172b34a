//! What the document says of the OAuth endpoints. Another function serves them, so here are only their
//! descriptions; tests compare them with what that function takes and answers.
#![expect(dead_code, reason = "nothing here runs: it is read by the macros that make the document")]

use serde_json::Value;
use utoipa::openapi::security::{Http, HttpAuthScheme, SecurityScheme};
use utoipa::{IntoResponses, Modify, OpenApi, ToSchema};

/// The OAuth endpoints.
#[derive(OpenApi)]
#[openapi(
    paths(
        token,
        account_token,
        introspect,
        check_token,
        revoke,
        authorization_server,
        openid_configuration,
        jwks
    ),
    tags((name = "oauth", description = "For programs and verifiers. Errors are those of RFC 6749 §5.2.")),
    modifiers(&ClientAuthentication)
)]
pub struct OAuthDocument;

struct ClientAuthentication;

impl Modify for ClientAuthentication {
    fn modify(&self, document: &mut utoipa::openapi::OpenApi) {
        let basic = Http::builder()
            .scheme(HttpAuthScheme::Basic)
            .description(Some("client_id and client_secret, or both of them in the body (RFC 6749 §2.3.1)"))
            .build();
        let components = document.components.get_or_insert_default();
        components.add_security_scheme("client_secret_basic", SecurityScheme::Http(basic));
    }
}

/// A token request (RFC 6749 §4.4.2, RFC 8707 §2).
#[derive(ToSchema)]
struct TokenRequest {
    /// `client_credentials`
    #[schema(example = "client_credentials")]
    grant_type: String,
    /// The API, by its audience or id; a client with a single one may leave it out.
    #[schema(example = "https://api.example.com")]
    resource: Option<String>,
    /// The same by another name.
    audience: Option<String>,
    /// Separated by spaces; all that was granted if absent.
    #[schema(example = "orders:read")]
    scope: Option<String>,
    /// Unless it is in the Basic header.
    client_id: Option<String>,
    /// Unless it is in the Basic header.
    client_secret: Option<String>,
}

/// A token (RFC 6749 §5.1).
#[derive(ToSchema)]
struct TokenResponse {
    /// A JWT (RFC 9068).
    access_token: String,
    #[schema(example = "Bearer")]
    token_type: String,
    /// Seconds.
    #[schema(example = 3600)]
    expires_in: u32,
    /// What was granted; absent if that is no particular scope.
    #[schema(example = "orders:read")]
    scope: Option<String>,
    /// When the secret that was used ends, in seconds since 1970.
    client_secret_expires_at: i64,
}

/// A question about a token, or its revocation (RFC 7662 §2.1, RFC 7009 §2.1).
#[derive(ToSchema)]
struct TokenParameter {
    /// The token; any text.
    token: String,
    /// Ignored: what a token is can be told from itself.
    token_type_hint: Option<String>,
    /// Unless it is in the Basic header.
    client_id: Option<String>,
    /// Unless it is in the Basic header.
    client_secret: Option<String>,
}

/// What a token is worth (RFC 7662 §2.2). If it is not active, there is no other member.
#[derive(ToSchema)]
struct Introspection {
    /// Issued here, within its time, not revoked; its client is of the caller's account, and enabled.
    active: bool,
    #[schema(example = "Bearer")]
    token_type: Option<String>,
    iss: Option<String>,
    sub: Option<String>,
    aud: Option<String>,
    /// Seconds since 1970.
    exp: Option<i64>,
    /// Seconds since 1970.
    iat: Option<i64>,
    /// Seconds since 1970.
    nbf: Option<i64>,
    jti: Option<String>,
    client_id: Option<String>,
    /// Separated by spaces; absent if the token has no scope.
    scope: Option<String>,
    account_id: Option<String>,
}

/// An error (RFC 6749 §5.2).
#[derive(ToSchema)]
struct OAuthError {
    #[schema(example = "invalid_client")]
    error: String,
    error_description: String,
}

/// Keys (RFC 7517 §5).
#[derive(ToSchema)]
struct JwkSet {
    #[schema(value_type = Vec<Object>)]
    keys: Vec<Value>,
}

/// What every endpoint with client authentication may answer instead.
#[derive(IntoResponses)]
enum Refused {
    /// Not a request, or not one that is granted
    #[response(status = 400)]
    Request(#[to_schema] OAuthError),
    /// Client authentication failed: always the same answer, whatever the reason
    #[response(status = 401)]
    Client(#[to_schema] OAuthError),
    /// A store did not answer, and nothing was decided: try again after `Retry-After`
    #[response(status = 503)]
    Unavailable(#[to_schema] OAuthError),
}

/// Get an access token.
#[utoipa::path(
    post, path = "/oauth/token", tag = "oauth", operation_id = "oauth_token",
    request_body(content(
        (TokenRequest = "application/x-www-form-urlencoded"), (TokenRequest = "application/json")
    )),
    security(("client_secret_basic" = []), ()),
    responses((status = 200, description = "A token", body = TokenResponse), Refused)
)]
fn token() {}

/// Get an access token, as a client of this account.
#[utoipa::path(
    post, path = "/v1/accounts/{account_id}/auth/token", tag = "oauth", operation_id = "oauth_account_token",
    params(("account_id" = String, Path)),
    request_body(content(
        (TokenRequest = "application/x-www-form-urlencoded"), (TokenRequest = "application/json")
    )),
    security(("client_secret_basic" = []), ()),
    responses((status = 200, description = "A token", body = TokenResponse), Refused)
)]
fn account_token() {}

/// Ask what a token of the caller's own account is worth now.
#[utoipa::path(
    post, path = "/oauth/introspect", tag = "oauth", operation_id = "oauth_introspect",
    request_body(content(
        (TokenParameter = "application/x-www-form-urlencoded"), (TokenParameter = "application/json")
    )),
    security(("client_secret_basic" = []), ()),
    responses((status = 200, description = "What it is worth", body = Introspection), Refused)
)]
fn introspect() {}

/// The same as `/oauth/introspect`.
#[utoipa::path(
    post, path = "/oauth/check_token", tag = "oauth", operation_id = "oauth_check_token",
    request_body(content(
        (TokenParameter = "application/x-www-form-urlencoded"), (TokenParameter = "application/json")
    )),
    security(("client_secret_basic" = []), ()),
    responses((status = 200, description = "What it is worth", body = Introspection), Refused)
)]
fn check_token() {}

/// End a token of the caller's own before its time.
#[utoipa::path(
    post, path = "/oauth/revoke", tag = "oauth", operation_id = "oauth_revoke",
    request_body(content(
        (TokenParameter = "application/x-www-form-urlencoded"), (TokenParameter = "application/json")
    )),
    security(("client_secret_basic" = []), ()),
    responses((status = 200, description = "It is revoked, or was nothing to revoke"), Refused)
)]
fn revoke() {}

/// Read the metadata (RFC 8414).
#[utoipa::path(
    get, path = "/.well-known/oauth-authorization-server", tag = "oauth", operation_id = "oauth_metadata",
    security(()),
    responses((status = 200, description = "The metadata of RFC 8414 §2", body = Object))
)]
fn authorization_server() {}

/// Read the same metadata where OpenID Connect libraries look.
#[utoipa::path(
    get, path = "/.well-known/openid-configuration", tag = "oauth", operation_id = "oauth_openid_configuration",
    security(()),
    responses((status = 200, description = "The metadata of RFC 8414 §2", body = Object))
)]
fn openid_configuration() {}

/// Read the keys that verify tokens (RFC 7517).
#[utoipa::path(
    get, path = "/.well-known/jwks.json", tag = "oauth", operation_id = "oauth_jwks",
    security(()),
    responses(
        (status = 200, description = "The keys, cacheable for 5 minutes", body = JwkSet),
        (status = 503, description = "A store did not answer: try again after `Retry-After`", body = OAuthError)
    )
)]
fn jwks() {}
