//! What a form does, as a request to the management API.

use serde_json::Value;

/// The request that changes something at a version, as a command for a POSIX shell. The token is in the environment.
pub fn api_command(method: &str, url: &str, version: u64, body: &Value) -> String {
    command(method, url, &format!("  --header 'If-Match: \"{version}\"' \\\n"), body)
}

/// The same for a request that creates something.
pub fn create_command(url: &str, body: &Value) -> String {
    command("POST", url, "", body)
}

/// The same for a request that has no body.
pub fn bare_command(method: &str, url: &str) -> String {
    format!("curl --request {method} '{url}' \\\n  --header \"Authorization: Bearer $TOKEN\"")
}

fn command(method: &str, url: &str, condition: &str, body: &Value) -> String {
    let json = format!("{body:#}").replace('\'', r"'\''");
    format!("{} \\\n{condition}  --json '{json}'", bare_command(method, url))
}

#[cfg(test)]
mod tests {
    use super::api_command;
    use serde_json::json;

    #[test]
    fn a_command_is_one_for_a_shell_whatever_the_body_holds() {
        let body = json!({ "client_name": "Ann's $(orders)" });
        assert_eq!(
            api_command("PATCH", "https://auth.example.com/v1/x", 3, &body),
            r#"curl --request PATCH 'https://auth.example.com/v1/x' \
  --header "Authorization: Bearer $TOKEN" \
  --header 'If-Match: "3"' \
  --json '{
  "client_name": "Ann'\''s $(orders)"
}'"#
        );
    }
}
