//! Sign-in at oidc-provider, an OpenID Connect provider written by others, through its own pages.

pub mod oidc_provider_process;

use crate::support::sign_in::relying_party::RelyingParty;
use jiff::Timestamp;
use oidc_provider_process::{CLIENT_ID, EMAIL, LOGIN, OidcProviderProcess};
use reqwest::header::{COOKIE, LOCATION, SET_COOKIE};
use reqwest::{Client, RequestBuilder, Response, Url, redirect};
use shared::adapters::oidc::{AuthorizationResponse, CallbackError, ExternalIdentity, OidcClient, Prompt};
use shared::adapters::remote::Network;
use shared::domain::sign_in::idp_error::IdpError;
use std::collections::{BTreeMap, HashMap};

const CLIENT_SECRET: &str = "pr0vider's+s3cret";
const REDIRECT_URI: &str = "https://id.latchkey.example/oauth/callback";

/// A minimal browser: stores cookies, follows redirects, and submits forms.
struct Browser {
    http: Client,
    cookies: BTreeMap<String, String>,
}

impl Browser {
    fn new() -> Self {
        let http = Client::builder().no_proxy().redirect(redirect::Policy::none()).build().unwrap();
        Self { http, cookies: BTreeMap::new() }
    }

    async fn send(&mut self, request: RequestBuilder) -> Response {
        let cookies: Vec<_> = self.cookies.iter().map(|(name, value)| format!("{name}={value}")).collect();
        let response = request.header(COOKIE, cookies.join("; ")).send().await.unwrap();
        for cookie in response.headers().get_all(SET_COOKIE) {
            let pair = cookie.to_str().unwrap().split(';').next().unwrap();
            let (name, value) = pair.split_once('=').unwrap();
            // An empty cookie is a deleted one.
            self.cookies.remove(name);
            if !value.is_empty() {
                self.cookies.insert(name.to_owned(), value.to_owned());
            }
        }
        response
    }

    /// Follows redirects and accepts or cancels every page until the redirect back to Latchkey.
    async fn sign_in(&mut self, authorization: &str, accepts: bool) -> Url {
        let mut response = self.send(self.http.get(authorization)).await;
        // Two pages, each with a redirect before and after it.
        for _ in 0..12 {
            let here = response.url().clone();
            if let Some(location) = response.headers().get(LOCATION) {
                let next = here.join(location.to_str().unwrap()).unwrap();
                if next.as_str().starts_with(REDIRECT_URI) {
                    return next;
                }
                response = self.send(self.http.get(next)).await;
                continue;
            }
            let page = response.text().await.unwrap();
            let next = if accepts { between(&page, "action=\"", "\"") } else { cancel_link(&page) };
            let next = here.join(next).unwrap();
            let request = if accepts {
                let prompt = between(&page, "name=\"prompt\" value=\"", "\"");
                self.http.post(next).form(&[("prompt", prompt), ("login", LOGIN), ("password", "any")])
            } else {
                self.http.get(next)
            };
            response = self.send(request).await;
        }
        panic!("no redirect back");
    }
}

fn between<'a>(page: &'a str, before: &str, after: &str) -> &'a str {
    let (_, rest) = page.split_once(before).unwrap_or_else(|| panic!("no {before} in {page}"));
    rest.split_once(after).unwrap().0
}

/// The link that ends in `/abort`.
fn cancel_link(page: &str) -> &str {
    let mut links = page.split("href=\"").skip(1).map(|rest| rest.split_once('"').unwrap().0);
    links.find(|link| link.ends_with("/abort")).unwrap_or_else(|| panic!("no abort link in {page}"))
}

/// Latchkey as a client of the provider.
async fn upstream(provider: &OidcProviderProcess) -> OidcClient {
    RelyingParty::new(Network::System, &provider.issuer, CLIENT_ID, CLIENT_SECRET).await.start()
}

#[tokio::test]
async fn oidc_provider_sign_in_succeeds_or_is_cancelled() {
    let Some(provider) = OidcProviderProcess::start(CLIENT_SECRET, REDIRECT_URI).await else { return };
    let upstream = upstream(&provider).await;
    let now = Timestamp::now();
    for agrees in [true, false] {
        let departure = upstream.authorization_url("st4te", REDIRECT_URI, Prompt::None, now).await.unwrap();
        let back = Browser::new().sign_in(&departure.url, agrees).await;
        let parameters: HashMap<_, _> = back.query_pairs().into_owned().collect();
        let parameter = |name: &str| parameters.get(name).map(String::as_str);
        assert_eq!(parameter("state"), Some("st4te"));
        assert_eq!(parameter("iss"), Some(provider.issuer.as_str()));
        let read =
            || AuthorizationResponse::read(parameter("code"), parameter("error"), parameter("iss")).unwrap();
        let arrive = async || upstream.exchange(read(), &departure.pending, REDIRECT_URI, now).await;
        if agrees {
            let identity = arrive().await.unwrap();
            assert_eq!(
                (identity.issuer.as_str(), identity.subject.as_str()),
                (provider.issuer.as_str(), LOGIN)
            );
            assert_eq!((identity.email.as_str(), identity.name.unwrap().as_str()), (EMAIL, "Ann"));
            assert!(is_rejected(&arrive().await, IdpError::CodeRejected), "a code works once");
        } else {
            assert!(is_rejected(&arrive().await, IdpError::AccessDenied));
        }
    }
}

#[tokio::test]
async fn oidc_provider_rejects_another_code_verifier() {
    let Some(provider) = OidcProviderProcess::start(CLIENT_SECRET, REDIRECT_URI).await else { return };
    let upstream = upstream(&provider).await;
    let now = Timestamp::now();
    let departure = upstream.authorization_url("s", REDIRECT_URI, Prompt::None, now).await.unwrap();
    let another = upstream.authorization_url("s", REDIRECT_URI, Prompt::None, now).await.unwrap();
    let back = Browser::new().sign_in(&departure.url, true).await;
    let code = back.query_pairs().find(|(name, _)| name == "code").unwrap().1.into_owned();
    let response = AuthorizationResponse::read(Some(&code), None, Some(&provider.issuer)).unwrap();
    let result = upstream.exchange(response, &another.pending, REDIRECT_URI, now).await;
    assert!(is_rejected(&result, IdpError::CodeRejected));
}

fn is_rejected(result: &Result<ExternalIdentity, CallbackError>, expected: IdpError) -> bool {
    matches!(result, Err(CallbackError::Idp(rejected)) if *rejected == expected)
}
