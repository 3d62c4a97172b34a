//! Entries of the audit trail as rows of a page.

use crate::account_request::AccountRequest;
use crate::error::ConsoleError;
use crate::pages::audit::sentence::Narrator;
use crate::pages::parts::time::Instant;
use serde_json::Value;
use shared::domain::audit::AuditEntry;
use shared::domain::primitives::visible_text::without_hidden_characters;
use shared::services::audit::trail::AuditTrail;

/// The longest value that is shown, in characters.
const MAX_VALUE: usize = 200;

/// An entry.
pub struct AuditRow {
    /// When.
    pub at: Instant,
    /// What happened.
    pub sentence: String,
    /// Address that the request came from; empty if there was none.
    pub source: String,
    /// Members that changed, of which no values are kept.
    pub changed: String,
    /// Members with the values before and after.
    pub changes: Vec<ChangeRow>,
}

/// A member before and after a change.
pub struct ChangeRow {
    /// Its name in the API.
    pub member: String,
    /// The value before, if there was one.
    pub old: Option<String>,
    /// The value after, if there is one.
    pub new: Option<String>,
}

/// The rows of entries, with the names that clients have now.
pub async fn rows(
    request: &AccountRequest,
    trail: &AuditTrail<'_>,
    entries: Vec<AuditEntry>,
) -> Result<Vec<AuditRow>, ConsoleError> {
    let names = trail.client_names(&entries).await?;
    let narrator = Narrator { texts: request.texts, account_id: &request.account.account_id, names: &names };
    Ok(entries.iter().map(|entry| row(request, &narrator, entry)).collect())
}

fn row(request: &AccountRequest, narrator: &Narrator<'_>, entry: &AuditEntry) -> AuditRow {
    let is_valued = |name: &&String| entry.changes.iter().any(|change| change.member == **name);
    let others: Vec<&str> =
        entry.changed.iter().filter(|name| !is_valued(name)).map(String::as_str).collect();
    let changes = entry.changes.iter().map(|change| ChangeRow {
        member: change.member.clone(),
        old: shown(&change.old),
        new: shown(&change.new),
    });
    AuditRow {
        at: Instant::new(request.texts, entry.at, request.audit_context.now),
        sentence: narrator.sentence(entry),
        source: entry.actor.source_ip.map(|address| address.to_string()).unwrap_or_default(),
        changed: others.join(", "),
        changes: changes.collect(),
    }
}

/// A value as people read it, of a long one the beginning; `None` if there is none.
fn shown(value: &Value) -> Option<String> {
    let text = without_hidden_characters(&in_words(value)?);
    if text.chars().count() <= MAX_VALUE {
        return Some(text);
    }
    Some(text.chars().take(MAX_VALUE).chain(['…']).collect())
}

/// A text as it is, the parts of a list one after the other, and of a permission the resource before its scopes.
fn in_words(value: &Value) -> Option<String> {
    match value {
        Value::Null => None,
        Value::String(text) => Some(text.clone()),
        Value::Array(parts) => {
            let parts: Vec<String> = parts.iter().filter_map(in_words).collect();
            (!parts.is_empty()).then(|| parts.join(", "))
        }
        Value::Object(members) => match (members.get("resource"), members.get("scopes")) {
            (Some(Value::String(resource)), Some(scopes)) => {
                Some(format!("{resource} ({})", in_words(scopes).unwrap_or_default()))
            }
            _ => Some(value.to_string()),
        },
        Value::Bool(_) | Value::Number(_) => Some(value.to_string()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn values_are_read_without_the_signs_of_json() {
        let permissions = json!([{ "resource": "orders", "scopes": ["orders:read", "orders:write"] }]);
        assert_eq!(shown(&permissions).as_deref(), Some("orders (orders:read, orders:write)"));
        assert_eq!(shown(&json!(["203.0.113.0/24"])).as_deref(), Some("203.0.113.0/24"));
        assert_eq!(shown(&json!(true)).as_deref(), Some("true"));
        assert_eq!((shown(&json!(null)), shown(&json!([]))), (None, None));
        assert_eq!(shown(&json!("x".repeat(300))).map(|text| text.chars().count()), Some(MAX_VALUE + 1));
    }
}
