//! CPU time.

use crate::BoxError;
use std::time::Duration;

/// CPU time of this process's main thread so far. Linux reports nanoseconds.
pub fn used() -> Result<Duration, BoxError> {
    let text = std::fs::read_to_string("/proc/thread-self/schedstat")?;
    let nanos = text.split_whitespace().next().ok_or("an empty schedstat")?;
    Ok(Duration::from_nanos(nanos.parse()?))
}

/// Mean CPU time of one `work` in nanoseconds, measured over at least `at_least`.
pub fn of_one(at_least: Duration, mut work: impl FnMut() -> Result<(), BoxError>) -> Result<f64, BoxError> {
    let started = used()?;
    let mut times = 0_u32;
    loop {
        // Reading the time has a cost of its own, so it is read once per 50 runs.
        for _ in 0..50 {
            work()?;
        }
        times += 50;
        let taken = used()?.saturating_sub(started);
        if taken >= at_least {
            return Ok(taken.as_secs_f64() * 1e9 / f64::from(times));
        }
    }
}
