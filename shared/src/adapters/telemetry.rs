//! One structured log event per outcome, as JSON on standard output.

use tracing_subscriber::EnvFilter;
use tracing_subscriber::fmt::MakeWriter;

/// Where Latchkey's own events come from.
const OWN: [&str; 7] = ["shared", "bootstrap", "clients", "expiry", "local", "rotate_keys", "token"];

/// A subscriber that writes JSON lines. `level` is for Latchkey's own events; libraries are heard from
/// `warn` on, whatever the level, because some of them log requests.
pub fn subscriber<W>(level: &str, writer: W) -> impl tracing::Subscriber + Send + Sync
where
    W: for<'a> MakeWriter<'a> + Send + Sync + 'static,
{
    let own = OWN.map(|name| format!(",{name}={level}")).concat();
    let filter = EnvFilter::new(format!("warn{own}"));
    tracing_subscriber::fmt()
        .json()
        .flatten_event(true)
        .with_current_span(true)
        .with_span_list(false)
        .with_env_filter(filter)
        .with_writer(writer)
        .finish()
}

/// Makes the subscriber the process's own. A second call changes nothing.
pub fn install(level: &str) {
    if tracing::subscriber::set_global_default(subscriber(level, std::io::stdout)).is_err() {
        tracing::debug!("a subscriber is installed already");
    }
}
