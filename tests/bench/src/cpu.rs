//! Processor time.

use crate::Failure;
use std::time::Duration;

/// What this process's main thread has used so far; Linux counts it to the nanosecond.
pub fn used() -> Result<Duration, Failure> {
    let text = std::fs::read_to_string("/proc/thread-self/schedstat")?;
    let nanos = text.split_whitespace().next().ok_or("an empty schedstat")?;
    Ok(Duration::from_nanos(nanos.parse()?))
}

/// The processor time of one `work`, in nanoseconds, over about `at_least` of it.
pub fn of_one(at_least: Duration, mut work: impl FnMut() -> Result<(), Failure>) -> Result<f64, Failure> {
    let began = used()?;
    let mut times = 0_u32;
    loop {
        // Reading the time costs some: seldom, then.
        for _ in 0..50 {
            work()?;
        }
        times += 50;
        let taken = used()?.saturating_sub(began);
        if taken >= at_least {
            return Ok(taken.as_secs_f64() * 1e9 / f64::from(times));
        }
    }
}
