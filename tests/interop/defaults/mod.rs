//! Libraries as their manuals introduce them: nothing is set that has a default. What each needs nevertheless is said in the
//! program.

mod code;
mod generated;
mod tokens;

use super::program::Program;
use serde_json::Value;
use tokio::task::JoinSet;

/// How many programs run at once.
const CONCURRENT: usize = 3;

/// Runs every program with the same input: what each prints. Those that need node are left out without it.
async fn run_all(programs: &[Program], variables: &[(&str, &str)]) -> Vec<(Program, Value)> {
    let owned: Vec<_> =
        variables.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect();
    let mut printed = Vec::new();
    for programs in programs.chunks(CONCURRENT) {
        let mut running = JoinSet::new();
        for program in programs.iter().copied() {
            let variables = owned.clone();
            running.spawn(async move {
                let variables: Vec<_> = variables.iter().map(|(name, value)| (&**name, &**value)).collect();
                (program, program.run(&variables).await)
            });
        }
        for (program, output) in running.join_all().await {
            let output = output.map(|output| output.unwrap_or_else(|error| panic!("{program:?}: {error}")));
            printed.extend(output.map(|output| (program, output)));
        }
    }
    printed
}
