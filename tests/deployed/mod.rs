//! The stack itself: the real template, deployed by the real SAM CLI, with the real binaries behind the
//! emulator's API Gateway, each allowed what its role allows. Left out of `cargo test` unless asked for: it
//! installs the SAM CLI and takes about two minutes.
//!
//! ```sh
//! cargo test --workspace --test latchkey -- --ignored --nocapture deployed
//! ```
//!
//! `requirements.txt` holds what that takes, and what `.ci/run` checks the templates with. It is made so:
//!
//! ```sh
//! printf 'ministack==1.5.33\naws-sam-cli==1.167.0\ncfn-lint==1.53.3\n' | uv pip compile - --universal \
//!   --python-version 3.10 --generate-hashes --no-header --no-annotate --no-emit-index-url -o requirements.txt
//! ```

pub mod binaries;
mod custom_domain;
mod lifecycle;
mod permissions;
mod service_calls;
mod sign_in;
mod stack;
mod template_overrides;

/// Past the test harness: what happens here is the test's report.
fn report(line: &str) {
    println!("deployed: {line}");
}
