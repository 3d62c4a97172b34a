//! What operators do with a stack, by the very commands of `infra/operate`: ask it, restore it, clean up after it.

use crate::deployed::custom_domain::CustomDomain;
use crate::deployed::report;
use crate::deployed::stack::{STACK, STAGE, Stack, Version};
use crate::interop::pasted_lines::lines_of_the_stack;
use crate::support::app::TestApp;

/// Questions that the emulator has no answer to, and why. Only AWS answers them: this list must not grow.
const ONLY_ON_AWS: [(&str, &str); 5] = [
    ("rotation-schedule", "the emulator has no rotation schedule"),
    ("throttling", "the emulator keeps no limits of a stage"),
    ("rotation", "the emulator copies the secret instead of invoking the function"),
    ("flood", "the emulator limits no requests"),
    ("alarm-returns", "the emulator evaluates an alarm only when its metric is put"),
];
const DESTRUCTIVE: [&str; 6] = ["code-flow", "rotation", "flood", "alarm-returns", "restore", "redeploy"];
const MAILBOX: &str = "ann@smoke.example";
const CLEANUP_PAGE: &str = include_str!("../../infra/docs/cleanup.md");

/// Runs the command, prints its table, and fails if an answer is not what Latchkey relies on.
fn smoke(stack: &Stack, arguments: &[&str]) -> String {
    let (succeeded, table) = stack.operate("smoke", &[&["--stack", STACK], arguments].concat());
    println!("\n{table}");
    assert!(succeeded);
    table
}

/// The answer to a question, and what was found.
fn answer<'a>(table: &'a str, question: &str) -> &'a str {
    let line = table.lines().find_map(|line| line.strip_prefix(&format!("{question:18} ")));
    line.unwrap_or_else(|| panic!("{question} was not asked"))
}

/// What tells the command not to ask these.
fn skipped() -> Vec<String> {
    ONLY_ON_AWS.iter().map(|(question, reason)| format!("{question}={reason}")).collect()
}

pub fn assert_smoke_finds_nothing(stack: &Stack) {
    let skipped = skipped();
    let skipped: Vec<&str> = skipped.iter().map(String::as_str).collect();
    let table = smoke(stack, &[&["--skip"], &skipped[..]].concat());
    for question in ["token", "challenge", "odd-targets", "last-used-on", "alarms"] {
        assert!(answer(&table, question).starts_with("ok "), "{question}");
    }
    report("the smoke command finds nothing that Latchkey does not rely on");
}

pub fn assert_destructive_questions_are_refused(stack: &Stack) {
    let asked = ["--destructive", "--mail", MAILBOX, "--only"];
    let table = smoke(stack, &[&asked, &DESTRUCTIVE[..]].concat());
    for question in DESTRUCTIVE {
        assert!(answer(&table, question).contains("accounts that are not of this command"), "{question}");
    }
    report("questions that change a stack are refused where it has accounts of others");
}

/// Runs the lines of the page on what a stack leaves behind, which list it and, asked for the stage's name, remove it. Then
/// nothing is left; returns what was removed.
fn clean_up(stack: &Stack) -> Vec<String> {
    let lines = lines_of_the_stack(CLEANUP_PAGE).replace("--stage dev", &format!("--stage {STAGE}"));
    assert!(lines.contains("--delete"), "{lines}");
    let (succeeded, refused) = stack.paste(&lines, "dev");
    assert!(!succeeded && refused.contains("nothing was removed"), "{refused}");
    let (succeeded, text) = stack.paste(&lines, STAGE);
    assert!(succeeded, "{text}");
    // The first one stands behind the question.
    let removed = text.split("removed    ").skip(1).map(|rest| rest.lines().next().unwrap().to_owned());
    let removed: Vec<_> = removed.collect();
    let (_, left) = stack.operate("cleanup", &["--stage", STAGE]);
    assert!(left.starts_with("Nothing of the stage"), "{left}");
    report(&format!("cleaned up: {} resources", removed.len()));
    removed
}

#[tokio::test(flavor = "multi_thread")]
#[ignore = "installs the AWS SAM CLI and deploys a stack; .ci/run runs it"]
async fn failed_first_deployment_is_cleaned_up_and_the_stage_deployed_again() {
    let stack = Stack::new("operations").await;
    let domain = CustomDomain::new(stack.emulator.endpoint());
    let issuer = domain.serve().await;
    let first = [("IssuerUrl", issuer.as_str())];
    // The bootstrap does not find it, says so, and the stack is rolled back.
    let wrong = [first[0], ("DirectoryTableName", "latchkey-it-directory-that-is-gone")];
    let text = stack.deploy_in_vain(Version::Current, "a directory that is not there", &wrong);
    assert!(text.contains("CREATE_FAILED"), "{text}");
    stack.delete().await;
    let removed = clean_up(&stack);
    for kept in ["DirectoryTable", "AuditTable"] {
        assert!(removed.iter().any(|name| name.contains(kept)), "{kept} is not among {removed:?}");
    }

    stack.deploy(Version::Current, "the same stage again", &first);
}

/// The directory as it is now, restored into another table, whose name is returned.
pub fn restore(stack: &Stack) -> String {
    let (succeeded, text) = stack.operate("restore", &["--stack", STACK, "--time", "latest", "--wait", "1"]);
    assert!(succeeded, "{text}");
    let table = text.split("DirectoryTableName=").nth(1).unwrap().split_whitespace().next().unwrap();
    report(&format!("the directory restored into {table}"));
    table.to_owned()
}

/// Which of these tables exist.
pub async fn existing(latchkey: &TestApp, tables: [&String; 3]) -> [bool; 3] {
    let mut found = [false; 3];
    for (exists, table) in found.iter_mut().zip(tables) {
        *exists = latchkey.server.aws.dynamodb().describe_table().table_name(table).send().await.is_ok();
    }
    found
}
