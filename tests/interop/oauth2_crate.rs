//! The `oauth2` crate, as its manual says, over an HTTP client of ours.

use super::program::{Fetch, Said};
use oauth2::basic::BasicClient;
use oauth2::{AuthType, ClientId, ClientSecret, HttpRequest, HttpResponse, Scope, TokenUrl};
use serde_json::Value;

pub async fn fetch(fetch: Fetch<'_>) -> Said {
    // No redirects, says the manual; no proxy, because this is loopback.
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
    let answer = request.request_async(&|request| send(&http, request)).await;
    answer.map(|token| serde_json::to_value(token).unwrap()).map_err(|error| format!("{error:?}"))
}

async fn send(http: &reqwest::Client, request: HttpRequest) -> Result<HttpResponse, reqwest::Error> {
    let answer = http.execute(request.try_into()?).await?;
    let mut response = HttpResponse::default();
    *response.status_mut() = answer.status();
    *response.headers_mut() = answer.headers().clone();
    *response.body_mut() = answer.bytes().await?.to_vec();
    Ok(response)
}
