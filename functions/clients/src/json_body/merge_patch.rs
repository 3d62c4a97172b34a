//! Merge patches (RFC 7396) that send back what a read gave.
//!
//! A member with the value that the item shows asks for no change, whether the caller may change it or not. So where a patch is
//! not accepted, it is tried once more without such members. What remains is changed, or is named in the error.

use crate::json_body::{UNKNOWN, pointer_token};
use crate::problem::Problem;
use serde::Serialize;
use serde_json::{Map, Value};
use shared::domain::primitives::strict_json;
use shared::domain::primitives::validation::FieldError;

/// What remains of a patch that was not accepted.
pub struct ReducedPatch {
    /// The patch without the members that ask for no change.
    pub body: Vec<u8>,
    shown: Map<String, Value>,
}

/// Whether a patch may be accepted without the members that ask for no change.
pub fn is_reducible(problem: &Problem) -> bool {
    matches!(problem, Problem::Invalid(_) | Problem::OperatorOnly(_))
}

impl ReducedPatch {
    /// Leaves out the members of a patch that have the value that a read shows. If there are none, the problem stands.
    pub fn new(body: &[u8], shown: &impl Serialize, problem: Problem) -> Result<Self, Problem> {
        let Ok(Value::Object(mut sent)) = strict_json::parse(body) else { return Err(problem) };
        let Ok(Value::Object(shown)) = serde_json::to_value(shown) else { return Err(problem) };
        let members = sent.len();
        sent.retain(|name, value| shown.get(name) != Some(value));
        if sent.len() == members {
            return Err(naming_read_only(problem, &shown));
        }
        Ok(Self { body: Value::Object(sent).to_string().into_bytes(), shown })
    }

    /// The problem of what remains.
    pub fn explain(&self, problem: Problem) -> Problem {
        naming_read_only(problem, &self.shown)
    }
}

/// The problem, with other words for members that exist and cannot be changed here.
fn naming_read_only(problem: Problem, shown: &Map<String, Value>) -> Problem {
    let Problem::Invalid(errors) = problem else { return problem };
    let is_read_only = |error: &FieldError| {
        error.detail == UNKNOWN && shown.keys().any(|name| pointer_token(name) == error.path)
    };
    let renamed = errors.into_iter().map(|error| {
        if is_read_only(&error) {
            FieldError::new(error.path, "cannot be changed here: leave it out, or send it as it is")
        } else {
            error
        }
    });
    Problem::Invalid(renamed.collect())
}
