//! The stack itself: the real template, deployed by the real SAM CLI, with the real binaries behind the
//! emulator's API Gateway, each allowed what its role allows. Ignored by `cargo test`, since it installs the
//! SAM CLI and takes some minutes.
//!
//! ```sh
//! cargo test --workspace --test latchkey -- --ignored --nocapture deployed
//! ```
//!
//! `requirements.txt` holds the packages for that, and for the checks of the templates in `.ci/run`. It is
//! generated with:
//!
//! ```sh
//! printf 'ministack==1.5.33\naws-sam-cli==1.167.0\ncfn-lint==1.53.3\n' | uv pip compile - --universal \
//!   --python-version 3.10 --generate-hashes --no-header --no-annotate --no-emit-index-url -o requirements.txt
//! ```

pub mod binaries;
mod custom_domain;
mod lifecycle;
mod operations;
mod permissions;
mod previous;
mod release;
mod served;
mod service_calls;
mod sign_in;
mod stack;
mod template_overrides;
mod versions;

use std::sync::Mutex;
use std::time::Instant;

/// Prints a line past the test harness's capture: it is the test's report. Before it are the seconds since the first line,
/// and since the one before.
fn report(line: &str) {
    static LINES: Mutex<Option<[Instant; 2]>> = Mutex::new(None);
    let now = Instant::now();
    let mut lines = LINES.lock().unwrap();
    let [first, last] = lines.unwrap_or([now; 2]);
    *lines = Some([first, now]);
    let (all, since) = (now - first, now - last);
    println!("deployed: {:4} s (+{} s) {line}", all.as_secs(), since.as_secs());
}
