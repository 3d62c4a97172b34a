//! The stack itself: the real template, deployed by the real SAM CLI, with the real binaries behind the
//! emulator's API Gateway, each allowed what its role allows. Ignored by `cargo test`, since it installs the
//! SAM CLI and takes about two minutes.
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
mod permissions;
mod release;
mod service_calls;
mod sign_in;
mod stack;
mod template_overrides;
mod versions;

/// Prints a line past the test harness's capture: it is the test's report.
fn report(line: &str) {
    println!("deployed: {line}");
}
