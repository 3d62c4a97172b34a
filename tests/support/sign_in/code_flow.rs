//! Authorization codes and what comes of them. Codes are issued here without a browser, for the many tests that need one;
//! `people.rs` has those that go through the pages.

use crate::support::app::TestApp;
use crate::support::fixtures::{ACCOUNT, TestClient};
use crate::support::http::{TestRequest, TestResponse};
use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
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
use shared::domain::redirect_uri::ResolvedRedirectUri;
use shared::domain::resource::scope::ScopeSet;
use shared::domain::sign_in::consent::{Consent, ConsentId};
use shared::domain::sign_in::{SignIn, SignInId, Step};

/// Where the client's users are sent back to.
pub const REDIRECT_URI: &str = crate::support::sign_in::CALLBACK;
/// The verifier of every code (RFC 7636, appendix B).
pub const VERIFIER: &str = "dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk";
/// Another one.
pub const WRONG_VERIFIER: &str = "0BjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk";
/// The person of [`ACCOUNT`] who consents.
pub const ANN: &str = "ann@acme.example";

/// What a client asked a person for.
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
    /// A furnished latchkey in which Ann lives.
    pub async fn with_members() -> Self {
        let latchkey = Self::with_fixtures().await;
        latchkey.ann().await;
        latchkey
    }

    /// Lets Ann join.
    pub async fn ann(&self) {
        let body = json!({ "email": ANN, "name": "Ann" });
        let path = format!("/v1/accounts/{ACCOUNT}/members");
        self.admin_request("POST", &path).await.json(&body).send().await.expect(201);
    }

    /// A client of the code flow with refresh tokens and both scopes, and these members.
    pub async fn app_like(&self, members: &Value) -> TestClient {
        let mut body = json!({
            "client_name": "Shop app", "grant_types": ["authorization_code", "refresh_token"],
            "redirect_uris": [REDIRECT_URI],
            "permissions": [{ "resource": "backoffice_api", "scopes": ["orders:read", "orders:write"] }],
        });
        body.as_object_mut().unwrap().extend(members.as_object().unwrap().clone());
        let path = format!("/v1/accounts/{ACCOUNT}/clients");
        let made = self.admin_request("POST", &path).await.json(&body).send().await.expect(201).json();
        let text = |name: &str| made[name].as_str().unwrap_or_default().to_owned();
        TestClient {
            account_id: ACCOUNT.to_owned(),
            client_id: text("client_id"),
            client_secret: text("client_secret"),
            secret_id: text("secret_id"),
        }
    }

    /// One with a secret.
    pub async fn app(&self) -> TestClient {
        self.app_like(&json!({})).await
    }

    /// One without (RFC 6749 §2.1).
    pub async fn public_app(&self) -> TestClient {
        self.app_like(&json!({ "token_endpoint_auth_method": "none" })).await
    }

    /// A code by which Ann lets the client use both scopes.
    pub async fn code(&self, client: &TestClient) -> String {
        self.code_like(client, &CodeRequest::default()).await
    }

    /// A code by which Ann lets the client use these scopes.
    pub async fn code_for(&self, client: &TestClient, scopes: &str) -> String {
        self.code_like(client, &CodeRequest { scopes, ..CodeRequest::default() }).await
    }

    /// A code by which Ann lets the client do what it asked for.
    pub async fn code_like(&self, client: &TestClient, requested: &CodeRequest<'_>) -> String {
        let (store, now) = (&self.server.management.app.store, self.now());
        let client_id = ClientId::parse(&client.client_id).unwrap();
        let account_id = AccountId::parse(&client.account_id).unwrap();
        let email = EmailAddress::parse(ANN).unwrap();
        let person =
            subject_of_member(&store.load_member(&account_id, &email).await.unwrap().expect("a member"));
        let known = store.load_consent(&client_id, &person.sub).await.unwrap();
        let first_consent = known.is_none();
        let consent = known.unwrap_or_else(|| {
            let id = ConsentId::from_random_bytes(random());
            Consent::new(id, client_id.clone(), account_id.clone(), person.clone(), now)
        });
        let resource = ResourceId::parse(requested.resource).unwrap();
        let scopes = ScopeSet::parse(requested.scopes).unwrap();
        let consent = consent.with(&resource, &scopes, now);
        let given = Some(UserConsent { person, consent_id: consent.consent_id.clone() });
        let issued = IssuedCode {
            authorization: AuthorizationGrant { client_id, account_id, resource, scopes, consent: given },
            redirect_uri: requested.redirect_uri.map(str::to_owned),
            code_challenge: s256_challenge(&CodeVerifier::parse(VERIFIER).unwrap()),
            expires_at: now.checked_add(LIFETIME).unwrap(),
            redeemed_family_id: None,
        };
        let request = AuthorizationRequest {
            client_id: issued.authorization.client_id.clone(),
            account_id: issued.authorization.account_id.clone(),
            redirect: ResolvedRedirectUri::try_from(
                requested.redirect_uri.unwrap_or(REDIRECT_URI).to_owned(),
            )
            .unwrap(),
            redirect_named: requested.redirect_uri.is_some(),
            state: None,
            resource: issued.authorization.resource.clone(),
            scopes: issued.authorization.scopes.clone(),
            code_challenge: issued.code_challenge.clone(),
        };
        let sign_in = SignIn::begin("a browser".to_owned(), request, Step::AwaitIdentity, now);
        let sign_in_digest = hash_sign_in_id(&SignInId::from_random_bytes(random()));
        store.begin_sign_in(&sign_in_digest, &sign_in).await.unwrap();
        let over = sign_in.at(Step::Completed);
        let end = SignInStep { digest: &sign_in_digest, sign_in: &over, read_version: sign_in.version };
        let code = AuthorizationCode::from_random_bytes(random());
        let new = NewCode { digest: &hash_code(&code), code: &issued, consent: &consent, first_consent, now };
        assert!(matches!(store.issue_code_once(&end, &new, None).await.unwrap(), WriteOutcome::Committed));
        code.expose().to_owned()
    }

    /// Withdraws what Ann has consented to.
    pub async fn withdraw(&self, client: &TestClient) {
        let path = format!("{}/consents", client.path());
        let listed = self.admin_request("GET", &path).await.send().await.expect(200).json();
        let sub = listed["items"][0]["sub"].as_str().unwrap().to_owned();
        self.admin_request("DELETE", &format!("{path}/{sub}")).await.send().await.expect(204);
    }

    /// A request to the token endpoint, with the client's secret if it has one.
    pub fn token_ask(&self, client: &TestClient, form: &str) -> TestRequest {
        said_by(self.request("POST", "/oauth/token"), client, form)
    }

    /// Redeems a code as it should be.
    pub async fn redeem(&self, client: &TestClient, code: &str) -> TestResponse {
        self.token_ask(client, &code_form(code, VERIFIER)).send().await
    }

    /// Refreshes, with further form parameters such as `&scope=a`.
    pub async fn refresh(&self, client: &TestClient, token: &str, more: &str) -> TestResponse {
        self.token_ask(client, &format!("{}{more}", refresh_form(token))).send().await
    }

    /// What Ann's consent has come to: the tokens that the client holds.
    pub async fn signed_in(&self, client: &TestClient) -> Tokens {
        let code = self.code(client).await;
        Tokens::of(&self.redeem(client, &code).await.expect(200))
    }
}

/// The form of a redemption.
pub fn code_form(code: &str, verifier: &str) -> String {
    format!(
        "grant_type=authorization_code&code={code}&code_verifier={verifier}\
         &redirect_uri=https%3A%2F%2Fapp.example.com%2Fcallback"
    )
}

/// The form of a refresh.
pub fn refresh_form(token: &str) -> String {
    format!("grant_type=refresh_token&refresh_token={token}")
}

/// A form from this client, which has a secret or has not.
pub fn said_by(ask: TestRequest, client: &TestClient, form: &str) -> TestRequest {
    if client.client_secret.is_empty() {
        ask.form(&format!("{form}&client_id={}", client.client_id))
    } else {
        ask.basic(&client.client_id, &client.client_secret).form(form)
    }
}

/// The tokens of one answer.
#[derive(Clone, Debug)]
pub struct Tokens {
    pub access: String,
    pub refresh: String,
}

impl Tokens {
    #[track_caller]
    pub fn of(answer: &TestResponse) -> Self {
        Self { access: answer.string("access_token"), refresh: answer.string("refresh_token") }
    }
}

/// The claims of an access token.
pub fn claims(token: &str) -> Value {
    let part = token.split('.').nth(1).unwrap();
    serde_json::from_slice(&URL_SAFE_NO_PAD.decode(part).unwrap()).unwrap()
}

/// Fails the test unless the answer is this OAuth error.
#[track_caller]
pub fn assert_error(answer: &TestResponse, error: &str, case: &str) {
    let reported = (answer.status.as_u16(), answer.json()["error"].as_str().unwrap_or_default().to_owned());
    assert_eq!(reported, (400, error.to_owned()), "{case}");
}
