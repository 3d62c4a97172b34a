//! What operators do with a stack, by the very commands of `infra/operate`: ask it, restore it.

use crate::deployed::report;
use crate::deployed::stack::{STACK, Stack};
use crate::support::app::TestApp;

/// Questions that the emulator has no answer to: it has no rotation schedule, neither limits requests nor tells the limits,
/// and evaluates no alarm.
const ONLY_ON_AWS: [&str; 5] = ["rotation-schedule", "throttling", "alarm-returns", "flood", "rotation"];
const DESTRUCTIVE: [&str; 6] = ["code-flow", "rotation", "flood", "alarm-returns", "restore", "redeploy"];
const MAILBOX: &str = "ann@smoke.example";

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

pub fn assert_smoke_finds_nothing(stack: &Stack) {
    let table = smoke(stack, &[&["--skip"], &ONLY_ON_AWS[..]].concat());
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
