//! Who gets e-mails of an account, as it is stored since version 0.1.0: the attribute `mail` of members, and the items of the
//! account's e-mails.

use super::added::upgraded_with;
use super::get;
use serde_json::{Value, json};
use shared::adapters::crypto::digest::sha256_hex;

const ACCOUNT: &str = "/v1/accounts/T12345678";
const ANN: &str = "ann@acme.example";

#[tokio::test]
async fn members_without_the_attribute_get_reminders() {
    let upgraded = upgraded_with("directory", &json!([])).await;
    let key = ("ACCOUNT#T12345678", format!("MEMBER#{ANN}"));
    let path = format!("{ACCOUNT}/members/{ANN}");
    assert!(!upgraded.item("directory", key.0, &key.1).await.contains_key("mail"));
    assert_eq!(get(&upgraded, &path).await["mail"], true);
    // Written only where it differs: the version before keeps it, as any attribute that it does not know.
    for (mail, stored) in [(false, Some(false)), (true, None)] {
        let request = upgraded.app.admin_request("PATCH", &path).await.json(&json!({ "mail": mail }));
        assert_eq!(request.send().await.expect(200).json()["mail"], mail);
        let item = upgraded.item("directory", key.0, &key.1).await;
        assert_eq!(item.get("mail").map(|value| *value.as_bool().unwrap()), stored);
    }
    upgraded.assert_attributes_kept().await;
}

#[tokio::test]
async fn members_who_get_no_reminders_are_read() {
    let member = json!([{
        "pk": { "S": "ACCOUNT#T12345678" }, "sk": { "S": "MEMBER#eve@acme.example" },
        "account_id": { "S": "T12345678" }, "email": { "S": "eve@acme.example" }, "name": { "S": "Eve" },
        "permissions": { "L": [] }, "mail": { "BOOL": false }, "version": { "N": "3" },
        "created_at": { "S": "2026-12-02T12:00:00Z" }, "updated_at": { "S": "2026-12-03T12:00:00Z" },
    }]);
    let upgraded = upgraded_with("directory", &member).await;
    assert_eq!(get(&upgraded, &format!("{ACCOUNT}/members/eve@acme.example")).await["mail"], false);
}

#[tokio::test]
async fn invitations_and_sign_ins_of_members_are_read() {
    let item = |sub: &str, email: &str, more: Value| {
        let mut item = json!({
            "pk": { "S": "ACCOUNT#T12345678" }, "sk": { "S": format!("MEMBER#{email}") },
            "account_id": { "S": "T12345678" }, "email": { "S": email }, "name": { "S": "Eve" },
            "sub": { "S": format!("member_{}", sub.repeat(64)) }, "permissions": { "L": [] }, "version": { "N": "3" },
            "created_at": { "S": "2026-12-02T12:00:00Z" }, "updated_at": { "S": "2026-12-03T12:00:00Z" },
        });
        item.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
        item
    };
    let pending = json!({ "M": { "email": { "S": "eva@acme.example" }, "change_id": { "S": "0a" }, "expires_at": { "S": "2999-01-01T00:00:00Z" } } });
    let members = json!([
        item("5", "eve@acme.example", json!({ "invited_until": { "S": "2026-12-18T12:00:00Z" } })),
        item(
            "6",
            "fay@acme.example",
            json!({ "last_signed_in_at": { "S": "2026-12-05T08:00:00Z" }, "pending_email": pending })
        ),
    ]);
    let upgraded = upgraded_with("directory", &members).await;
    let eve = get(&upgraded, &format!("{ACCOUNT}/members/eve@acme.example")).await;
    assert_eq!(
        (&eve["invited_until"], &eve["last_signed_in_at"]),
        (&json!("2026-12-18T12:00:00Z"), &Value::Null)
    );
    let fay = get(&upgraded, &format!("{ACCOUNT}/members/fay@acme.example")).await;
    assert_eq!(
        (&fay["invited_until"], &fay["last_signed_in_at"]),
        (&Value::Null, &json!("2026-12-05T08:00:00Z"))
    );
    let pending = json!({ "email": "eva@acme.example", "expires_at": "2999-01-01T00:00:00Z" });
    assert_eq!(fay["pending_email"], pending);
    // Those of the version before are neither invited nor known to have signed in.
    let ann = get(&upgraded, &format!("{ACCOUNT}/members/{ANN}")).await;
    for name in ["invited_until", "last_signed_in_at", "pending_email"] {
        assert_eq!(ann[name], Value::Null, "{name}");
    }
}

/// An item of the account's e-mails, with an attribute that no version has.
fn mail(sort_key: &str, more: &Value) -> Value {
    let mut item = json!({
        "pk": { "S": "MAIL#T12345678" }, "sk": { "S": sort_key }, "added_later": { "S": "x" },
    });
    item.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
    item
}

#[tokio::test]
async fn stopped_suppressed_and_waiting_mails_are_read() {
    let since = "2026-12-09T09:00:00Z";
    let digest = |email: &str| sha256_hex(&[email.as_bytes()]);
    let suppressed = |email: &str, reason: &str| {
        let more =
            json!({ "since": { "S": since }, "reason": { "S": reason }, "purge_at": { "N": "1812186000" } });
        mail(&format!("SUPPRESSED#{}", digest(email)), &more)
    };
    let stopped = json!({ "since": { "S": since }, "reason": { "S": "stopped" } });
    let items = json!([
        mail(&format!("STOPPED#{}", digest("stopped@x.example")), &stopped),
        suppressed("bounced@x.example", "bounced"),
        suppressed("complained@x.example", "complained"),
        suppressed("later@x.example", "a_reason_of_a_later_version"),
        mail(
            "DEFERRED",
            &json!({
                "at": { "S": "2026-12-09T12:00:00Z" }, "clients": { "SS": ["order-sync"] }, "purge_at": { "N": "1797429600" },
            })
        ),
        mail("OF_A_LATER_VERSION", &json!({})),
    ]);
    let upgraded = upgraded_with("grants", &items).await;
    let path = format!("{ACCOUNT}/clients/order-sync");
    let contacts =
        ["stopped", "bounced", "complained", "later", "other"].map(|name| format!("{name}@x.example"));
    let request = upgraded.app.admin_request("PATCH", &path).await.json(&json!({ "contacts": contacts }));
    request.send().await.expect(200);
    let client = get(&upgraded, &path).await;
    let shown = |(name, reason): (&str, &str)| json!({ "email": format!("{name}@x.example"), "reason": reason, "since": since });
    let expected =
        [("stopped", "stopped"), ("bounced", "bounced"), ("complained", "complained"), ("later", "bounced")];
    assert_eq!(client["suppressed_contacts"], json!(expected.map(shown)));
    let attention = client["attention"].as_array().unwrap();
    assert!(attention.contains(&json!("mail_deferred")), "{attention:?}");
}
