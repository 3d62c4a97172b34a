//! Times in stored items, moved to where a clock that cannot be set needs them.

use jiff::civil::Date;
use jiff::{SignedDuration, Timestamp};
use serde_json::{Value, json};

/// Moves every date and time in DynamoDB's JSON by so many days.
pub fn move_times(value: &mut Value, days: i64) {
    let seconds = 86_400 * days;
    match value {
        Value::Array(values) => values.iter_mut().for_each(|value| move_times(value, days)),
        Value::Object(members) => {
            for (kind, value) in members {
                let moved = match (kind.as_str(), value.as_str()) {
                    ("S", Some(text)) => moved_text(text, days),
                    // Seconds since 1970 of this century's years to come.
                    ("N", Some(number)) => number
                        .parse::<i64>()
                        .ok()
                        .filter(|number| (1_700_000_000..3_000_000_000).contains(number))
                        .map(|number| (number + seconds).to_string()),
                    _ => None,
                };
                match moved {
                    Some(moved) => *value = json!(moved),
                    None => move_times(value, days),
                }
            }
        }
        _ => {}
    }
}

/// The text with another time, if it is one.
fn moved_text(text: &str, days: i64) -> Option<String> {
    if let Ok(at) = text.parse::<Timestamp>() {
        let moved = at.checked_add(SignedDuration::from_hours(24 * days)).unwrap();
        // With the same number of digits.
        return Some(if text.contains('.') { format!("{moved:.3}") } else { moved.to_string() });
    }
    let date = text.parse::<Date>().ok()?;
    Some(date.checked_add(SignedDuration::from_hours(24 * days)).unwrap().to_string())
}
