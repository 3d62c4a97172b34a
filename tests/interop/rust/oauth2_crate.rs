//! The `oauth2` crate, as its manual describes, over a `reqwest` client.

use crate::interop::program::{Fetch, ProgramOutput};
use oauth2::basic::BasicClient;
use oauth2::{AuthType, ClientId, ClientSecret, HttpRequest, HttpResponse, Scope, TokenUrl};
use serde_json::Value;

pub async fn fetch(fetch: Fetch<'_>) -> ProgramOutput {
    // No redirects, as the manual demands; no proxy, because this is loopback.
    let redirects = reqwest::redirect::Policy::none();
    let http = reqwest::Client::builder().redirect(redirects).no_proxy().build().unwrap();
    let url = format!("{}/.well-known/oauth-authorization-server", fetch.issuer);
    let metadata: Value = http.get(url).send().await.unwrap().json().await.unwrap();
    assert_eq!(metadata["issuer"], fetch.issuer);

    let auth_type = match fetch.auth_method {
        "client_secret_basic" => AuthType::BasicAuth,
        _ => AuthType::RequestBody,
    };
    let client = BasicClient::new(ClientId::new(fetch.client.client_id.clone()))
        .set_client_secret(ClientSecret::new(fetch.client.client_secret.clone()))
        .set_auth_type(auth_type)
        .set_token_uri(TokenUrl::new(metadata["token_endpoint"].as_str().unwrap().to_owned()).unwrap());
    let request = client
        .exchange_client_credentials()
        .add_scopes(fetch.scope.map(|scope| Scope::new(scope.to_owned())))
        .add_extra_param("resource", fetch.resource);
    let token = request.request_async(&|request| send(&http, request)).await;
    token.map(|token| serde_json::to_value(token).unwrap()).map_err(|error| format!("{error:?}"))
}

async fn send(http: &reqwest::Client, request: HttpRequest) -> Result<HttpResponse, reqwest::Error> {
    let received = http.execute(request.try_into()?).await?;
    let mut response = HttpResponse::default();
    *response.status_mut() = received.status();
    *response.headers_mut() = received.headers().clone();
    *response.body_mut() = received.bytes().await?.to_vec();
    Ok(response)
}
