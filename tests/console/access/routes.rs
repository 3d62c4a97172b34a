//! What each route needs. A new route is entered here first: a test compares the table with the router.

use crate::support::app::TestApp;
use crate::support::fixtures::{ACCOUNT, TestClient};
use std::collections::BTreeSet;

/// What a person needs for a method of a route.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Needs {
    /// The route does not have the method.
    NoMethod,
    /// Nothing, not even a session.
    Nothing,
    /// A path that cannot be guessed: one that was is none.
    KnownPath,
    /// A session.
    Session,
    /// A session, which it ends. Without one there is nothing to do.
    SessionToEnd,
    /// A membership of the account.
    Membership,
    /// A scope in the account.
    Scope(&'static str),
    /// To be a member of the account, or an operator.
    Reader,
    /// To be an operator; for everyone else it does not exist.
    Operator,
}

use Needs::{KnownPath, Membership, NoMethod, Nothing, Operator, Reader, Session, SessionToEnd};

const READ: Needs = Needs::Scope("clients:read");
const MANAGE: Needs = Needs::Scope("clients:manage");
const AUDIT: Needs = Needs::Scope("audit:read");
const REVEAL: Needs = Needs::Scope("secrets:reveal");
const MEMBERS: Needs = Needs::Scope("members:manage");

/// A member of the account with few rights, who is no person of these tests.
pub const SOMEONE: &str = "someone@acme.example";

/// Beginning of the pages of an account; what follows is its row.
const ACCOUNT_PATH: &str = "/console/accounts/{account_id}";

/// The same for a client.
const CLIENT_PATH: &str = "/console/accounts/{account_id}/clients/{client_id}";

/// A route: its path, what reading it needs, and what its form needs.
pub type Row = (String, Needs, Needs);

/// What follows the beginning of the pages of the operator.
const OPERATOR_ROUTES: &[(&str, Needs, Needs)] = &[
    ("", Operator, NoMethod),
    ("/attention", Operator, NoMethod),
    ("/expiry", Operator, NoMethod),
    ("/deployment", Operator, NoMethod),
    ("/deployment/changes", Operator, NoMethod),
    ("/accounts", Operator, NoMethod),
    ("/accounts/new", Operator, Operator),
    ("/accounts/{account_id}", Operator, NoMethod),
    ("/accounts/{account_id}/disable", Operator, Operator),
    ("/accounts/{account_id}/enable", Operator, Operator),
    ("/accounts/{account_id}/delete", Operator, Operator),
    ("/accounts/{account_id}/export", Operator, Operator),
    ("/accounts/{account_id}/entitlements", Operator, Operator),
    ("/accounts/{account_id}/limits", Operator, Operator),
    ("/accounts/{account_id}/claims", Operator, Operator),
    ("/apis", Operator, NoMethod),
    ("/apis/new", Operator, Operator),
    ("/apis/{resource_id}", Operator, NoMethod),
    ("/apis/{resource_id}/edit", Operator, Operator),
    ("/apis/{resource_id}/scope", Operator, Operator),
    ("/apis/{resource_id}/remove-scope", Operator, Operator),
    ("/apis/{resource_id}/import", Operator, Operator),
    ("/apis/{resource_id}/delete", Operator, Operator),
    ("/templates", Operator, NoMethod),
    ("/templates/new", Operator, Operator),
    ("/templates/{template_id}", Operator, Operator),
    ("/templates/{template_id}/delete", Operator, Operator),
];

/// What follows the beginning of the pages of a client.
const CLIENT_ROUTES: &[(&str, Needs, Needs)] = &[
    ("", READ, NoMethod),
    ("/disable", MANAGE, MANAGE),
    ("/enable", MANAGE, MANAGE),
    ("/revoke-tokens", MANAGE, MANAGE),
    ("/delete", MANAGE, MANAGE),
    ("/edit", MANAGE, MANAGE),
    ("/settings", MANAGE, MANAGE),
    ("/duplicate", MANAGE, NoMethod),
    ("/use", READ, NoMethod),
    ("/activity", READ, NoMethod),
    ("/people", READ, NoMethod),
    ("/people/{sub}/end", MANAGE, MANAGE),
    ("/permissions", READ, MANAGE),
    ("/credentials", READ, NoMethod),
    ("/credentials/method", MANAGE, MANAGE),
    ("/credentials/keys", MANAGE, NoMethod),
    ("/credentials/keys/url", MANAGE, MANAGE),
    ("/credentials/keys/upload", MANAGE, MANAGE),
    ("/credentials/keys/jwks", MANAGE, MANAGE),
    ("/credentials/keys/check", MANAGE, MANAGE),
    ("/credentials/keys/platforms/{platform}", MANAGE, MANAGE),
    ("/credentials/keys/remove/{credential_id}", MANAGE, MANAGE),
    ("/credentials/rotate", READ, MANAGE),
    ("/credentials/leaked", MANAGE, MANAGE),
    ("/credentials/download", NoMethod, READ),
    ("/credentials/test", NoMethod, MANAGE),
    ("/credentials/done", NoMethod, READ),
    ("/credentials/secrets/{secret_id}/show", NoMethod, REVEAL),
    ("/credentials/secrets/{secret_id}/revoke", MANAGE, MANAGE),
    ("/credentials/secrets/{secret_id}/pause", NoMethod, MANAGE),
    ("/credentials/secrets/{secret_id}/resume", NoMethod, MANAGE),
    ("/credentials/secrets/{secret_id}/remind", NoMethod, MANAGE),
    ("/credentials/secrets/{secret_id}/mute", NoMethod, MANAGE),
    ("/credentials/secrets/{secret_id}/end", NoMethod, MANAGE),
];

/// Every route but the one for paths that are none.
pub fn table() -> Vec<Row> {
    let console = [
        ("/", Nothing, NoMethod),
        ("/calendar/{file}", KnownPath, NoMethod),
        ("/console", Session, NoMethod),
        ("/console/sign-in", Nothing, NoMethod),
        ("/console/sign-out", NoMethod, SessionToEnd),
        ("/console/confirm", Session, NoMethod),
        ("/console/link/{token}", Nothing, Nothing),
        ("/console/email/{token}", Nothing, Nothing),
        ("/console/me", Session, NoMethod),
        // Its form names the account.
        ("/console/me/calendars/end", NoMethod, Membership),
        ("/console/me/end-others", NoMethod, Session),
        ("/console/me/mail", NoMethod, Session),
        ("/console/help", Nothing, NoMethod),
        ("/console/help/{topic}", Nothing, NoMethod),
    ];
    let account = [
        ("", READ, NoMethod),
        ("/enter", NoMethod, Membership),
        ("/clients", READ, NoMethod),
        ("/clients.csv", READ, NoMethod),
        ("/clients/new", MANAGE, MANAGE),
        ("/settings", MEMBERS, MEMBERS),
        ("/members", MEMBERS, NoMethod),
        ("/members/new", MEMBERS, MEMBERS),
        ("/members/{sub}", MEMBERS, NoMethod),
        ("/members/{sub}/edit", MEMBERS, MEMBERS),
        ("/members/{sub}/address", MEMBERS, MEMBERS),
        ("/members/{sub}/invitation", NoMethod, MEMBERS),
        ("/members/{sub}/remove", MEMBERS, MEMBERS),
        ("/expiries", READ, NoMethod),
        ("/expiries.csv", READ, NoMethod),
        ("/expiries/calendars", NoMethod, READ),
        ("/expiries/calendars/end", NoMethod, READ),
        ("/audit", AUDIT, NoMethod),
        ("/audit.csv", AUDIT, NoMethod),
        ("/apis", Reader, NoMethod),
        ("/apis/{resource_id}", Reader, NoMethod),
    ];
    let below = |start: &'static str| {
        move |(path, get, post): (&str, Needs, Needs)| (format!("{start}{path}"), get, post)
    };
    let rows = console.into_iter().map(below(""));
    let rows = rows.chain(account.into_iter().map(below(ACCOUNT_PATH)));
    let rows = rows.chain(OPERATOR_ROUTES.iter().copied().map(below("/console/operator")));
    rows.chain(CLIENT_ROUTES.iter().copied().map(below(CLIENT_PATH))).collect()
}

/// The path of a route for a client.
pub fn filled_in(path: &str, client: &TestClient) -> String {
    let path = path
        .replace("{account_id}", ACCOUNT)
        .replace("{client_id}", &client.client_id)
        .replace("{secret_id}", &client.secret_id)
        .replace("{topic}", "tokens")
        .replace("{template_id}", "plain")
        .replace("{sub}", SOMEONE)
        .replace("{platform}", "github")
        .replace("{resource_id}", "backoffice_api")
        .replace("{credential_id}", "00000000")
        .replace("{file}", "forged.ics")
        .replace("{token}", &"x".repeat(43));
    assert!(!path.contains('{'), "{path}: say here what stands for the name");
    path
}

/// Fields that let a form of any route past the checks of its input, as far as one body can.
pub fn fields(number: usize, client: &TestClient) -> String {
    let TestClient { client_secret, secret_id, .. } = client;
    format!(
        "account={ACCOUNT}&form_number=number-{number}&version=1&name=Order+sync&on=2026-12-24&template=secret&occasion=created&format=env\
         &section=lifetimes&saved=yes&client_secret={client_secret}&secret_id={secret_id}"
    )
}

#[test]
fn every_route_is_in_the_table() {
    let routed: BTreeSet<String> = console::paths().into_iter().filter(|path| !path.contains("{*")).collect();
    let known: BTreeSet<String> = table().into_iter().map(|(path, ..)| path).collect();
    let missing: Vec<_> = routed.difference(&known).collect();
    let gone: Vec<_> = known.difference(&routed).collect();
    assert!(missing.is_empty() && gone.is_empty(), "enter {missing:?}, remove {gone:?}");
}

#[tokio::test]
async fn every_route_has_the_methods_of_the_table_and_says_so_to_others() {
    let latchkey = TestApp::with_fixtures().await;
    let client = latchkey.fixtures().client().await;
    for (route, get, post) in table() {
        let response = latchkey.request("DELETE", &filled_in(&route, &client)).send().await.expect(405);
        let allowed: Vec<&str> = response.header("allow").split(", ").collect();
        let is_there = |needs| needs != NoMethod;
        assert_eq!(allowed.contains(&"GET"), is_there(get), "{route}: {allowed:?}");
        // A link's form is not named: it is for people who have seen its page.
        let is_named = is_there(post) && !route.contains("{token}");
        assert_eq!(allowed.contains(&"POST"), is_named, "{route}: {allowed:?}");
    }
}
