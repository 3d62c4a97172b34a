//! The AWS calls of a revocation: the read of the caller, and if there is something to revoke, two writes: that, and its
//! audit entry.

use crate::support::app::TestApp;
use crate::support::aws;
use crate::support::fault_injection::aws_proxy::AwsProxy;

#[tokio::test]
async fn revocation_is_one_read_and_at_most_two_writes() {
    let proxy = AwsProxy::start(aws::endpoint()).await;
    let latchkey = TestApp::with_endpoint(&proxy.endpoint, |_| {}).await;
    latchkey.fixtures().seed().await;
    let (client, another) = (latchkey.fixtures().client().await, latchkey.fixtures().client().await);
    let (own, anothers) = (latchkey.access_token(&client).await, latchkey.access_token(&another).await);
    let (writing, reading) = (vec!["Query", "PutItem", "PutItem"], vec!["Query"]);
    let long = "x".repeat(60_000);
    let cases = [
        ("its own", own.as_str(), &writing),
        ("its own again", &own, &writing),
        ("another's", &anothers, &reading),
        ("long garbage", &long, &reading),
    ];
    for (name, token, expected) in cases {
        proxy.take_calls();
        latchkey.revoke(&client, token).await;
        let calls: Vec<_> = proxy.take_calls().into_iter().map(|call| call.operation).collect();
        assert_eq!(calls, *expected, "{name}");
    }
}
