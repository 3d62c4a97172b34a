//! A stack in an emulator of AWS: deployed, called and deleted with the SAM CLI.

use super::release;
use super::report;
use super::template_overrides::{write_release_templates, write_templates};
use crate::template::resolved::REQUIRED_PARAMETERS;
use local::emulator::{Emulator, EmulatorProfile, target_dir, venv};
use serde_json::Value;
use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::Instant;

/// The emulator with all that a deployment needs, and the SAM CLI.
const REQUIREMENTS: &str = include_str!("requirements.txt");
pub const STAGE: &str = "it";
pub const STACK: &str = "latchkey-it";
pub const REGION: &str = "eu-central-1";
/// A key that the emulator treats as the account's own.
pub const ROOT: &str = "test";

pub struct Stack {
    pub emulator: Emulator,
    sam: PathBuf,
    work: PathBuf,
}

impl Stack {
    /// An emulator without a stack.
    pub fn new() -> Self {
        let python = venv("deployment", REQUIREMENTS, "the AWS SAM CLI and the whole AWS emulator").unwrap();
        let work = target_dir().join("latchkey").join(format!("deployed-{}", std::process::id()));
        std::fs::create_dir_all(&work).unwrap();
        let emulator = Emulator::start_for(EmulatorProfile::Deployment(&python), None).unwrap();
        Self { emulator, sam: python.with_file_name("sam"), work }
    }

    /// Deploys the templates, and returns the stack's outputs.
    pub fn deploy(&self, version: &str, parameters: &[(&str, &str)]) -> BTreeMap<String, String> {
        let template = write_templates(version, &self.work.join(version));
        self.deploy_template(&template, version, parameters)
    }

    /// Deploys what the release's script makes of the functions, and returns the stack's outputs.
    pub async fn deploy_release(
        &self,
        version: &str,
        parameters: &[(&str, &str)],
    ) -> BTreeMap<String, String> {
        let folder = self.work.join(version);
        let release = release::build(&folder.join("artefacts"), self.sam.parent().unwrap());
        self.upload(release::BUCKET, &release.files).await;
        let template = write_release_templates(&release.template, &folder);
        let parameters: Vec<_> =
            parameters.iter().copied().chain([("ArtifactBucket", release::BUCKET)]).collect();
        self.deploy_template(&template, version, &parameters)
    }

    fn deploy_template(
        &self,
        template: &Path,
        version: &str,
        parameters: &[(&str, &str)],
    ) -> BTreeMap<String, String> {
        let started = Instant::now();
        let mut sam = self.sam("deploy");
        sam.arg("--template-file").arg(template);
        sam.args(["--resolve-s3", "--capabilities", "CAPABILITY_IAM", "--no-confirm-changeset"]);
        sam.args(["--no-progressbar", "--parameter-overrides", &format!("Stage={STAGE}")]);
        let all = REQUIRED_PARAMETERS.iter().chain(parameters);
        sam.args(all.map(|(name, value)| format!("{name}={value}")));
        succeed(&mut sam);
        let listed = succeed(
            self.command().args(["list", "stack-outputs", "--output", "json"]).args(["--stack-name", STACK]),
        );
        let listed: Value = serde_json::from_str(&listed).unwrap();
        let text = |output: &Value, name: &str| output[name].as_str().unwrap().to_owned();
        let outputs =
            listed.as_array().unwrap().iter().map(|one| (text(one, "OutputKey"), text(one, "OutputValue")));
        report(&format!("stack {STACK} deployed, {version}, in {:.0?}", started.elapsed()));
        outputs.collect()
    }

    fn sam(&self, verb: &str) -> Command {
        let mut sam = self.command();
        sam.args([verb, "--stack-name", STACK]);
        sam
    }

    /// The SAM CLI without the developer's settings, and without writes to their home directory.
    fn command(&self) -> Command {
        let mut sam = Command::new(&self.sam);
        sam.current_dir(&self.work)
            .env("AWS_ENDPOINT_URL", self.emulator.endpoint())
            .env("AWS_ACCESS_KEY_ID", ROOT)
            .env("AWS_SECRET_ACCESS_KEY", ROOT)
            .env("AWS_DEFAULT_REGION", REGION)
            .env("AWS_CONFIG_FILE", self.work.join("none"))
            .env("AWS_SHARED_CREDENTIALS_FILE", self.work.join("none"))
            .env("SAM_CLI_TELEMETRY", "0")
            .env("__SAM_CLI_APP_DIR", self.work.join("sam"))
            .env_remove("AWS_PROFILE")
            .env_remove("AWS_SESSION_TOKEN");
        sam
    }
}

impl Drop for Stack {
    fn drop(&mut self) {
        if !std::thread::panicking() {
            let _ = std::fs::remove_dir_all(&self.work);
        }
    }
}

/// Runs the command, and returns its standard output.
fn succeed(command: &mut Command) -> String {
    let output = command.output().unwrap();
    let (out, err) = (String::from_utf8_lossy(&output.stdout), String::from_utf8_lossy(&output.stderr));
    assert!(output.status.success(), "{command:?}:\n{out}\n{err}");
    out.into_owned()
}
