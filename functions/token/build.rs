//! How the deployed function is linked.

use std::env::var;

#[expect(clippy::disallowed_methods, reason = "cargo tells build scripts by their environment")]
fn main() {
    println!("cargo::rerun-if-changed=build.rs");
    let is_deployed = var("PROFILE").is_ok_and(|profile| profile == "release");
    if is_deployed && var("CARGO_CFG_TARGET_OS").is_ok_and(|os| os == "linux") {
        // At a fixed address, as Go links too: otherwise each cold start first rewrites 14,000 pointers, a twentieth of
        // what it costs. Given up is that the addresses of this program's own code differ from start to start; those of
        // its stack, its heap and its libraries still do.
        println!("cargo::rustc-link-arg-bins=-no-pie");
    }
}
