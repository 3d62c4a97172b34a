//! Secrets that are paused and have a label, and websites of clients, as they are stored since version 0.1.0.

use super::fixture::Upgraded;
use aws_sdk_dynamodb::types::AttributeValue;
use serde_json::json;

const CLIENT: &str = "/v1/accounts/T12345678/clients/order-sync";
const SECRET: &str = "33cc74205621a868d951f29a88aa61e1";

fn text(text: &str) -> AttributeValue {
    AttributeValue::S(text.to_owned())
}

/// The client `order-sync` with its secret paused, written attribute by attribute.
async fn with_paused_secret() -> Upgraded {
    let upgraded = Upgraded::from_v0_1_0().await;
    let mut secret = upgraded.item("directory", "CLIENT#order-sync", &format!("SECRET#{SECRET}")).await;
    let random = AttributeValue::B(vec![7; 32].into());
    let digest = secret.insert("digest".to_owned(), random).expect("a digest");
    secret.insert("paused_digest".to_owned(), digest);
    secret.insert("status".to_owned(), text("paused"));
    upgraded.put("directory", secret).await;
    let mut client = upgraded.item("directory", "CLIENT#order-sync", "CLIENT").await;
    let Some(AttributeValue::L(summaries)) = client.get_mut("secrets") else { panic!("no summaries") };
    let Some(AttributeValue::M(summary)) = summaries.first_mut() else { panic!("no summary") };
    summary.insert("status".to_owned(), text("paused"));
    summary.insert("label".to_owned(), text("Build server"));
    client.insert("client_uri".to_owned(), text("https://shop.example.com/"));
    upgraded.put("directory", client).await;
    upgraded
}

#[tokio::test]
async fn paused_secret_with_a_label_is_read_and_resumed() {
    let upgraded = with_paused_secret().await;
    let app = &upgraded.app;
    let client = app.get(CLIENT).await.expect(200).json();
    assert_eq!(client["client_uri"], "https://shop.example.com/");
    assert_eq!(
        client["attention"].as_array().map(|reasons| reasons.contains(&json!("no_credentials"))),
        Some(true)
    );
    let secret = format!("{CLIENT}/secrets/{SECRET}");
    let read = app.get(&secret).await.expect(200).json();
    assert_eq!((&read["status"], &read["label"]), (&json!("paused"), &json!("Build server")));
    let (id, value) = upgraded.credentials("secret");
    let token = async || {
        let request = app.request("POST", "/oauth/token").basic(id, value).from("192.0.2.7");
        request.form("grant_type=client_credentials").send().await
    };
    token().await.expect(401);
    app.post(&format!("{secret}/resume"), &json!({})).await.expect(200);
    token().await.expect(200);
}
