//! Output of the runner when it is ready.

use crate::server::LocalServer;
use serde_json::json;

/// One line of JSON, for programs.
#[must_use]
pub fn json(server: &LocalServer, issuer: &str, aws_endpoint: &str) -> String {
    json!({
        "issuer": issuer,
        "account_id": server.operator.account_id,
        "client_id": server.operator.client_id,
        "client_secret": server.operator.client_secret.expose(),
        "aws_endpoint": aws_endpoint,
        "mailbox": format!("{issuer}/_local/mailbox"),
        "console_url": format!("{issuer}/_local/console"),
    })
    .to_string()
}

/// Instructions for people: each block can be pasted into a shell.
#[must_use]
pub fn text(server: &LocalServer, issuer: &str, aws_endpoint: &str) -> String {
    let (id, secret) = (&server.operator.client_id, server.operator.client_secret.expose());
    format!(
        r#"Console: {issuer}/_local/console

Latchkey is running at {issuer}   (Ctrl-C stops it; its state is kept)
  keys     {issuer}/.well-known/jwks.json
  API      {issuer}/openapi.json
  mailbox  {issuer}/_local/mailbox
  AWS      {aws_endpoint}   (an emulator)

1. Be the operator: get a token for the management API.

   ADMIN=$(curl -s {issuer}/oauth/token -u {id}:{secret} \
     -d grant_type=client_credentials | sed 's/.*"access_token":"\([^"]*\)".*/\1/')

2. Make an account, an API that tokens are for, and a client that may call it.

   admin() {{ curl -s "{issuer}$1" -H "Authorization: Bearer $ADMIN" -H "Content-Type: application/json" -d "$2"; echo; }}
   admin /v1/accounts '{{"account_id":"T12345678","account_name":"Acme"}}'
   admin /v1/resources '{{"resource_id":"backoffice_api","audience":"https://api.example.com","account_access":"all","scopes":[{{"name":"orders:read"}}],"default_scopes":["orders:read"]}}'
   admin /v1/accounts/T12345678/clients '{{"client_name":"Order sync","permissions":[{{"resource":"backoffice_api"}}]}}' | tee client.json

3. Be the program: exchange the client's credentials for an access token.

   field() {{ sed "s/.*\"$1\":\"\([^\"]*\)\".*/\1/" client.json; }}
   curl -s {issuer}/oauth/token -u "$(field client_id):$(field client_secret)" -d grant_type=client_credentials

4. Be a person: sign in, and let a program act for you. README.md, "Act for a person", has the lines.

"#
    )
}
