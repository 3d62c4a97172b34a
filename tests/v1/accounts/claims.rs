//! Static claims of an account, as operators set them.

use crate::support::app::TestApp;
use crate::v1::ACCOUNTS;
use serde_json::json;

const PATH: &str = "/v1/accounts/T12345678";

#[tokio::test]
async fn claims_are_merged() {
    let latchkey = TestApp::with_fixtures().await;
    assert_eq!(latchkey.get(PATH).await.json()["claims"], json!({}));
    for (patch, expected) in [
        (json!({ "merchant_id": "4711", "tier": 3 }), json!({ "merchant_id": "4711", "tier": 3 })),
        (json!({ "tier": null, "is_test": true }), json!({ "merchant_id": "4711", "is_test": true })),
        (json!({}), json!({ "merchant_id": "4711", "is_test": true })),
        (json!(null), json!({})),
        (json!({ "rate": 0.5 }), json!({ "rate": 0.5 })),
    ] {
        let changed = latchkey.patch(PATH, &json!({ "claims": patch })).await.expect(200).json();
        assert_eq!(changed["claims"], expected);
        assert_eq!(latchkey.get(PATH).await.json()["claims"], expected);
    }
    let body = json!({ "account_name": "Acme", "claims": { "merchant_id": "1" } });
    assert_eq!(latchkey.post(ACCOUNTS, &body).await.expect(201).json()["claims"], body["claims"]);
}

#[tokio::test]
async fn claims_are_validated() {
    let latchkey = TestApp::with_fixtures().await;
    for (claims, pointer) in [
        (json!({ "sub": "x" }), "#/claims/sub"),
        (json!({ "account_id": "x" }), "#/claims/account_id"),
        (json!({ "active": false }), "#/claims/active"),
        (json!({ "Tier": 1 }), "#/claims/Tier"),
        (json!({ "https://a.example/tier": 1 }), "#/claims/https:~1~1a.example~1tier"),
        (json!({ "tier": [1] }), "#/claims/tier"),
        (json!({ "tier": "a\nb" }), "#/claims/tier"),
        (json!({ "tier": "x".repeat(1024) }), "#/claims"),
        (json!([]), "#/claims"),
    ] {
        for response in [
            latchkey.patch(PATH, &json!({ "claims": claims })).await,
            latchkey.post(ACCOUNTS, &json!({ "account_name": "Acme", "claims": claims })).await,
        ] {
            assert_eq!(response.expect(422).pointers(), [pointer], "{claims}");
        }
    }
    let ten: serde_json::Map<_, _> = (0..10).map(|n| (format!("a{n}"), json!(n))).collect();
    latchkey.patch(PATH, &json!({ "claims": ten })).await.expect(200);
    let one_more = latchkey.patch(PATH, &json!({ "claims": { "b": 1 } })).await.expect(422);
    assert_eq!(one_more.pointers(), ["#/claims"]);
    latchkey.patch(PATH, &json!({ "claims": { "b": 1, "a0": null } })).await.expect(200);
}
