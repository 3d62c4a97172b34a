//! Headers of every response to a browser. None of them may be stored, framed, or run a script.

use http::{HeaderMap, HeaderName, HeaderValue, header};

/// Target of a page's forms (CSP Level 3, `form-action`). Browsers apply it to the redirects that follow a form as well.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum FormAction {
    /// The page has no forms.
    None,
    /// Our own origin.
    Own,
    /// Our own origin, and these sources by redirect.
    SelfAnd(String),
}

/// Content Security Policy of a page: nothing but the logo is fetched, and its inline style sheets and its script are known by their hashes.
#[derive(Clone, Debug)]
pub struct PagePolicy<'a> {
    /// SHA-256 of each style sheet, in Base64.
    pub style_sha256: Vec<&'a str>,
    /// SHA-256 of the one inline script, in Base64; none if the page has no script.
    pub script_sha256: Option<&'a str>,
    /// Target of forms.
    pub form_action: &'a FormAction,
}

impl PagePolicy<'_> {
    /// Value of `Content-Security-Policy`.
    ///
    /// # Panics
    ///
    /// If a source of the forms is not visible ASCII.
    #[must_use]
    pub fn header_value(&self) -> HeaderValue {
        let form_action = match self.form_action {
            FormAction::None => "'none'".to_owned(),
            FormAction::Own => "'self'".to_owned(),
            FormAction::SelfAnd(sources) => format!("'self' {sources}"),
        };
        let script =
            self.script_sha256.map_or_else(String::new, |hash| format!(" script-src 'sha256-{hash}';"));
        let styles: Vec<String> = self.style_sha256.iter().map(|hash| format!("'sha256-{hash}'")).collect();
        let policy = format!(
            "default-src 'none'; style-src {}; img-src 'self';{script} form-action {form_action}; frame-ancestors 'none'; base-uri 'none'",
            styles.join(" "),
        );
        HeaderValue::from_str(&policy).unwrap_or_else(|_| unreachable!("a policy is ASCII"))
    }
}

/// Adds the headers that every response to a browser has.
///
/// There is no `Cross-Origin-Opener-Policy`: a client that opens the sign-in in a window of its own waits there for the
/// response, and would lose that window. Pages without scripts have nothing that an opener could reach.
pub fn add_security_headers(headers: &mut HeaderMap) {
    const HEADERS: [(HeaderName, &str); 6] = [
        (header::CACHE_CONTROL, "no-store"),
        (header::PRAGMA, "no-cache"),
        (header::X_FRAME_OPTIONS, "DENY"),
        (header::REFERRER_POLICY, "no-referrer"),
        (
            HeaderName::from_static("permissions-policy"),
            "camera=(), geolocation=(), microphone=(), payment=(), usb=()",
        ),
        (HeaderName::from_static("cross-origin-resource-policy"), "same-origin"),
    ];
    for (name, value) in HEADERS {
        headers.insert(name, HeaderValue::from_static(value));
    }
}
