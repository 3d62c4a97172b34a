//! Cookies of the pages (RFC 6265).

use cookie::time::Duration;
use cookie::{Cookie, SameSite};
use http::{HeaderMap, HeaderValue, header};
use jiff::SignedDuration;

/// A cookie: for no script, and not sent with requests from other sites apart from links to us.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct PageCookie {
    name: &'static str,
    secure: bool,
    max_age: Option<SignedDuration>,
}

/// The cookie of a browser in which people sign in. It signs no one in.
#[must_use]
pub const fn sign_in(secure: bool) -> PageCookie {
    PageCookie::new("__Host-latchkey", "latchkey", secure)
}

/// The cookie of a session in the console.
#[must_use]
pub const fn console(secure: bool) -> PageCookie {
    PageCookie::new("__Host-latchkey-console", "latchkey-console", secure)
}

impl PageCookie {
    /// A cookie for a site with TLS (`secure`) or without it. `secure_name` starts with `__Host-`: no other host of the
    /// domain and no plain connection can set such a cookie (RFC 6265bis §4.1.3.2). Browsers refuse the prefix without TLS,
    /// so that `plain_name` has none.
    #[must_use]
    pub const fn new(secure_name: &'static str, plain_name: &'static str, secure: bool) -> Self {
        Self { name: if secure { secure_name } else { plain_name }, secure, max_age: None }
    }

    /// The same cookie, kept for so long. Without it, a cookie is kept for as long as the browser is open.
    #[must_use]
    pub const fn kept_for(self, max_age: SignedDuration) -> Self {
        Self { max_age: Some(max_age), ..self }
    }

    /// Value that the browser sent.
    #[must_use]
    pub fn read(self, headers: &HeaderMap) -> Option<String> {
        let lines = headers.get_all(header::COOKIE).iter().filter_map(|value| value.to_str().ok());
        let mut cookies = lines.flat_map(Cookie::split_parse).filter_map(Result::ok);
        cookies.find(|cookie| cookie.name() == self.name).map(|cookie| cookie.value().to_owned())
    }

    /// Value of `Set-Cookie` that removes the cookie.
    ///
    /// # Panics
    ///
    /// Never: the name is ASCII.
    #[must_use]
    pub fn remove(self) -> HeaderValue {
        self.kept_for(SignedDuration::ZERO).set("")
    }

    /// Value of `Set-Cookie`.
    ///
    /// # Panics
    ///
    /// If `value` is not visible ASCII.
    #[must_use]
    pub fn set(self, value: &str) -> HeaderValue {
        let cookie = Cookie::build((self.name, value)).path("/").http_only(true).same_site(SameSite::Lax);
        let cookie = if self.secure { cookie.secure(true) } else { cookie };
        let cookie = match self.max_age {
            Some(max_age) => cookie.max_age(Duration::seconds(max_age.as_secs())),
            None => cookie,
        };
        let mut header = HeaderValue::from_str(&cookie.build().to_string())
            .unwrap_or_else(|_| unreachable!("the value is ASCII"));
        header.set_sensitive(true);
        header
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const fn cookie(secure: bool) -> PageCookie {
        PageCookie::new("__Host-session", "session", secure)
    }

    #[test]
    fn the_first_cookie_of_the_name_is_read() {
        let mut headers = HeaderMap::new();
        headers.append(header::COOKIE, HeaderValue::from_static("a=1;bad; session=plain"));
        headers.append(header::COOKIE, HeaderValue::from_static(" __Host-session=x; __Host-session=y"));
        assert_eq!(cookie(true).read(&headers).as_deref(), Some("x"));
        assert_eq!(cookie(false).read(&headers).as_deref(), Some("plain"));
        assert_eq!(cookie(true).read(&HeaderMap::new()), None);
    }

    #[test]
    fn only_a_site_with_tls_sets_a_secure_cookie() {
        let (secure, plain) = (cookie(true).set("abc"), cookie(false).set("abc"));
        assert!(secure.is_sensitive() && plain.is_sensitive());
        let (secure, plain) = (secure.to_str().expect("ASCII"), plain.to_str().expect("ASCII"));
        assert!(secure.starts_with("__Host-session=abc;") && secure.contains("; Secure"), "{secure}");
        assert!(plain.starts_with("session=abc;") && !plain.contains("Secure"), "{plain}");
        for set in [secure, plain] {
            for attribute in ["; Path=/", "; HttpOnly", "; SameSite=Lax"] {
                assert!(set.contains(attribute), "{attribute}: {set}");
            }
            assert!(!set.contains("Max-Age") && !set.contains("Expires") && !set.contains("Domain"), "{set}");
        }
        let kept = cookie(true).kept_for(SignedDuration::from_hours(24)).set("abc");
        assert!(kept.to_str().expect("ASCII").contains("; Max-Age=86400"), "{kept:?}");
    }
}
