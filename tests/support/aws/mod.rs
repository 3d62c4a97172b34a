//! One emulator for the whole test binary. It stops when the binary ends.

pub mod second_opinion;

use local::emulator::Emulator;
use second_opinion::SecondOpinion;
use std::sync::OnceLock;

static EMULATOR: OnceLock<Emulator> = OnceLock::new();
static SECOND_OPINION: OnceLock<SecondOpinion> = OnceLock::new();

/// Where the emulator answers; with the second opinion on, where both emulators answer.
pub fn endpoint() -> &'static str {
    let emulator = EMULATOR
        .get_or_init(|| {
            Emulator::start(None).unwrap_or_else(|error| panic!("no emulator to test against: {error}"))
        })
        .endpoint();
    if !second_opinion::is_on() {
        return emulator;
    }
    SECOND_OPINION.get_or_init(|| SecondOpinion::start(emulator)).endpoint()
}
