//! A stack in an emulator of AWS: deployed, called and deleted with the SAM CLI.

use super::previous;
use super::release;
use super::report;
use super::template_overrides::write_templates;
use crate::template::document::{Template, infra};
use crate::template::resolved::REQUIRED_PARAMETERS;
use local::emulator::{Emulator, EmulatorProfile, target_dir, venv};
use serde_json::Value;
use std::collections::BTreeMap;
use std::path::PathBuf;
use std::process::Command;

/// The emulator with all that a deployment needs, and the SAM CLI.
const REQUIREMENTS: &str = include_str!("requirements.txt");
pub const STAGE: &str = "it";
pub const STACK: &str = "latchkey-it";
pub const REGION: &str = "eu-central-1";
/// A key that the emulator treats as the account's own.
pub const ROOT: &str = "test";

/// Values by their names: of parameters, or of outputs.
pub type Values = BTreeMap<String, String>;

/// Whose templates are deployed.
#[derive(Clone, Copy, Debug)]
pub enum Version {
    /// Of the folder `previous`.
    Previous,
    /// What the release's script makes of this version, with the code in S3.
    Current,
}

pub struct Stack {
    pub emulator: Emulator,
    sam: PathBuf,
    work: PathBuf,
    previous: PathBuf,
    current: PathBuf,
}

impl Stack {
    /// An emulator without a stack, and what both versions need to be deployed there, in a folder for this purpose.
    pub async fn new(purpose: &str) -> Self {
        let python = venv("deployment", REQUIREMENTS, "the AWS SAM CLI and the whole AWS emulator").unwrap();
        let sam = python.with_file_name("sam");
        let work = target_dir().join("latchkey").join(format!("deployed-{purpose}-{}", std::process::id()));
        let (of_previous, of_release) = (work.join("previous"), work.join("release"));
        let release = release::build(&of_release, sam.parent().unwrap());
        let current = write_templates(&release.template, &Template::monitoring(), &[], &of_release);
        let previous = previous::write_templates(&of_previous);
        let emulator = Emulator::start_for(EmulatorProfile::Deployment(&python), None).unwrap();
        let stack = Self { emulator, sam, work, previous, current };
        stack.upload(release::BUCKET, &release.files).await;
        stack
    }

    /// Deploys a version, and returns the stack's outputs.
    pub fn deploy(&self, version: Version, purpose: &str, parameters: &[(&str, &str)]) -> Values {
        let (deployed, text) = run(&mut self.deployment(version, parameters));
        assert!(deployed, "{purpose}:\n{text}");
        let list = ["list", "stack-outputs", "--output", "json", "--stack-name", STACK];
        let listed = self.command().args(list).output().unwrap();
        let listed: Value = serde_json::from_slice(&listed.stdout).unwrap();
        let text = |output: &Value, name: &str| output[name].as_str().unwrap().to_owned();
        let outputs = listed.as_array().unwrap().iter();
        let outputs = outputs.map(|one| (text(one, "OutputKey"), text(one, "OutputValue"))).collect();
        report(&format!("stack {STACK} deployed: {purpose}"));
        outputs
    }

    /// Deploys a version, which must fail, and returns what the SAM CLI says.
    pub fn deploy_in_vain(&self, version: Version, purpose: &str, parameters: &[(&str, &str)]) -> String {
        let (deployed, text) = run(&mut self.deployment(version, parameters));
        assert!(!deployed, "{purpose}:\n{text}");
        report(&format!("stack {STACK} not deployed: {purpose}"));
        text
    }

    fn deployment(&self, version: Version, parameters: &[(&str, &str)]) -> Command {
        let (template, bucket) = match version {
            Version::Previous => (&self.previous, None),
            Version::Current => (&self.current, Some(("ArtifactBucket", release::BUCKET))),
        };
        let mut given = Values::from([("Stage".to_owned(), STAGE.to_owned())]);
        let all = REQUIRED_PARAMETERS.iter().chain(bucket.as_ref()).chain(parameters);
        given.extend(all.map(|(name, value)| ((*name).to_owned(), (*value).to_owned())));
        let mut sam = self.command();
        sam.args(["deploy", "--stack-name", STACK]).arg("--template-file").arg(template);
        sam.args(["--resolve-s3", "--capabilities", "CAPABILITY_IAM", "--no-confirm-changeset"]);
        sam.args(["--no-progressbar", "--parameter-overrides"]);
        sam.args(given.iter().map(|(name, value)| format!("{name}={value}")));
        sam
    }

    /// Runs a tool of `infra/operate` as an operator does: whether it succeeded, and its output.
    pub fn operate(&self, tool: &str, arguments: &[&str]) -> (bool, String) {
        let mut python = Command::new(self.sam.with_file_name("python"));
        python.arg(infra().join("operate").join(tool)).args(arguments);
        run(self.in_account(python.env("PYTHONDONTWRITEBYTECODE", "1")))
    }

    /// Runs lines of a document as an operator pastes them, in the root of the repository, and answers what they ask:
    /// whether they succeeded, and their output.
    pub fn paste(&self, lines: &str, answer: &str) -> (bool, String) {
        let tools = self.sam.parent().unwrap().display();
        let mut bash = Command::new("bash");
        bash.args(["-euo", "pipefail", "-c", lines]).env("PYTHONDONTWRITEBYTECODE", "1");
        bash.env("PATH", format!("{tools}:{}", std::env::var("PATH").unwrap()));
        self.in_account(&mut bash).current_dir(infra().join(".."));
        let answers = self.work.join("answers");
        std::fs::write(&answers, format!("{answer}\n")).unwrap();
        run(bash.stdin(std::fs::File::open(answers).unwrap()))
    }

    /// The SAM CLI, without writes to the developer's home directory.
    fn command(&self) -> Command {
        let mut sam = Command::new(&self.sam);
        sam.env("SAM_CLI_TELEMETRY", "0").env("__SAM_CLI_APP_DIR", self.work.join("sam"));
        self.in_account(&mut sam);
        sam
    }

    /// The emulator's account, without the developer's settings.
    fn in_account<'a>(&self, command: &'a mut Command) -> &'a mut Command {
        command
            .current_dir(&self.work)
            .env("AWS_ENDPOINT_URL", self.emulator.endpoint())
            .env("AWS_ACCESS_KEY_ID", ROOT)
            .env("AWS_SECRET_ACCESS_KEY", ROOT)
            .env("AWS_DEFAULT_REGION", REGION)
            .env("AWS_CONFIG_FILE", self.work.join("none"))
            .env("AWS_SHARED_CREDENTIALS_FILE", self.work.join("none"))
            .env_remove("AWS_PROFILE")
            .env_remove("AWS_SESSION_TOKEN")
    }
}

impl Drop for Stack {
    fn drop(&mut self) {
        if !std::thread::panicking() {
            let _ = std::fs::remove_dir_all(&self.work);
        }
    }
}

/// Runs the command: whether it succeeded, and its output.
fn run(command: &mut Command) -> (bool, String) {
    let output = command.output().unwrap();
    let (out, err) = (String::from_utf8_lossy(&output.stdout), String::from_utf8_lossy(&output.stderr));
    (output.status.success(), format!("{out}{err}"))
}
