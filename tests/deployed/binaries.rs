//! The functions as `cargo test` builds them: for this machine and without optimization, since a release build
//! for Lambda would take many minutes.

use crate::template::document::{Resource, Template};
use local::emulator::target_dir;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::OnceLock;

/// The name of a function's binary.
pub fn binary<'a>(function: &Resource<'a>) -> &'a str {
    function.whole["Metadata"]["BuildProperties"]["Binary"].as_str().unwrap()
}

/// The path of this binary. All of them are built once.
pub fn binary_path(name: &str) -> PathBuf {
    static BUILT: OnceLock<()> = OnceLock::new();
    BUILT.get_or_init(build);
    target_dir().join("debug").join(name)
}

fn build() {
    let mut cargo = Command::new(env!("CARGO"));
    // Together with the tests: without them cargo would choose other features of the libraries, and build all
    // again.
    cargo.args(["build", "--workspace", "--bins", "--test", "latchkey", "--locked", "--quiet"]);
    cargo.current_dir(Path::new(env!("CARGO_MANIFEST_DIR")).join(".."));
    assert!(cargo.status().unwrap().success(), "the functions do not build");
}

/// Copies a binary without its debug information, which is two thirds of it and would be packed and unpacked with it.
pub fn copy_stripped(binary: &Path, to: &Path) {
    let stripped = Command::new("strip").arg("-S").arg("-o").arg(to).arg(binary).status().unwrap();
    assert!(stripped.success(), "{} is not stripped", binary.display());
}

/// The architecture of these binaries, as Lambda names it.
pub const ARCHITECTURE: &str = if cfg!(target_arch = "aarch64") { "arm64" } else { "x86_64" };

/// Every function of the template.
pub fn functions(template: &Template) -> Vec<Resource<'_>> {
    template.resources("AWS::Serverless::Function")
}
