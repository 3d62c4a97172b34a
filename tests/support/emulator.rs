//! One emulator for the whole test binary. It stops when the binary ends.

use local::emulator::Emulator;
use std::sync::OnceLock;

static EMULATOR: OnceLock<Emulator> = OnceLock::new();

/// Where the emulator answers.
pub fn endpoint() -> &'static str {
    EMULATOR
        .get_or_init(|| {
            Emulator::start(None).unwrap_or_else(|error| panic!("no emulator to test against: {error}"))
        })
        .endpoint()
}
