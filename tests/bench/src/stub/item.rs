//! Records in DynamoDB's JSON.

use crate::BoxError;
use aws_sdk_dynamodb::types::AttributeValue;
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use serde_json::{Map, Value, json};
use std::collections::HashMap;

/// The response of a `Query`.
pub fn found(items: &[Value]) -> String {
    json!({ "Count": items.len(), "ScannedCount": items.len(), "Items": items }).to_string()
}

/// A record as an item.
pub fn item(record: &impl serde::Serialize, pk: &str, sk: &str) -> Result<Value, BoxError> {
    let mut attributes: HashMap<String, AttributeValue> = serde_dynamo::to_item(record)?;
    attributes.insert("pk".to_owned(), AttributeValue::S(pk.to_owned()));
    attributes.insert("sk".to_owned(), AttributeValue::S(sk.to_owned()));
    let members = attributes.iter().map(|(name, value)| Ok((name.clone(), wire(value)?)));
    Ok(Value::Object(members.collect::<Result<Map<_, _>, BoxError>>()?))
}

fn wire(value: &AttributeValue) -> Result<Value, BoxError> {
    Ok(match value {
        AttributeValue::S(text) => json!({ "S": text }),
        AttributeValue::N(number) => json!({ "N": number }),
        AttributeValue::Bool(truth) => json!({ "BOOL": truth }),
        AttributeValue::Null(_) => json!({ "NULL": true }),
        AttributeValue::B(bytes) => json!({ "B": STANDARD.encode(bytes) }),
        AttributeValue::L(list) => json!({ "L": list.iter().map(wire).collect::<Result<Vec<_>, _>>()? }),
        AttributeValue::M(map) => {
            let members = map.iter().map(|(name, value)| Ok((name.clone(), wire(value)?)));
            json!({ "M": members.collect::<Result<Map<_, _>, BoxError>>()? })
        }
        other => return Err(format!("no item of Latchkey has {other:?}").into()),
    })
}
