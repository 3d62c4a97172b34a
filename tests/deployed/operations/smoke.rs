//! The questions of `infra/operate/smoke`, put to the emulator's stack by the very command.

use crate::deployed::report;
use crate::deployed::stack::{STACK, Stack};
use crate::support::sign_in::one_time_code;
use crate::template::document::infra;
use axum::Router;
use axum::routing::get;
use local::mailbox;
use std::collections::BTreeSet;
use tokio::net::TcpListener;

/// Questions that no emulator has an answer to, and why. Only AWS answers them: this list must not grow, and
/// `infra/operate/README.md` has it too.
const ONLY_ON_AWS: [(&str, &str); 5] = [
    ("rotation-schedule", "the emulator has no rotation schedule"),
    ("throttling", "the emulator keeps no limits of a stage"),
    ("rotation", "the emulator copies the secret instead of invoking the function"),
    ("flood", "the emulator limits no requests"),
    ("alarm-returns", "the emulator evaluates an alarm only when its metric is put"),
];
/// Asks only whether things are there that no emulator has, and that are off by default.
const OFF_BY_DEFAULT: &str = "untried";
const DESTRUCTIVE: [&str; 6] = ["code-flow", "rotation", "flood", "alarm-returns", "restore", "redeploy"];
const MAILBOX: &str = "ann@smoke.example";

/// Runs the command, prints its table, and fails if an answer is not what Latchkey relies on.
fn smoke(stack: &Stack, name: &str, arguments: &[&str]) -> String {
    let (succeeded, table) = stack.operate("smoke", &[&["--stack", name], arguments].concat());
    println!("\n{table}");
    assert!(succeeded);
    table
}

/// The answer to a question, and what was found.
fn answer<'a>(table: &'a str, question: &str) -> &'a str {
    let line = table.lines().find_map(|line| line.strip_prefix(&format!("{question:18} ")));
    line.unwrap_or_else(|| panic!("{question} was not asked"))
}

/// What tells the command not to ask these. It refuses the name of a question that it does not have.
fn skipped() -> Vec<String> {
    ONLY_ON_AWS.iter().map(|(question, reason)| format!("{question}={reason}")).collect()
}

pub fn assert_nothing_is_found(stack: &Stack) {
    let skipped = skipped();
    let skipped: Vec<&str> = skipped.iter().map(String::as_str).collect();
    let table = smoke(stack, STACK, &[&["--skip"], &skipped[..]].concat());
    for question in ["token", "challenge", "odd-targets", "last-used-on", "alarms"] {
        assert!(answer(&table, question).starts_with("ok "), "{question}");
    }
    report("the smoke command finds nothing that Latchkey does not rely on");
}

pub fn assert_destructive_questions_are_refused_in_use(stack: &Stack) {
    assert_refused(stack, STACK, "accounts that are not of this command");
    report("questions that change a stack are refused where it has accounts of others");
}

/// A stack of the stage `prod` is refused whatever is in it: this one has nothing but the stage.
pub async fn assert_destructive_questions_are_refused_in_prod(stack: &Stack) {
    for stage in ["prod", "prod-eu"] {
        let name = format!("latchkey-{stage}");
        stack.create_stack_of_stage(&name, stage).await;
        assert_refused(stack, &name, "the stage is prod");
    }
    report("questions that change a stack are refused in the stage prod");
}

fn assert_refused(stack: &Stack, name: &str, reason: &str) {
    let asked = ["--destructive", "--mail", MAILBOX, "--only"];
    let table = smoke(stack, name, &[&asked, &DESTRUCTIVE[..]].concat());
    for question in DESTRUCTIVE {
        let refused = answer(&table, question);
        assert!(refused.starts_with("not asked ") && refused.contains(reason), "{question}: {refused}");
    }
}

/// Asks every question there is, on a stack that nothing else has used; in the end it is another one of the same stage.
/// What has no other answer than that it is not asked is what no emulator can do, and nothing else.
pub async fn assert_every_question_is_answered(stack: &Stack) {
    let codes = mailed_codes(stack).await;
    let code =
        format!("python3 -c \"import urllib.request as web; print(web.urlopen('{codes}').read().decode())\"");
    let asked = ["--destructive", "--mail", MAILBOX, "--code-command", &code, "--wait", "5", "--skip"];
    let skipped = skipped();
    let skipped: Vec<&str> = skipped.iter().map(String::as_str).collect();
    let table = smoke(stack, STACK, &[&asked, &skipped[..]].concat());
    let questions = questions();
    let is_open = |question: &&String| !answer(&table, question).starts_with("ok ");
    let open: BTreeSet<_> = questions.iter().filter(is_open).map(String::as_str).collect();
    let expected: BTreeSet<_> = ONLY_ON_AWS.iter().map(|(name, _)| *name).chain([OFF_BY_DEFAULT]).collect();
    assert_eq!(open, expected, "questions without an answer");
    report(
        "a code was mailed and redeemed, a table restored, the stack deleted, cleaned up and deployed again",
    );
}

/// The URL of a server that answers with the code that was mailed last.
async fn mailed_codes(stack: &Stack) -> String {
    let emulator = stack.emulator.endpoint().to_owned();
    let last_code = async move || {
        let all = mailbox::read(&emulator).await.unwrap();
        let email = all.iter().find(|email| email.to.iter().any(|to| to == MAILBOX));
        one_time_code(email.expect("a code is mailed before the page asks for it"))
    };
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let url = format!("http://{}/", listener.local_addr().unwrap());
    let router = Router::new().route("/", get(last_code));
    tokio::spawn(async move { axum::serve(listener, router).await.unwrap() });
    url
}

/// The names of all questions, as the command has them.
fn questions() -> BTreeSet<String> {
    let command = std::fs::read_to_string(infra().join("operate/smoke/__main__.py")).unwrap();
    let tables = command.split("QUESTIONS = {").nth(1).unwrap().split("\n\n").next().unwrap();
    let lines = tables.lines().filter_map(|line| line.trim().strip_prefix('"')?.split_once("\": "));
    lines.map(|(question, _)| question.to_owned()).collect()
}

/// The names in backticks at the beginning of the rows of its page, or in the sentence on what no emulator can do.
fn names_in(text: &str) -> BTreeSet<String> {
    text.split('`').skip(1).step_by(2).map(str::to_owned).collect()
}

#[test]
fn every_question_is_documented_and_those_that_only_aws_answers_are_these() {
    let page = std::fs::read_to_string(infra().join("operate/README.md")).unwrap();
    let (_, table) = page.split_once("| question | asks whether |").unwrap();
    let rows = table.lines().filter_map(|line| line.strip_prefix("| ")?.split(" |").next());
    let documented: BTreeSet<_> = rows.flat_map(names_in).collect();
    assert_eq!(documented, questions());
    let (_, sentence) = page.split_once("No emulator answers ").unwrap();
    let only_on_aws: BTreeSet<_> = ONLY_ON_AWS.iter().map(|(name, _)| (*name).to_owned()).collect();
    assert_eq!(names_in(sentence.split('.').next().unwrap()), only_on_aws);
    for question in DESTRUCTIVE {
        assert!(documented.contains(question), "{question}");
    }
}
