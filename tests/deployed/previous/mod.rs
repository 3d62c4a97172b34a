//! The version before this one: its templates, which are beside this file, and items as an earlier version stored them.
//!
//! A test cannot build that version's functions in reasonable time. Behind its templates are this version's, unless the
//! variable `LATCHKEY_PREVIOUS_BINARIES` names the folder of its own, such as `target/debug` of a checkout.

use crate::deployed::binaries::{ARCHITECTURE, binary, binary_path, copy_stripped, functions};
use crate::deployed::report;
use crate::deployed::stack::Stack;
use crate::deployed::template_overrides;
use crate::platform::stored_items::fixture;
use crate::support::app::TestApp;
use crate::template::document::Template;
use jiff::Timestamp;
use serde_json::{Value, json};
use std::path::{Path, PathBuf};

/// A secret that the functions of this version need, and that version's templates lack.
const VERIFICATION_KEYS: &str = "verification-keys-of-the-test";

fn template(name: &str) -> Template {
    Template::read(&Path::new(env!("CARGO_MANIFEST_DIR")).join("deployed/previous").join(name))
}

fn own_binaries() -> Option<PathBuf> {
    std::env::var_os("LATCHKEY_PREVIOUS_BINARIES").map(PathBuf::from)
}

/// Writes the templates and the functions' packages into a folder, and returns the main template's path.
pub fn write_templates(folder: &Path) -> PathBuf {
    let stack = template("template.yaml");
    let own = own_binaries();
    let mut changes = match own {
        Some(_) => Vec::new(),
        None => needed_by_this_version(&stack),
    };
    for function in functions(&stack) {
        let name = binary(&function);
        let package = folder.join(name);
        std::fs::create_dir_all(&package).unwrap();
        let built = own.as_ref().map_or_else(|| binary_path(name), |folder| folder.join(name));
        copy_stripped(&built, &package.join("bootstrap"));
        std::fs::write(package.join("version.txt"), "previous").unwrap();
        changes.push((format!("/Resources/{}/Properties/CodeUri", function.name), json!(package)));
    }
    if ARCHITECTURE != "arm64" {
        changes.push(("/Globals/Function/Architectures/0".to_owned(), json!(ARCHITECTURE)));
    }
    template_overrides::write_templates(&stack, &template("monitoring.yaml"), &changes, folder)
}

/// What this version's functions need there, by JSON pointer: all permissions, and one variable.
fn needed_by_this_version(stack: &Template) -> Vec<(String, Value)> {
    let everything = json!({ "PolicyName": "everything", "PolicyDocument": {
        "Version": "2012-10-17",
        "Statement": [{ "Effect": "Allow", "Action": "*", "Resource": "*" }],
    }});
    let mut changes: Vec<_> = stack
        .resources("AWS::IAM::Role")
        .into_iter()
        .map(|role| {
            let mut policies = role.properties["Policies"].clone();
            policies.as_array_mut().unwrap().push(everything.clone());
            (format!("/Resources/{}/Properties/Policies", role.name), policies)
        })
        .collect();
    let mut variables = stack.0["Globals"]["Function"]["Environment"]["Variables"].clone();
    variables["VERIFICATION_KEYS_SECRET"] = json!(VERIFICATION_KEYS);
    changes.push(("/Globals/Function/Environment/Variables".to_owned(), variables));
    changes
}

/// Makes what this version's functions need beside that template.
pub async fn prepare(stack: &Stack) {
    if own_binaries().is_some() {
        return report("the version before has its own binaries");
    }
    let body =
        json!({ "Name": VERIFICATION_KEYS, "ClientRequestToken": "00000000-0000-0000-0000-000000000000" });
    stack.call_target("secretsmanager", "secretsmanager.CreateSecret", &body).await;
    report("the version before has this version's binaries, with all permissions");
}

/// Credentials of clients that version 0.1.0 stored.
pub struct StoredClients(fixture::Fixture);

/// Puts the items of version 0.1.0 into the tables. They are as they were stored, but for the names that the other steps
/// use too, and for their dates: the functions' clock is the real one.
pub async fn store_items(latchkey: &TestApp) -> StoredClients {
    let other_names = [
        ("T12345678", "T10000001"),
        ("backoffice_api", "earlier_api"),
        ("https://api.example.com", "https://earlier.example.com"),
    ];
    let mut fixture = fixture::Fixture::v0_1_0(&other_names);
    fixture.move_to(Timestamp::now());
    let secrets = latchkey.server.aws.secrets_manager();
    let config = &latchkey.server.management.app.config;
    // The deployment has its own pepper. That of the items becomes one before it, with another id.
    let pepper = secrets.get_secret_value().secret_id(&config.pepper_secret).send().await.unwrap();
    let mut peppers: Value = serde_json::from_str(pepper.secret_string().unwrap()).unwrap();
    peppers["previous"] = json!([{ "pepper_id": "earlier", "pepper": fixture.secret("pepper")["pepper"] }]);
    fixture.set_text("pepper_id", "earlier");
    let put = secrets.put_secret_value().secret_id(&config.pepper_secret);
    put.secret_string(peppers.to_string()).send().await.unwrap();
    for (table, item) in fixture.items() {
        let put = latchkey.server.aws.dynamodb().put_item().table_name(fixture::table(config, table));
        put.set_item(Some(item)).send().await.unwrap();
    }
    report("the items of version 0.1.0 are in the tables");
    StoredClients(fixture)
}

impl StoredClients {
    /// Each credential still works.
    pub async fn assert_work(&self, latchkey: &TestApp) {
        for client in ["secret", "two", "stored"] {
            let (id, secret) = self.0.credentials(client);
            latchkey.token(id, secret, "&resource=earlier_api").await.expect(200);
        }
        let (id, secret) = self.0.credentials("disabled");
        latchkey.token(id, secret, "").await.expect(401);
    }

    /// A refresh token is exchanged, and replaced, which works once.
    pub async fn assert_refresh_token_works(&self, latchkey: &TestApp) {
        let (id, secret) = self.0.credentials("renewing");
        let refresh =
            format!("grant_type=refresh_token&refresh_token={}", self.0.text("/renewing_refresh_token"));
        latchkey.request("POST", "/oauth/token").basic(id, secret).form(&refresh).send().await.expect(200);
        report("a refresh token of version 0.1.0 was exchanged");
    }
}

const DIFFERENCES: &str = "\
/Globals/Function/Environment/Variables
/Resources/AuthorizeRole/Properties/Policies
/Resources/BootstrapRole/Properties/Policies
/Resources/ClientsRole/Properties/Policies
/Resources/ExpiryRole/Properties/Policies
/Resources/ExpiryScheduleRole/Properties/Policies
/Resources/RotateKeysRole/Properties/Policies
/Resources/TokenRole/Properties/Policies";

#[test]
fn previous_template_is_fitted_to_this_versions_functions_in_these_places_only() {
    let mut found: Vec<_> =
        needed_by_this_version(&template("template.yaml")).into_iter().map(|(place, _)| place).collect();
    found.sort();
    assert_eq!(found, DIFFERENCES.lines().collect::<Vec<_>>());
}
