use super::*;
use serde_json::json;
use shared::domain::primitives::display_text::Name;
use shared::domain::primitives::email::EmailAddress;
use shared::domain::primitives::language::Language;
use std::collections::BTreeMap;
use strum::VariantArray;

/// Every argument of a sentence is filled in, in every language.
#[test]
fn every_action_has_a_sentence_of_its_own_in_every_language() {
    let account_id = AccountId::parse("T1").expect("an id");
    let id = ClientId::parse("c1").expect("an id");
    let clients = BTreeMap::from([(id, Name::parse("Order sync").expect("a name"))]);
    let names = TrailNames { clients, ..TrailNames::default() };
    for language in Language::VARIANTS {
        let narrator = Narrator { texts: Texts::of(*language), account_id: &account_id, names: &names };
        let mut seen = std::collections::BTreeSet::new();
        for action in Action::ALL {
            let entry: AuditEntry = serde_json::from_value(json!({
                "audit_id": "1", "account_id": "T1", "at": "2026-01-01T00:00:00Z", "action": action.as_str(),
                "actor": { "account_id": "T1", "email": "ann@acme.example" },
                "target": { "client_id": "c1", "secret_id": "s1", "hint": "ab12", "email": "ben@acme.example" },
            }))
            .expect("an entry");
            let sentence = narrator.sentence(&entry);
            assert!(!sentence.contains(['{', '$']) && !sentence.contains("audit-"), "{sentence}");
            assert!(seen.insert(sentence), "{action:?} has the sentence of another action");
        }
    }
}

#[test]
fn a_sentence_names_person_secret_and_client() {
    let account_id = AccountId::parse("T1").expect("an id");
    let names = TrailNames::default();
    let narrator = Narrator { texts: Texts::of(Language::English), account_id: &account_id, names: &names };
    let entry = |actor: serde_json::Value, action: &str| -> AuditEntry {
        serde_json::from_value(json!({
            "audit_id": "1", "account_id": "T1", "at": "2026-01-01T00:00:00Z", "action": action,
            "actor": actor, "target": { "client_id": "c1", "secret_id": "s1", "hint": "ab12" },
        }))
        .expect("an entry")
    };
    let ann = json!({ "account_id": "T1", "client_id": "latchkey.console", "email": "ann@acme.example", "system": "console" });
    assert_eq!(
        narrator.sentence(&entry(ann, "secret.revoked")),
        "ann@acme.example revoked secret …ab12 of c1"
    );
    let program = json!({ "account_id": "T1", "client_id": "c2" });
    assert_eq!(narrator.sentence(&entry(program, "client.disabled")), "API client c2 disabled c1");
    let operator = json!({ "account_id": "T0", "client_id": "latchkey-operator" });
    assert_eq!(narrator.sentence(&entry(operator, "webhook.created")), "The operator: webhook.created");
}

#[test]
fn a_sentence_has_the_names_of_members_and_what_became_of_calendars() {
    let account_id = AccountId::parse("T1").expect("an id");
    let member = |email: &str, name: &str| {
        (EmailAddress::parse(email).expect("an address"), Name::parse(name).expect("a name"))
    };
    let members = BTreeMap::from([member("ann@acme.example", "Ann"), member("ben@acme.example", "Ben")]);
    let names = TrailNames { members, ..TrailNames::default() };
    let narrator = Narrator { texts: Texts::of(Language::English), account_id: &account_id, names: &names };
    let said = |account: &str, target: &str, member: &str, old: u64, new: u64| {
        let entry = serde_json::from_value(json!({
            "audit_id": "1", "account_id": "T1", "at": "2026-01-01T00:00:00Z", "action": "member.updated",
            "actor": { "account_id": account, "email": "ann@acme.example", "system": "console" },
            "target": { "email": target }, "changed": [member],
            "changes": [{ "member": member, "old": old, "new": new }],
        }));
        narrator.sentence(&entry.expect("an entry"))
    };
    let (ann, ben) = ("ann@acme.example", "ben@acme.example");
    assert_eq!(said("T1", ben, "name", 0, 1), "Ann changed the member Ben (ben@acme.example)");
    assert_eq!(said("T1", "eve@acme.example", "name", 0, 1), "Ann changed the member eve@acme.example");
    assert_eq!(said("T0", ben, "name", 0, 1), "ann@acme.example changed the member Ben (ben@acme.example)");
    assert_eq!(said("T1", ann, "calendar_feeds", 0, 1), "Ann made a calendar of what ends");
    assert_eq!(said("T1", ann, "calendar_feeds", 2, 1), "Ann ended a calendar of what ends");
}
