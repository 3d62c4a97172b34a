//! The fixture has an item of every kind.

use serde_json::Value;
use std::collections::BTreeSet;

/// Every kind of item, by the part of the key that names it.
const KINDS: [&str; 20] = [
    "directory ACCOUNT",
    "directory CATALOGUE/RESOURCE",
    "directory CATALOGUE/RETIRED",
    "directory CATALOGUE/SUSPENDED",
    "directory CLIENT",
    "directory MEMBER",
    "directory RETIRED",
    "directory SECRET",
    "grants CODE",
    "grants CONSENTS",
    "grants FAMILY",
    "grants IDEMPOTENCY",
    "grants INTENT (change)",
    "grants INTENT (creation)",
    "grants JTI",
    "grants LETTERS",
    "grants LIMIT",
    "grants REVOKED",
    "grants SIGNIN",
    "audit ACCOUNT",
];

fn kind(table: &str, pk: &str, sk: &str) -> String {
    let head = |key: &str| key.split('#').next().unwrap().to_owned();
    match (table, head(pk).as_str()) {
        ("directory", "CATALOGUE") => format!("directory CATALOGUE/{}", head(sk)),
        ("directory", "ACCOUNT" | "CLIENT") => format!("directory {}", head(sk)),
        ("grants", "INTENT") if sk.contains('#') => "grants INTENT (change)".to_owned(),
        ("grants", "INTENT") => "grants INTENT (creation)".to_owned(),
        (table, kind) => format!("{table} {kind}"),
    }
}

#[test]
fn fixture_has_every_kind_of_item() {
    let fixture: Value = serde_json::from_str(include_str!("v0.1.0.json")).unwrap();
    let mut found = BTreeSet::new();
    for (table, items) in fixture["tables"].as_object().unwrap() {
        for item in items.as_array().unwrap() {
            let key = |name: &str| item[name]["S"].as_str().unwrap();
            found.insert(kind(table, key("pk"), key("sk")));
        }
    }
    let expected: BTreeSet<String> = KINDS.map(str::to_owned).into();
    assert_eq!(found, expected);
}
