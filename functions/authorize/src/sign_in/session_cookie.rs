//! What a request says of the browser that sends it.

use crate::state::AuthorizeState;
use http::{HeaderMap, HeaderValue, header};
use shared::adapters::crypto::session_secret::SessionSecret;

/// Over TLS, no other host of the domain and no plain connection can set a cookie of this name (RFC 6265bis §4.1.3.2).
const SECURE_NAME: &str = "__Host-latchkey";
/// Without TLS, browsers refuse the prefix.
const PLAIN_NAME: &str = "latchkey";

const fn name(secure: bool) -> &'static str {
    if secure { SECURE_NAME } else { PLAIN_NAME }
}

/// The secret that this browser was given before.
pub fn secret(state: &AuthorizeState, headers: &HeaderMap) -> Option<SessionSecret> {
    let own = name(state.is_secure());
    let cookies = headers.get_all(header::COOKIE).iter().filter_map(|value| value.to_str().ok());
    cookies
        .flat_map(|line| line.split(';'))
        .filter_map(|cookie| cookie.trim().split_once('='))
        .find(|(name, _)| *name == own)
        .and_then(|(_, value)| SessionSecret::parse(value))
}

/// The cookie that gives a browser its secret: for as long as the browser is open, for no script, and not with what
/// other sites send in its name, apart from the way back from the upstream provider, which is a link.
pub fn cookie(state: &AuthorizeState, secret: &SessionSecret) -> HeaderValue {
    let secure = if state.is_secure() { "; Secure" } else { "" };
    let text =
        format!("{}={}; Path=/; HttpOnly; SameSite=Lax{secure}", name(state.is_secure()), secret.expose());
    let mut value = HeaderValue::from_str(&text).unwrap_or_else(|_| unreachable!("ASCII"));
    value.set_sensitive(true);
    value
}

/// Whether a browser says that another site's page sent this form. A browser that says nothing is believed: the form's
/// token decides. `Origin: null` says nothing either: so our own pages' forms are sent, because of their
/// `Referrer-Policy`.
pub fn is_cross_site(state: &AuthorizeState, headers: &HeaderMap) -> bool {
    let said = |name: &str| headers.get(name).map(HeaderValue::as_bytes);
    let site = said("sec-fetch-site").is_some_and(|site| site != b"same-origin" && site != b"none");
    let origin = said("origin")
        .is_some_and(|origin| origin != b"null" && origin != state.app.config.issuer.as_bytes());
    site || origin
}
