// cargo add reqwest --features form,json
// cargo add serde_json
// cargo add tokio --features macros,rt-multi-thread,time
use std::error::Error;
use std::time::{Duration, Instant};

const TOKEN_URL: &str = "http://auth.example.com/oauth/token";
const FORM: &[(&str, &str)] = &[
    ("grant_type", "client_credentials"),
    ("client_id", "T12345678-program"),
    ("resource", "https://api.example.com"),
    ("scope", "orders:read"),
];

/// Keeps an access token until a minute before it ends.
#[derive(Default)]
struct Tokens {
    kept: Option<(String, Instant)>,
}

impl Tokens {
    async fn access_token(&mut self) -> Result<String, Box<dyn Error>> {
        if let Some((token, until)) = &self.kept
            && Instant::now() < *until
        {
            return Ok(token.clone());
        }
        let answer = request().await?;
        let token = answer["access_token"].as_str().ok_or("no access token")?.to_owned();
        let seconds = answer["expires_in"].as_u64().unwrap_or_default().saturating_sub(60);
        self.kept = Some((token.clone(), Instant::now() + Duration::from_secs(seconds)));
        Ok(token)
    }
}

async fn request() -> Result<serde_json::Value, Box<dyn Error>> {
    let secret = std::env::var("CLIENT_SECRET")?;
    let form = [FORM, &[("client_secret", secret.as_str())]].concat();
    let client = reqwest::Client::builder().timeout(Duration::from_secs(10)).build()?;
    for attempt in 1.. {
        let response = client.post(TOKEN_URL).form(&form).send().await?;
        let retry_after = response.headers().get("retry-after").and_then(|value| value.to_str().ok());
        let seconds = retry_after.and_then(|value| value.parse().ok()).unwrap_or(1);
        match response.status().as_u16() {
            200 => return Ok(response.json().await?),
            503 if attempt < 3 => tokio::time::sleep(Duration::from_secs(seconds)).await,
            _ => return Err(response.text().await?.into()),
        }
    }
    unreachable!("the third attempt returns")
}

#[tokio::main]
async fn main() -> Result<(), Box<dyn Error>> {
    println!("{}", Tokens::default().access_token().await?);
    Ok(())
}
