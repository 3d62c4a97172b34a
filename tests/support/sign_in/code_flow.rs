//! Authorization codes and their tokens. Codes are issued here without a browser, for the many tests that need
//! one; `super` has sign-ins through the pages.

pub use crate::support::sign_in::tokens::{Tokens, claims};

use crate::support::app::TestApp;
use crate::support::fixtures::{ACCOUNT, Fixtures, TestClient};
use crate::support::http::{TestRequest, TestResponse};
use serde_json::{Value, json};
use shared::adapters::crypto::random::random;
use shared::adapters::crypto::session_secret::hash_sign_in_id;
use shared::adapters::crypto::token_crypto::{hash_code, s256_challenge, subject_of_member};
use shared::adapters::store::{NewCode, SignInStep, WriteOutcome};
use shared::domain::oauth::authorization::code::{AuthorizationCode, IssuedCode, LIFETIME};
use shared::domain::oauth::authorization::pkce::CodeVerifier;
use shared::domain::oauth::authorization::request::AuthorizationRequest;
use shared::domain::oauth::authorization_grant::{AuthorizationGrant, UserConsent};
use shared::domain::primitives::email::EmailAddress;
use shared::domain::primitives::ids::{AccountId, ClientId, ResourceId};
use shared::domain::primitives::unknown_attributes::UnknownAttributes;
use shared::domain::resource::scope::ScopeSet;
use shared::domain::sign_in::consent::{Consent, ConsentId};
use shared::domain::sign_in::purpose::SignInPurpose;
use shared::domain::sign_in::{SignIn, SignInId, Step};

/// The redirect URI of the clients.
pub const REDIRECT_URI: &str = crate::support::sign_in::CALLBACK;
/// The verifier of every code (RFC 7636, appendix B).
pub const VERIFIER: &str = "dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk";
/// A verifier that does not match.
pub const WRONG_VERIFIER: &str = "0BjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk";
/// The member of [`ACCOUNT`] who consents.
pub const ANN: &str = "ann@acme.example";

/// The authorization that a client requests.
pub struct CodeRequest<'a> {
    pub resource: &'a str,
    pub scopes: &'a str,
    pub redirect_uri: Option<&'a str>,
}

impl Default for CodeRequest<'_> {
    fn default() -> Self {
        let (resource, scopes) = ("backoffice_api", "orders:read orders:write");
        Self { resource, scopes, redirect_uri: Some(REDIRECT_URI) }
    }
}

impl TestApp {
    /// An app with fixtures and the member [`ANN`].
    pub async fn with_members() -> Self {
        let latchkey = Self::with_fixtures().await;
        latchkey.fixtures().ann().await;
        latchkey
    }

    /// Withdraws the consent of [`ANN`].
    pub async fn withdraw_consent(&self, client: &TestClient) {
        let path = format!("{}/consents", client.path());
        let listed = self.admin_request("GET", &path).await.send().await.expect(200).json();
        let sub = listed["items"][0]["sub"].as_str().unwrap().to_owned();
        self.admin_request("DELETE", &format!("{path}/{sub}")).await.send().await.expect(204);
    }

    /// A request to the token endpoint, with the client's secret if it has one.
    pub fn client_token_request(&self, client: &TestClient, form: &str) -> TestRequest {
        with_client_auth(self.request("POST", "/oauth/token"), client, form)
    }

    /// Redeems a code.
    pub async fn redeem(&self, client: &TestClient, code: &str) -> TestResponse {
        self.client_token_request(client, &code_form(code, VERIFIER)).send().await
    }

    /// Uses a refresh token, with further form parameters such as `&scope=a`.
    pub async fn refresh(&self, client: &TestClient, token: &str, more: &str) -> TestResponse {
        self.client_token_request(client, &format!("{}{more}", refresh_form(token))).send().await
    }

    /// The client's tokens after a code flow of [`ANN`].
    pub async fn code_flow_tokens(&self, client: &TestClient) -> Tokens {
        let code = self.fixtures().code(client).await;
        Tokens::of(&self.redeem(client, &code).await.expect(200))
    }
}

impl Fixtures<'_> {
    /// Adds the member [`ANN`].
    pub async fn ann(self) {
        let body = json!({ "email": ANN, "name": "Ann" });
        let path = format!("/v1/accounts/{ACCOUNT}/members");
        self.0.admin_request("POST", &path).await.json(&body).send().await.expect(201);
    }

    /// A client of the code flow with refresh tokens, both scopes and these members.
    pub async fn code_flow_client_with(self, members: &Value) -> TestClient {
        let mut body = json!({
            "client_name": "Shop app", "grant_types": ["authorization_code", "refresh_token"],
            "redirect_uris": [REDIRECT_URI],
            "permissions": [{ "resource": "backoffice_api", "scopes": ["orders:read", "orders:write"] }],
        });
        body.as_object_mut().unwrap().extend(members.as_object().unwrap().clone());
        let path = format!("/v1/accounts/{ACCOUNT}/clients");
        let created = self.0.admin_request("POST", &path).await.json(&body).send().await.expect(201).json();
        let text = |name: &str| created[name].as_str().unwrap_or_default().to_owned();
        TestClient {
            account_id: ACCOUNT.to_owned(),
            client_id: text("client_id"),
            client_secret: text("client_secret"),
            secret_id: text("secret_id"),
        }
    }

    /// A confidential client of the code flow.
    pub async fn code_flow_client(self) -> TestClient {
        self.code_flow_client_with(&json!({})).await
    }

    /// A public client of the code flow (RFC 6749 §2.1).
    pub async fn public_client(self) -> TestClient {
        self.code_flow_client_with(&json!({ "token_endpoint_auth_method": "none" })).await
    }

    /// A code for both scopes with the consent of [`ANN`].
    pub async fn code(self, client: &TestClient) -> String {
        self.code_with(client, &CodeRequest::default()).await
    }

    /// A code for these scopes with the consent of [`ANN`].
    pub async fn code_for(self, client: &TestClient, scopes: &str) -> String {
        self.code_with(client, &CodeRequest { scopes, ..CodeRequest::default() }).await
    }

    /// A code for this request with the consent of [`ANN`].
    pub async fn code_with(self, client: &TestClient, requested: &CodeRequest<'_>) -> String {
        loop {
            if let Some(code) = self.try_code(client, requested).await {
                return code;
            }
        }
    }

    /// `None` if another request changed the same consent meanwhile.
    async fn try_code(self, client: &TestClient, requested: &CodeRequest<'_>) -> Option<String> {
        let (store, now) = (&self.0.server.management.app.store, self.0.now());
        let client_id = ClientId::parse(&client.client_id).unwrap();
        let account_id = AccountId::parse(&client.account_id).unwrap();
        let email = EmailAddress::parse(ANN).unwrap();
        let person = subject_of_member(&store.load_member(&account_id, &email).await.unwrap().unwrap());
        let existing = store.load_consent(&client_id, &person.sub).await.unwrap();
        let first_consent = existing.is_none();
        let consent = existing.unwrap_or_else(|| {
            let id = ConsentId::from_random_bytes(random());
            Consent::new(id, client_id.clone(), account_id.clone(), person.clone(), now)
        });
        let resource = ResourceId::parse(requested.resource).unwrap();
        let scopes = ScopeSet::parse(requested.scopes).unwrap();
        let consent = consent.with(&resource, &scopes, now);
        let known = store.load_client(&client_id).await.unwrap().expect("a client");
        let issued = IssuedCode {
            authorization: AuthorizationGrant {
                client_id,
                account_id,
                resource,
                scopes,
                consent: Some(UserConsent { person, consent_id: consent.consent_id.clone() }),
                token_generation: known.client.token_generation,
                unknown: UnknownAttributes::default(),
            },
            redirect_uri: requested.redirect_uri.map(str::to_owned),
            code_challenge: s256_challenge(&CodeVerifier::parse(VERIFIER).unwrap()),
            expires_at: now.checked_add(LIFETIME).unwrap(),
            redeemed_family_id: None,
            unknown: UnknownAttributes::default(),
        };
        let redirect = requested.redirect_uri.unwrap_or(REDIRECT_URI);
        let request = AuthorizationRequest {
            client_id: issued.authorization.client_id.clone(),
            account_id: issued.authorization.account_id.clone(),
            redirect: redirect.to_owned().try_into().unwrap(),
            redirect_uri_present: requested.redirect_uri.is_some(),
            state: None,
            resource: issued.authorization.resource.clone(),
            scopes: issued.authorization.scopes.clone(),
            code_challenge: issued.code_challenge.clone(),
            login_hint: None,
            prompt_consent: false,
            ui_locales: None,
            unknown: UnknownAttributes::default(),
        };
        let sign_in = SignIn::begin(
            "a browser".to_owned(),
            SignInPurpose::Client(Box::new(request)),
            Step::AwaitIdentity,
            now,
        );
        let sign_in_digest = hash_sign_in_id(&SignInId::from_random_bytes(random()));
        store.begin_sign_in(&sign_in_digest, &sign_in).await.unwrap();
        let completed = sign_in.with_step(Step::Completed);
        let step =
            SignInStep { digest: &sign_in_digest, sign_in: &completed, expected_version: sign_in.version };
        let code = AuthorizationCode::from_random_bytes(random());
        let new_code =
            NewCode { digest: &hash_code(&code), code: &issued, consent: &consent, first_consent, now };
        let outcome = store.issue_code_once(&step, &new_code, None).await.unwrap();
        (outcome == WriteOutcome::Committed).then(|| code.expose().to_owned())
    }
}

/// The form of a token request with a code.
pub fn code_form(code: &str, verifier: &str) -> String {
    format!(
        "grant_type=authorization_code&code={code}&code_verifier={verifier}\
         &redirect_uri=https%3A%2F%2Fapp.example.com%2Fcallback"
    )
}

/// The form of a token request with a refresh token.
pub fn refresh_form(token: &str) -> String {
    format!("grant_type=refresh_token&refresh_token={token}")
}

/// A form with the client's authentication: its secret, or its id alone.
pub fn with_client_auth(ask: TestRequest, client: &TestClient, form: &str) -> TestRequest {
    if client.client_secret.is_empty() {
        ask.form(&format!("{form}&client_id={}", client.client_id))
    } else {
        ask.basic(&client.client_id, &client.client_secret).form(form)
    }
}

/// Fails the test unless the response is this OAuth error.
#[track_caller]
pub fn assert_error(response: &TestResponse, error: &str, case: &str) {
    let reported = response.json()["error"].as_str().unwrap_or_default().to_owned();
    assert_eq!((response.status.as_u16(), reported), (400, error.to_owned()), "{case}");
}
