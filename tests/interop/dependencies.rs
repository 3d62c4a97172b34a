//! The libraries of the programs, installed once, hash-checked, below `target/`. Nothing is written beside
//! the programs.

use local::emulator::{target_dir, venv};
use std::fs::{self, File};
use std::io::{self, Write};
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::sync::{Mutex, OnceLock};

const REQUIREMENTS: &str = include_str!("python/requirements.txt");
/// The files that determine which libraries are installed.
const PACKAGE: [(&str, &str); 3] = [
    ("package.json", include_str!("node/package.json")),
    ("package-lock.json", include_str!("node/package-lock.json")),
    (".npmrc", include_str!("node/.npmrc")),
];
/// Copied beside the libraries, where node resolves imports.
const SCRIPTS: &[(&str, &str)] = &[
    ("assert_oauth4webapi.mjs", include_str!("node/assert_oauth4webapi.mjs")),
    ("assert_openid_client.mjs", include_str!("node/assert_openid_client.mjs")),
    ("code_appauth.mjs", include_str!("node/code/code_appauth.mjs")),
    ("code_mcp_sdk.mjs", include_str!("node/code/code_mcp_sdk.mjs")),
    ("code_oauth4webapi.mjs", include_str!("node/code/code_oauth4webapi.mjs")),
    ("code_openid_client.mjs", include_str!("node/code/code_openid_client.mjs")),
    ("code_openid_client_5.mjs", include_str!("node/code/code_openid_client_5.mjs")),
    ("code_passport.mjs", include_str!("node/code/code_passport.mjs")),
    ("create_client_openapi.mjs", include_str!("node/create_client_openapi.mjs")),
    ("fetch_axios_oauth_client.mjs", include_str!("node/tokens/fetch_axios_oauth_client.mjs")),
    ("fetch_badgateway.mjs", include_str!("node/tokens/fetch_badgateway.mjs")),
    ("fetch_client_oauth2.mjs", include_str!("node/tokens/fetch_client_oauth2.mjs")),
    ("fetch_json_audience.mjs", include_str!("node/tokens/fetch_json_audience.mjs")),
    ("fetch_msal_node.mjs", include_str!("node/tokens/fetch_msal_node.mjs")),
    ("fetch_oauth4webapi.mjs", include_str!("node/tokens/fetch_oauth4webapi.mjs")),
    ("fetch_openid_client.mjs", include_str!("node/tokens/fetch_openid_client.mjs")),
    ("fetch_simple_oauth2.mjs", include_str!("node/tokens/fetch_simple_oauth2.mjs")),
    ("console_first_token.mjs", include_str!("node/console/console_first_token.mjs")),
    ("journey.mjs", include_str!("node/console/journey.mjs")),
    ("console_journeys.mjs", include_str!("node/console/console_journeys.mjs")),
    ("console_credentials.mjs", include_str!("node/console/console_credentials.mjs")),
    ("console_forms.mjs", include_str!("node/console/console_forms.mjs")),
    ("console_members.mjs", include_str!("node/console/console_members.mjs")),
    ("console_operator.mjs", include_str!("node/console/console_operator.mjs")),
    ("console_states.mjs", include_str!("node/console/console_states.mjs")),
    ("console_picture.mjs", include_str!("node/console/console_picture.mjs")),
    ("console_pages.mjs", include_str!("node/console/console_pages.mjs")),
    ("console_script.mjs", include_str!("node/console/console_script.mjs")),
    ("page_flow.mjs", include_str!("node/browser/page_flow.mjs")),
    ("person.mjs", include_str!("node/browser/person.mjs")),
    ("revoke_oauth4webapi.mjs", include_str!("node/revoke_oauth4webapi.mjs")),
    ("revoke_openid_client.mjs", include_str!("node/revoke_openid_client.mjs")),
    ("upstream_provider.mjs", include_str!("node/upstream_provider.mjs")),
    ("verify_aws_jwt_verify.mjs", include_str!("node/tokens/verify_aws_jwt_verify.mjs")),
    ("verify_express_bearer.mjs", include_str!("node/tokens/verify_express_bearer.mjs")),
    ("verify_jose.mjs", include_str!("node/tokens/verify_jose.mjs")),
    ("verify_jwks_rsa.mjs", include_str!("node/tokens/verify_jwks_rsa.mjs")),
    ("visit.mjs", include_str!("node/browser/visit.mjs")),
    ("visit_in_two_tabs.mjs", include_str!("node/browser/visit_in_two_tabs.mjs")),
];
const OLDEST_NODE: u32 = 20;
/// Where Debian's packages have the libraries of Go.
const GO_LIBRARIES: &str = "/usr/share/gocode";

/// A Python with the libraries.
pub fn python() -> &'static Path {
    static PYTHON: OnceLock<PathBuf> = OnceLock::new();
    PYTHON.get_or_init(|| {
        let installed = venv("interop", REQUIREMENTS, "the foreign Python clients");
        installed.unwrap_or_else(|error| panic!("no foreign Python clients to test with: {error}"))
    })
}

/// The folder with the JavaScript programs and their libraries, or `None` without node. In CI that is a
/// failure.
pub fn node() -> Option<&'static Path> {
    static NODE: OnceLock<Option<PathBuf>> = OnceLock::new();
    let home = NODE.get_or_init(|| match usable_node() {
        Ok(()) => Some(install()),
        Err(reason) => {
            let in_ci = std::env::var_os("CI").is_some();
            assert!(!in_ci, "{reason}, and CI may not leave the foreign JavaScript clients out");
            report(&format!("{reason}: the foreign JavaScript clients are left out of this run"));
            None
        }
    });
    home.as_deref()
}

/// A program in Go, compiled with the libraries that Debian packages, or `None` without them. In CI that is a failure.
pub fn go(source: &Path) -> Option<PathBuf> {
    static LOCK: Mutex<()> = Mutex::new(());
    let _one_at_a_time = LOCK.lock().unwrap();
    if !Path::new(GO_LIBRARIES).join("src/golang.org/x/oauth2").is_dir() || first_line("go").is_err() {
        let in_ci = std::env::var_os("CI").is_some();
        assert!(!in_ci, "there is no golang-golang-x-oauth2-dev, and CI may not leave the clients in Go out");
        report(
            "There is no Go with x/oauth2 (Debian's golang-go, golang-golang-x-oauth2-dev): it is left out of this run",
        );
        return None;
    }
    let home = target_dir().join("latchkey/interop-go");
    fs::create_dir_all(&home).unwrap();
    let home = home.canonicalize().unwrap();
    let program = home.join(format!("{}-{}", std::process::id(), source.file_stem().unwrap().display()));
    let mut go = Command::new("go");
    go.env("GO111MODULE", "off").env("GOPATH", GO_LIBRARIES).env("GOCACHE", home.join("cache"));
    go.args(["build", "-o"]).arg(&program).arg(source);
    let output = go.stdin(Stdio::null()).output().unwrap();
    assert!(output.status.success(), "go build failed:\n{}", String::from_utf8_lossy(&output.stderr));
    Some(program)
}

/// Debian's Chromium, or `None` without it or without node. In CI that is a failure.
pub fn chromium() -> Option<&'static Path> {
    static CHROMIUM: OnceLock<Option<PathBuf>> = OnceLock::new();
    let found = CHROMIUM.get_or_init(|| {
        node()?;
        let folders = std::env::var_os("PATH").unwrap_or_default();
        let found = std::env::split_paths(&folders).map(|folder| folder.join("chromium")).find(|path| path.is_file());
        if found.is_none() {
            let in_ci = std::env::var_os("CI").is_some();
            assert!(!in_ci, "there is no chromium, and CI must run the tests of the pages");
            report("There is no chromium (Debian's package has that name): the tests of the pages are left out of this run");
        }
        found
    });
    found.as_deref()
}

/// Prints to stderr directly: the test harness hides the output of a test that passes.
pub fn report(line: &str) {
    let _ = writeln!(io::stderr(), "{line}");
}

fn usable_node() -> Result<(), String> {
    let version = first_line("node")?;
    first_line("npm")?;
    let major = version.trim_start_matches('v').split('.').next().and_then(|text| text.parse::<u32>().ok());
    match major {
        Some(major) if major >= OLDEST_NODE => Ok(()),
        _ => Err(format!("node is {version}, and they need {OLDEST_NODE} or newer")),
    }
}

fn first_line(program: &'static str) -> Result<String, String> {
    let option = if program == "go" { "version" } else { "--version" };
    let output = Command::new(program).arg(option).stdin(Stdio::null()).output();
    let output = output.map_err(|error| format!("{program} cannot be run ({error})"))?;
    if !output.status.success() {
        return Err(format!("{program} --version failed ({})", output.status));
    }
    Ok(String::from_utf8_lossy(&output.stdout).lines().next().unwrap_or_default().to_owned())
}

/// `npm ci` into `target/latchkey/interop-node`. Several processes may do so at the same time.
fn install() -> PathBuf {
    let parent = target_dir().join("latchkey");
    let home = parent.join("interop-node");
    fs::create_dir_all(&home).unwrap();
    let lock = File::create(parent.join("interop-node.lock")).unwrap();
    lock.lock().unwrap();
    let stamp = home.join("installed.txt");
    let expected = PACKAGE.map(|(_, text)| text).concat();
    if fs::read_to_string(&stamp).is_ok_and(|installed| installed == expected) {
        write(&home, SCRIPTS).unwrap();
        return home;
    }
    report("Installing the foreign JavaScript clients into target/latchkey (once) …");
    write(&home, &PACKAGE).and_then(|()| write(&home, SCRIPTS)).unwrap();
    let mut npm = Command::new("npm");
    npm.args(["ci", "--ignore-scripts", "--no-audit", "--no-fund", "--loglevel=error"]);
    let output = npm.current_dir(&home).stdin(Stdio::null()).output().unwrap();
    let text = [output.stdout, output.stderr].concat();
    assert!(output.status.success(), "npm ci failed:\n{}", String::from_utf8_lossy(&text));
    fs::write(&stamp, expected).unwrap();
    home
}

fn write(home: &Path, files: &[(&str, &str)]) -> io::Result<()> {
    files.iter().try_for_each(|(name, text)| {
        let path = home.join(name);
        // Another process may be running the program, so an unchanged file is not written again.
        if fs::read_to_string(&path).is_ok_and(|present| present == *text) {
            return Ok(());
        }
        fs::write(path, text)
    })
}
