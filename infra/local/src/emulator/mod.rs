//! The AWS emulator. It is installed once inside `target/`, with checked hashes, started on a free port, and stops with
//! the process that started it.

use std::fs::{self, File};
use std::io;
use std::net::{SocketAddr, TcpListener, TcpStream};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::thread;
use std::time::Duration;

const REQUIREMENTS: &str = include_str!("../../emulator-requirements.txt");
const LAUNCHER: &str = include_str!("emulator.py");
const SERVICES: &str = "dynamodb,secretsmanager,ses,events";

/// Configuration of an emulator.
#[derive(Clone, Copy, Debug)]
pub enum EmulatorProfile<'a> {
    /// The services that Latchkey calls. With a directory, the emulator keeps its state there.
    Latchkey(Option<&'a Path>),
    /// Every service, for a whole deployment, run by this Python, which has the packages for that. Functions run in it, with
    /// no more than the permissions of their roles.
    Deployment(&'a Path),
}

/// Attempts to connect until the emulator is ready: for 20 seconds.
const READY_ATTEMPTS: u32 = 400;
const READY_POLL: Duration = Duration::from_millis(50);

/// Error of installing or starting the emulator.
#[derive(Debug, thiserror::Error)]
pub enum EmulatorError {
    /// Python is missing.
    #[error(
        "the AWS emulator needs Python 3.10 or newer with venv, and `python3` was not found; install it \
         (Debian and Ubuntu: apt-get install python3 python3-venv; macOS: brew install python) and try again"
    )]
    NoPython,
    /// A step of the installation failed.
    #[error("{step} failed:\n{output}")]
    Install {
        /// The step.
        step: &'static str,
        /// Output of the program.
        output: String,
    },
    /// It exited, or was not ready in time. Holds the end of its log.
    #[error("the AWS emulator did not start; the end of its log:\n{0}")]
    NotReady(String),
    /// A file or process operation failed.
    #[error("{0}: {1}")]
    Io(&'static str, #[source] io::Error),
}

/// A running emulator. It stops when this value is dropped or the process ends.
#[derive(Debug)]
pub struct Emulator {
    child: Child,
    endpoint: String,
    log: PathBuf,
}

fn io_error(operation: &'static str) -> impl FnOnce(io::Error) -> EmulatorError {
    move |error| EmulatorError::Io(operation, error)
}

impl Emulator {
    /// Installs the emulator if it is missing, and starts it. With `state`, it keeps its state there.
    pub fn start(state: Option<&Path>) -> Result<Self, EmulatorError> {
        Self::start_for(EmulatorProfile::Latchkey(state), None)
    }

    /// Starts an emulator with this profile, at this address or at a free port of 127.0.0.1.
    pub fn start_for(
        profile: EmulatorProfile<'_>,
        address: Option<SocketAddr>,
    ) -> Result<Self, EmulatorError> {
        let python = match profile {
            EmulatorProfile::Latchkey(_) => install()?,
            EmulatorProfile::Deployment(python) => python.to_owned(),
        };
        let work = target_dir().join("latchkey");
        let address = address.map_or_else(free_address, Ok).map_err(io_error("finding a free port"))?;
        let log_path = work.join(format!("emulator-{}.log", address.port()));
        let log = File::create(&log_path).map_err(io_error("opening the emulator's log"))?;
        let errors = log.try_clone().map_err(io_error("opening the emulator's log"))?;
        let mut command = Command::new(python);
        command
            .args(["-c", LAUNCHER])
            .env("BIND_HOST", address.ip().to_string())
            .env("GATEWAY_PORT", address.port().to_string())
            .env("IOT_MTLS_ENABLED", "0")
            .env("LOG_LEVEL", "WARNING")
            .stdin(Stdio::piped())
            .stdout(log)
            .stderr(errors);
        let endpoint = format!("http://{address}");
        match profile {
            EmulatorProfile::Latchkey(state) => {
                command.env("SERVICES", SERVICES);
                if let Some(state) = state {
                    fs::create_dir_all(state).map_err(io_error("creating the state's directory"))?;
                    command.env("PERSIST_STATE", "1").env("STATE_DIR", state);
                }
            }
            // The functions inherit the endpoint.
            EmulatorProfile::Deployment(_) => {
                command.env_remove("SERVICES").env("AUTH", "true").env("AWS_ENDPOINT_URL", &endpoint);
            }
        }
        own_group(&mut command);
        let child = command.spawn().map_err(io_error("starting the emulator"))?;
        let mut emulator = Self { child, endpoint, log: log_path };
        emulator.wait_until_ready(address)?;
        Ok(emulator)
    }

    /// URL of the emulator.
    #[must_use]
    pub fn endpoint(&self) -> &str {
        &self.endpoint
    }

    fn wait_until_ready(&mut self, address: SocketAddr) -> Result<(), EmulatorError> {
        for _ in 0..READY_ATTEMPTS {
            if TcpStream::connect(address).is_ok() {
                return Ok(());
            }
            if self.child.try_wait().map_err(io_error("watching the emulator"))?.is_some() {
                break;
            }
            thread::sleep(READY_POLL);
        }
        let log = fs::read_to_string(&self.log).unwrap_or_default();
        let lines: Vec<&str> = log.lines().collect();
        Err(EmulatorError::NotReady(lines[lines.len().saturating_sub(20)..].join("\n")))
    }
}

impl Drop for Emulator {
    /// Closes the pipe, and waits until the emulator has written its state.
    fn drop(&mut self) {
        drop(self.child.stdin.take());
        if self.child.wait().is_ok_and(|status| status.success()) {
            let _ = fs::remove_file(&self.log);
        }
    }
}

/// A group of its own: Ctrl-C in a terminal goes to the whole group, and the emulator must outlive the runner.
#[cfg(unix)]
fn own_group(command: &mut Command) {
    std::os::unix::process::CommandExt::process_group(command, 0);
}

#[cfg(not(unix))]
fn own_group(_command: &mut Command) {}

fn free_address() -> io::Result<SocketAddr> {
    TcpListener::bind(("127.0.0.1", 0))?.local_addr()
}

/// The directory of build output, which runs use too.
#[must_use]
#[expect(
    clippy::disallowed_methods,
    reason = "cargo names target/ in this variable; nothing of this is deployed"
)]
pub fn target_dir() -> PathBuf {
    std::env::var_os("CARGO_TARGET_DIR")
        .map_or_else(|| Path::new(env!("CARGO_MANIFEST_DIR")).join("../../target"), PathBuf::from)
}

/// A Python with the emulator, in exactly the versions and hashes of the requirements.
fn install() -> Result<PathBuf, EmulatorError> {
    venv("emulator", REQUIREMENTS, "the AWS emulator")
}

/// The Python of a virtual environment with these requirements, which is created once. Several processes may call this
/// concurrently.
pub fn venv(name: &str, requirements: &str, what: &'static str) -> Result<PathBuf, EmulatorError> {
    let home = target_dir().join("latchkey");
    fs::create_dir_all(&home).map_err(io_error("creating target/latchkey"))?;
    let lock = File::create(home.join(format!("{name}.lock")))
        .map_err(io_error("opening the installation's lock"))?;
    lock.lock().map_err(io_error("waiting for another installation"))?;
    let (venv, stamp) = (home.join(name), home.join(name).join("installed.txt"));
    let python = venv.join("bin").join("python");
    if fs::read_to_string(&stamp).is_ok_and(|installed| installed == requirements) {
        return Ok(python);
    }
    progress(&format!("Installing {what} into target/latchkey (once, about a minute) …"));
    let list = home.join(format!("{name}-requirements.txt"));
    fs::write(&list, requirements).map_err(io_error("writing the requirements"))?;
    run(
        "creating a virtual environment",
        Command::new("python3").args(["-m", "venv", "--clear"]).arg(&venv),
    )?;
    let mut pip = Command::new(&python);
    pip.args(["-m", "pip", "install", "--quiet", "--disable-pip-version-check"]);
    // The list is complete. Without `--no-deps` pip would reject `boto3[crt]`, which a package requires, as an unlisted one.
    pip.args(["--no-deps", "--require-hashes", "-r"]);
    run("installing with pip", pip.arg(&list))?;
    fs::write(&stamp, requirements).map_err(io_error("finishing the installation"))?;
    Ok(python)
}

fn run(step: &'static str, command: &mut Command) -> Result<(), EmulatorError> {
    let output = command.output().map_err(|error| match error.kind() {
        io::ErrorKind::NotFound => EmulatorError::NoPython,
        _ => EmulatorError::Io(step, error),
    })?;
    if output.status.success() {
        return Ok(());
    }
    let output = [output.stdout, output.stderr].concat();
    Err(EmulatorError::Install { step, output: String::from_utf8_lossy(&output).into_owned() })
}

#[expect(clippy::print_stderr, reason = "a person waits at a terminal")]
fn progress(line: &str) {
    eprintln!("{line}");
}
