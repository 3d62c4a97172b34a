//! A store that is out of order, in each of the ways that it can be.

use super::aws_proxy::Canned;

/// Ways to be out of order, for as long as the SDK tries.
pub const TROUBLES: [&str; 4] = ["throttled", "timed out before", "timed out after", "access denied"];

/// Puts an operation out of order.
pub fn trouble(name: &str, operation: &'static str) -> Canned {
    match name {
        "throttled" => Canned::json_error(operation, "ThrottlingException"),
        "timed out before" => Canned::silence(operation),
        "timed out after" => Canned::lost(operation),
        "access denied" => Canned::json_error(operation, "AccessDeniedException"),
        other => panic!("{other}"),
    }
}
