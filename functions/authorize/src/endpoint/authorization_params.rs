//! Parameters of an authorization request (RFC 6749 §4.1.1).

use shared::domain::account::Entitlements;
use shared::domain::client::Client;
use shared::domain::oauth::authorization::error::AuthorizationError;
use shared::domain::oauth::authorization::pkce::{self, CodeChallenge};
use shared::domain::oauth::authorization::request::{AuthorizationRequest, resolve_request, state_fits};
use shared::domain::primitives::email::EmailAddress;
use shared::domain::primitives::ids::ResourceId;
use shared::domain::primitives::unknown_attributes::UnknownAttributes;
use shared::domain::redirect_uri::ResolvedRedirectUri;
use shared::domain::resource::Resource;
use shared::domain::resource::audience;
use shared::domain::resource::scope::ScopeSet;
use shared::wire::params::pairs;

/// Parameters that are read. Others are ignored (RFC 6749 §3.1).
const RECOGNIZED: &[&str] = &[
    "response_type",
    "response_mode",
    "client_id",
    "redirect_uri",
    "scope",
    "state",
    "code_challenge",
    "code_challenge_method",
    "resource",
    "audience",
    "prompt",
    "login_hint",
    "ui_locales",
    "request",
    "request_uri",
];

/// The longest `ui_locales` that is stored, in bytes.
const MAX_UI_LOCALES: usize = 200;

/// The recognized parameters, each as often as it was sent.
pub struct AuthorizationParams {
    pairs: Vec<(String, String)>,
    /// Whether some of the query is not UTF-8.
    malformed: bool,
}

/// A parameter was sent more than once (RFC 6749 §3.1).
pub struct DuplicateParameter;

impl AuthorizationParams {
    /// Parses a query.
    pub fn parse(text: &str) -> Self {
        let mut params = Self { pairs: Vec::new(), malformed: false };
        for pair in pairs(text.as_bytes()) {
            match pair {
                Ok(pair) if RECOGNIZED.contains(&pair.0.as_str()) => params.pairs.push(pair),
                Ok(_) => {}
                Err(_) => params.malformed = true,
            }
        }
        params
    }

    /// Value of a parameter, `None` if it is absent or empty.
    pub fn get(&self, name: &str) -> Result<Option<&str>, DuplicateParameter> {
        let mut values = self.pairs.iter().filter(|(own, _)| own == name).map(|(_, value)| value.as_str());
        match (values.next(), values.next()) {
            (_, Some(_)) => Err(DuplicateParameter),
            (value, None) => Ok(value.filter(|value| !value.is_empty())),
        }
    }

    /// The same, with the error for the client.
    fn single(&self, name: &str) -> Result<Option<&str>, AuthorizationError> {
        self.get(name)
            .map_err(|DuplicateParameter| AuthorizationError::InvalidRequest("a parameter stands twice"))
    }

    /// `state`, for the response. `None` if it is invalid.
    pub fn state(&self) -> Option<&str> {
        self.get("state").ok().flatten().filter(|state| state_fits(state))
    }

    /// Validates the request of a client.
    pub fn validate<'a>(
        &self,
        client: &Client,
        entitlements: &Entitlements,
        redirect: &ResolvedRedirectUri,
        find: impl Fn(&ResourceId) -> Option<&'a Resource>,
    ) -> Result<AuthorizationRequest, AuthorizationError> {
        let code_challenge = self.validate_syntax()?;
        let scope = self.single("scope")?.map(ScopeSet::parse).transpose();
        let scope =
            scope.map_err(|_| AuthorizationError::InvalidScope("scope has a character that no scope has"))?;
        let scope = scope.filter(|scope| !scope.is_empty());
        let target = self.resource_indicator()?;
        let (resource, scopes) = resolve_request(client, entitlements, target, scope.as_ref(), find)?;
        Ok(AuthorizationRequest {
            client_id: client.client_id.clone(),
            account_id: client.account_id.clone(),
            redirect: redirect.clone(),
            redirect_uri_present: self.single("redirect_uri")?.is_some(),
            state: self.state().map(str::to_owned),
            resource,
            scopes,
            code_challenge,
            login_hint: self.login_hint(),
            prompt_consent: self.has_prompt("consent")?,
            ui_locales: self.ui_locales(),
            unknown: UnknownAttributes::default(),
        })
    }

    /// Validates what does not depend on the client. Returns the challenge of RFC 7636 §4.3.
    fn validate_syntax(&self) -> Result<CodeChallenge, AuthorizationError> {
        use AuthorizationError as E;
        if self.malformed {
            return Err(E::InvalidRequest("the query is not UTF-8 after form decoding"));
        }
        if self.single("state")?.is_some_and(|state| !state_fits(state)) {
            return Err(E::InvalidRequest(
                "state is longer than 4,096 bytes, or than 6,144 bytes in the query of the redirect",
            ));
        }
        if self.single("request")?.is_some() {
            return Err(E::RequestNotSupported);
        }
        if self.single("request_uri")?.is_some() {
            return Err(E::RequestUriNotSupported);
        }
        match self.single("response_type")? {
            Some("code") => {}
            Some(_) => return Err(E::UnsupportedResponseType),
            None => return Err(E::InvalidRequest("response_type is missing")),
        }
        if self.single("response_mode")?.is_some_and(|mode| mode != "query") {
            return Err(E::InvalidRequest("response_mode must be query"));
        }
        if self.has_prompt("none")? {
            return Err(E::LoginRequired);
        }
        let method = self.single("code_challenge_method")?;
        match (self.single("code_challenge")?, method) {
            (None, _) => Err(E::InvalidRequest("code_challenge is missing: PKCE (RFC 7636) is required")),
            (Some(challenge), Some(pkce::METHOD)) => CodeChallenge::parse(challenge).map_err(|_| {
                E::InvalidRequest("code_challenge is not a SHA-256 in base64url, of 43 characters")
            }),
            // A missing method means `plain` (RFC 7636 §4.3), which protects nothing.
            (Some(_), _) => Err(E::InvalidRequest("code_challenge_method must be S256")),
        }
    }

    /// Whether this is one of the values of `prompt` (OpenID Connect Core 1.0 §3.1.2.1).
    fn has_prompt(&self, value: &str) -> Result<bool, AuthorizationError> {
        Ok(self.single("prompt")?.is_some_and(|prompt| prompt.split(' ').any(|own| own == value)))
    }

    /// `login_hint`, if it is an address. It is a convenience, so that any other text is ignored.
    fn login_hint(&self) -> Option<EmailAddress> {
        self.get("login_hint").ok().flatten().and_then(|hint| EmailAddress::parse(hint).ok())
    }

    /// `ui_locales`, which makes no error (OpenID Connect Core 1.0 §3.1.2.1): what is no list of languages is ignored.
    fn ui_locales(&self) -> Option<String> {
        let ui_locales = self.get("ui_locales").ok().flatten()?;
        let is_list = |c: char| c.is_ascii_alphanumeric() || matches!(c, '-' | '_' | ' ');
        (ui_locales.len() <= MAX_UI_LOCALES && ui_locales.chars().all(is_list)).then(|| ui_locales.to_owned())
    }

    /// `resource` (RFC 8707 §2.1), or `audience` as other servers call it. Tokens are for one resource.
    fn resource_indicator(&self) -> Result<Option<&str>, AuthorizationError> {
        let several = |DuplicateParameter| AuthorizationError::InvalidTarget("one resource at a time");
        match (self.get("resource").map_err(several)?, self.get("audience").map_err(several)?) {
            (Some(resource), Some(audience)) if !audience::are_equal(resource, audience) => {
                Err(AuthorizationError::InvalidTarget("resource and audience name different resources"))
            }
            (resource, audience) => Ok(resource.or(audience)),
        }
    }
}
