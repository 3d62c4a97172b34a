//! The stack itself: the real template, deployed by the real SAM CLI, with the real binaries behind the
//! emulator's API Gateway, each allowed what its role allows. Left out of `cargo test` unless asked for: it
//! installs the SAM CLI and takes about two minutes.
//!
//! ```sh
//! cargo test --workspace --test latchkey -- --ignored --nocapture deployed
//! ```

mod asked;
mod binaries;
mod door;
mod life;
mod permissions;
mod rewritten;
mod stack;

/// Past the test harness: what happens here is the test's report.
fn say(line: &str) {
    println!("deployed: {line}");
}
