//! What operators do with a stack, by the very commands of `infra/operate`: ask it, restore it, clean up after it.

pub mod smoke;

use crate::deployed::custom_domain::CustomDomain;
use crate::deployed::report;
use crate::deployed::served::{start_app, verify_sender};
use crate::deployed::stack::{STACK, STAGE, Stack, Version};
use crate::interop::pasted_lines::lines_of_the_stack;
use crate::support::app::TestApp;

const CLEANUP_PAGE: &str = include_str!("../../../infra/docs/cleanup.md");

/// Runs the lines of the page on what a stack leaves behind, which list it and, asked for the stage's name, remove it. Then
/// nothing is left; returns what was removed.
pub fn clean_up(stack: &Stack) -> Vec<String> {
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
async fn failed_first_deployment_is_cleaned_up_and_its_stage_used_deleted_and_deployed_again() {
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

    let outputs = stack.deploy(Version::Current, "the same stage again", &first);
    let served = start_app(&stack, &domain, &issuer, &outputs).await;
    verify_sender(&served.latchkey).await;
    smoke::assert_destructive_questions_are_refused_in_prod(&stack).await;
    smoke::assert_every_question_is_answered(&stack).await;
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
