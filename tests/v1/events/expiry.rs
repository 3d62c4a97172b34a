//! Events of expiring secrets.

use crate::support::event_bus::{BUS, delivered, received, with_event_bus};
use crate::support::fault_injection::aws_proxy::InjectedFault;
use crate::support::fixtures::ACCOUNT;
use insta::assert_json_snapshot;
use serde_json::{Value, json};
use shared::domain::audit::event::DomainEvent;
use shared::domain::primitives::display_text::Name;
use shared::domain::primitives::ids::{AccountId, ClientId, SecretId};
use shared::domain::reminder::{ExpiringCredential, Notice, NoticeKind};

fn notice(number: u8, kind: NoticeKind) -> Notice {
    Notice {
        kind,
        client_id: ClientId::parse(&format!("c{number}")).unwrap(),
        client_name: Name::parse("Order sync").unwrap(),
        ending: ExpiringCredential::Secret {
            secret_id: SecretId::from_random_bytes([number; 16]),
            hint: "x7Qd".to_owned(),
        },
        created_at: None,
        expires_at: "2026-12-31T23:59:00Z".parse().unwrap(),
        last_used_on: (number > 0).then(|| jiff::civil::date(2026, 12, 1)),
        newer: None,
    }
}

#[tokio::test]
async fn secret_expiry_is_published_in_batches_counting_failures() {
    let (latchkey, proxy) = with_event_bus(Some(BUS)).await;
    let kinds = [NoticeKind::Expiring(14), NoticeKind::Expired];
    let notices: Vec<Notice> = (0..23).map(|number| notice(number, kinds[usize::from(number % 2)])).collect();
    let (account, now) = (AccountId::parse(ACCOUNT).unwrap(), "2026-12-17T06:00:00Z".parse().unwrap());
    let events: Vec<DomainEvent> =
        notices.iter().map(|notice| DomainEvent::notice(notice, &account, now)).collect();
    let bus = &latchkey.server.management.events;
    proxy.take_calls();
    assert_eq!(bus.send(&events).await, 0);
    let requests = received(&proxy);
    assert_eq!(requests.iter().map(Vec::len).collect::<Vec<_>>(), [10, 10, 3]);
    let published: Vec<Value> = requests.iter().flatten().map(delivered).collect();
    assert_json_snapshot!(published[0], @r#"
    {
      "detail": {
        "account_id": "T12345678",
        "at": "2026-12-17T06:00:00Z",
        "client_name": "Order sync",
        "days": 14,
        "expires_at": "2026-12-31T23:59:00Z",
        "hint": "x7Qd",
        "target": {
          "client_id": "c0",
          "secret_id": "00000000000000000000000000000000"
        }
      },
      "detail-type": "secret.expiring",
      "source": "latchkey"
    }
    "#);
    assert_json_snapshot!(published[1], @r#"
    {
      "detail": {
        "account_id": "T12345678",
        "at": "2026-12-17T06:00:00Z",
        "client_name": "Order sync",
        "expires_at": "2026-12-31T23:59:00Z",
        "hint": "x7Qd",
        "last_used_on": "2026-12-01",
        "target": {
          "client_id": "c1",
          "secret_id": "01010101010101010101010101010101"
        }
      },
      "detail-type": "secret.expired",
      "source": "latchkey"
    }
    "#);

    let results =
        json!([{ "EventId": "1" }, { "ErrorCode": "ThrottlingException", "ErrorMessage": "later" }]);
    let partly = json!({ "FailedEntryCount": 1, "Entries": results });
    proxy.inject(InjectedFault::json("PutEvents", 200, &partly));
    assert_eq!(bus.send(&events[..2]).await, 1);
    proxy.clear();
    proxy.inject(InjectedFault::json("PutEvents", 500, &json!({})));
    proxy.take_calls();
    assert_eq!(bus.send(&events).await, 23);
    assert_eq!(received(&proxy).len(), 1, "a failing bus is called once");
}
