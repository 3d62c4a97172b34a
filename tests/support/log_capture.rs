//! Captures log events of a test.

use serde_json::Value;
use shared::adapters::telemetry;
use std::collections::BTreeMap;
use std::io;
use std::sync::{Arc, Mutex};
use tracing::Dispatch;
use tracing::subscriber::DefaultGuard;
use tracing_subscriber::fmt::MakeWriter;

/// Log output that was captured.
#[derive(Clone, Default)]
pub struct CapturedLog(Arc<Mutex<Vec<u8>>>);

impl io::Write for CapturedLog {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.0.lock().unwrap().extend_from_slice(bytes);
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

impl<'a> MakeWriter<'a> for CapturedLog {
    type Writer = Self;

    fn make_writer(&'a self) -> Self {
        self.clone()
    }
}

/// Captures the log events of this thread until it is dropped.
pub struct LogGuard {
    _guard: DefaultGuard,
    _another: Dispatch,
}

impl LogGuard {
    fn to(subscriber: impl Into<Dispatch>) -> Self {
        // With a single subscriber, an event that a thread without one reaches first is cached as never
        // enabled. With two, each event asks all subscribers.
        let another = Dispatch::new(tracing_subscriber::registry());
        Self { _guard: tracing::dispatcher::set_default(&subscriber.into()), _another: another }
    }
}

impl CapturedLog {
    /// Captures all levels, libraries included.
    pub fn listen(&self) -> LogGuard {
        let dump = tracing_subscriber::fmt().json().with_max_level(tracing::Level::TRACE);
        LogGuard::to(dump.with_writer(self.clone()).finish())
    }

    /// Captures what a function logs at this level.
    pub fn listen_as(&self, level: &str) -> LogGuard {
        LogGuard::to(telemetry::subscriber(level, self.clone()))
    }

    pub fn text(&self) -> String {
        String::from_utf8_lossy(&self.0.lock().unwrap()).into_owned()
    }

    /// Every log event, oldest first.
    pub fn events(&self) -> Vec<Value> {
        self.lines(|line| line.get("_aws").is_none())
    }

    /// Every line of metrics, oldest first.
    pub fn metrics(&self) -> Vec<Value> {
        self.lines(|line| line.get("_aws").is_some())
    }

    fn lines(&self, is_wanted: impl Fn(&Value) -> bool) -> Vec<Value> {
        let lines =
            self.text().lines().map(|line| serde_json::from_str(line).unwrap()).collect::<Vec<Value>>();
        lines.into_iter().filter(is_wanted).collect()
    }

    /// The metrics of this name: the sum of each value of `dimension`.
    pub fn counts(&self, name: &str, dimension: &str) -> BTreeMap<String, u64> {
        let mut counts = BTreeMap::new();
        for line in self.metrics() {
            if let Some(count) = line[name].as_u64() {
                *counts.entry(line[dimension].as_str().unwrap_or_default().to_owned()).or_default() += count;
            }
        }
        counts
    }
}
