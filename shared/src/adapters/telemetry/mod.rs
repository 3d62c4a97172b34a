//! Logs, as lines of JSON on standard output: one structured event per outcome, and the metrics of
//! [`crate::adapters::telemetry::emf`].

pub mod emf;

use crate::adapters::lambda::catch_panic::log_panic;
use std::fmt::Debug;
use std::io::Write;
use tracing::field::{Field, Visit};
use tracing::{Event, Subscriber};
use tracing_subscriber::filter::{LevelFilter, Targets, filter_fn};
use tracing_subscriber::fmt::MakeWriter;
use tracing_subscriber::layer::{Context, SubscriberExt};
use tracing_subscriber::{Layer, Registry};

/// The crates whose events are Latchkey's own.
pub const CRATE_TARGETS: [&str; 9] =
    ["authorize", "bootstrap", "clients", "console", "expiry", "local", "rotate_keys", "shared", "token"];

/// A subscriber that writes JSON lines. `level` applies to Latchkey's own events; events of libraries are written from
/// `warn` on, because some of them log requests. Metrics are written at every level.
pub fn subscriber<W>(level: &str, writer: W) -> impl Subscriber + Send + Sync
where
    W: for<'a> MakeWriter<'a> + Clone + Send + Sync + 'static,
{
    // `Config` has checked the level; for any other text the default applies.
    let level = level.parse().unwrap_or(LevelFilter::INFO);
    let filter =
        Targets::new().with_default(LevelFilter::WARN).with_targets(CRATE_TARGETS.map(|name| (name, level)));
    let log = tracing_subscriber::fmt::layer()
        .json()
        .flatten_event(true)
        .with_current_span(true)
        .with_span_list(false)
        .with_writer(writer.clone())
        .with_filter(filter);
    let lines = MetricLines(writer).with_filter(filter_fn(|event| event.target() == emf::TARGET));
    Registry::default().with(log).with(lines)
}

/// Installs the subscriber for the process, and logs panics to it. A second call changes nothing.
pub fn install(level: &str) {
    if tracing::subscriber::set_global_default(subscriber(level, std::io::stdout)).is_err() {
        tracing::debug!("a subscriber is installed already");
    }
    std::panic::set_hook(Box::new(log_panic));
}

/// Writes the lines of metrics unchanged, as CloudWatch requires.
struct MetricLines<W>(W);

impl<S, W> Layer<S> for MetricLines<W>
where
    S: Subscriber,
    W: for<'a> MakeWriter<'a> + 'static,
{
    fn on_event(&self, event: &Event<'_>, _: Context<'_, S>) {
        let mut line = LineOf(String::new());
        event.record(&mut line);
        line.0.push('\n');
        // An error of standard output cannot be reported.
        let _ = self.0.make_writer().write_all(line.0.as_bytes());
    }
}

struct LineOf(String);

impl Visit for LineOf {
    fn record_str(&mut self, field: &Field, value: &str) {
        if field.name() == emf::MESSAGE {
            value.clone_into(&mut self.0);
        }
    }

    fn record_debug(&mut self, _: &Field, _: &dyn Debug) {}
}
