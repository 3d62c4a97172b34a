//! Requests that no function makes, and that its role does not allow.

use super::evaluation::{IamRequest, allows};
use super::recorded::statements_of;
use crate::template::document::Template;

#[test]
fn a_request_outside_a_condition_is_not_allowed() {
    let template = Template::stack();
    let request = |action: &str, resource: &str, key: &'static str, value: &str| IamRequest {
        action: action.to_owned(),
        resource: resource.to_owned(),
        keys: [(key, vec![value.to_owned()])].into(),
    };
    let (read, stage, version) =
        ("secretsmanager:GetSecretValue", "secretsmanager:VersionStage", "secretsmanager:VersionId");
    for (binary, refused) in [
        ("token", request(read, "SigningKeysSecret", stage, "AWSPREVIOUS")),
        ("token", request(read, "SigningKeysSecret", version, "4a7f")),
        ("clients", request(read, "SigningKeysSecret", stage, "AWSCURRENT")),
        ("authorize", request(read, "SigningKeysSecret", stage, "AWSCURRENT")),
        ("expiry", request("dynamodb:PutItem", "GrantsTable", "dynamodb:LeadingKeys", "REVOKED#1")),
        ("expiry", request("dynamodb:PutItem", "GrantsTable", "dynamodb:LeadingKeys", "FAMILY#1")),
        ("expiry", request("dynamodb:DeleteItem", "GrantsTable", "dynamodb:LeadingKeys", "REVOKED#1")),
        ("expiry", request("dynamodb:PutItem", "DirectoryTable", "dynamodb:LeadingKeys", "ACCOUNT#1")),
        ("authorize", request("dynamodb:DeleteItem", "GrantsTable", "dynamodb:LeadingKeys", "CONSENTS#1")),
        ("clients", request("dynamodb:DeleteItem", "AuditTable", "dynamodb:LeadingKeys", "ACCOUNT#1")),
        ("clients", request("dynamodb:UpdateItem", "AuditTable", "dynamodb:LeadingKeys", "ACCOUNT#1")),
    ] {
        let allowed =
            statements_of(&template, binary).into_iter().any(|statement| allows(statement, &refused));
        assert!(!allowed, "{binary}: {refused:?}");
    }
}
