//! One emulator for the whole test binary: one that runs already, or one that stops when the binary ends.

pub mod second_opinion;

use jiff::Timestamp;
use local::emulator::Emulator;
use second_opinion::SecondOpinion;
use std::sync::OnceLock;

/// Environment variable with the URL of an emulator that runs already, such as `http://127.0.0.1:4566`.
const RUNNING: &str = "LATCHKEY_TEST_AWS";

static RUN: OnceLock<Run> = OnceLock::new();
static SECOND_OPINION: OnceLock<SecondOpinion> = OnceLock::new();

/// The emulator of this test run.
struct Run {
    endpoint: String,
    started_at: Timestamp,
    /// `None` if the emulator ran already.
    own: Option<Emulator>,
}

fn run() -> &'static Run {
    RUN.get_or_init(|| {
        let started_at = Timestamp::now();
        if let Some(url) = std::env::var(RUNNING).ok().filter(|url| !url.is_empty()) {
            return Run { endpoint: url.trim_end_matches('/').to_owned(), started_at, own: None };
        }
        let own =
            Emulator::start(None).unwrap_or_else(|error| panic!("no emulator to test against: {error}"));
        Run { endpoint: own.endpoint().to_owned(), started_at, own: Some(own) }
    })
}

/// The URL of the emulator; with the second opinion enabled, of the routing server of both emulators.
pub fn endpoint() -> &'static str {
    let emulator = &run().endpoint;
    if !second_opinion::is_on() {
        return emulator;
    }
    SECOND_OPINION.get_or_init(|| SecondOpinion::start(emulator)).endpoint()
}

/// Time before which the emulator may have been used by other test runs.
pub fn started_at() -> Timestamp {
    run().started_at
}

/// Prefix of this run's stages, so that no table or secret of an earlier run on the same emulator is used.
pub fn stage_prefix() -> String {
    let Run { started_at, own, .. } = run();
    if own.is_some() { "t".to_owned() } else { format!("t{:x}x", started_at.as_second()) }
}
