//! What a revocation costs: the read of the caller, and one write if there is something to revoke.

use crate::support::aws_proxy::AwsProxy;
use crate::support::emulator;
use crate::support::house::TestHouse;

#[tokio::test]
async fn a_revocation_is_one_read_and_one_write_and_nothing_to_revoke_is_the_read_alone() {
    let proxy = AwsProxy::start(emulator::endpoint()).await;
    let house = TestHouse::at(&proxy.endpoint, |_| {}).await;
    house.furnish().await;
    let (client, another) = (house.client().await, house.client().await);
    let (own, anothers) = (house.access_token(&client).await, house.access_token(&another).await);
    let (writing, reading) = (vec!["Query", "PutItem"], vec!["Query"]);
    let long = "x".repeat(60_000);
    let cases = [
        ("its own", own.as_str(), &writing),
        ("its own again", &own, &writing),
        ("another's", &anothers, &reading),
        ("long garbage", &long, &reading),
    ];
    for (name, token, expected) in cases {
        proxy.take_calls();
        house.revoke(&client, token).await;
        let calls: Vec<_> = proxy.take_calls().into_iter().map(|call| call.operation).collect();
        assert_eq!(calls, *expected, "{name}");
    }
}
