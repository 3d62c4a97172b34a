//! Publishes events to EventBridge. Delivery is not guaranteed: a failure is logged and counted, and the audit trail is
//! the reliable record.

use crate::adapters::error::BackendError;
use crate::domain::audit::event::DomainEvent;
use aws_sdk_eventbridge::config::retry::RetryConfig;
use aws_sdk_eventbridge::config::timeout::TimeoutConfig;
use aws_sdk_eventbridge::types::PutEventsRequestEntry;
use std::time::Duration;

/// The source of every event.
pub const SOURCE: &str = "latchkey";

/// The most events in one `PutEvents` request.
const BATCH: usize = 10;
/// The most time that a request may take. A change waits for its event before its response is sent.
const TIMEOUT: Duration = Duration::from_secs(1);
const OP: &str = "sending events";

/// Publishes to the configured event bus, if there is one.
#[derive(Clone, Debug)]
pub struct EventPublisher {
    bus: Option<EventBus>,
}

#[derive(Clone, Debug)]
struct EventBus {
    client: aws_sdk_eventbridge::Client,
    name: String,
}

impl EventPublisher {
    /// Publishes to the bus of this name or ARN; without one, publishes nothing.
    #[must_use]
    pub fn new(client: &aws_sdk_eventbridge::Client, bus: Option<String>) -> Self {
        let bus = bus.map(|name| {
            let config = client
                .config()
                .to_builder()
                .retry_config(RetryConfig::disabled())
                .timeout_config(TimeoutConfig::builder().operation_timeout(TIMEOUT).build());
            EventBus { client: aws_sdk_eventbridge::Client::from_conf(config.build()), name }
        });
        Self { bus }
    }

    /// Sends events in this order, and returns how many were not accepted. After a request that fails, the rest is not
    /// sent, so that an unavailable bus costs one second in all.
    pub async fn send(&self, events: &[DomainEvent<'_>]) -> usize {
        let Some(bus) = &self.bus else { return 0 };
        let mut failed = 0;
        for (number, batch) in events.chunks(BATCH).enumerate() {
            match bus.put(batch).await {
                Ok(refused) => failed += refused,
                Err(fault) => {
                    let unsent = &events[number * BATCH..];
                    for event in unsent {
                        warn(event, &fault);
                    }
                    return failed + unsent.len();
                }
            }
        }
        failed
    }
}

impl EventBus {
    /// Sends a batch, and returns how many events were rejected.
    async fn put(&self, batch: &[DomainEvent<'_>]) -> Result<usize, BackendError> {
        let entries = batch.iter().map(|event| self.entry(event)).collect::<Result<_, _>>()?;
        let sent = self.client.put_events().set_entries(Some(entries)).send().await;
        let output = sent.map_err(|error| BackendError::aws(OP, &error))?;
        // The results are in the order of the entries.
        let refused = output.entries().iter().zip(batch).filter_map(|(result, event)| {
            let code = result.error_code()?;
            Some((event, format!("{code}: {}", result.error_message().unwrap_or("no message"))))
        });
        for (event, cause) in refused {
            warn(event, &BackendError::new(OP, cause));
        }
        Ok(usize::try_from(output.failed_entry_count()).unwrap_or_default())
    }

    fn entry(&self, event: &DomainEvent<'_>) -> Result<PutEventsRequestEntry, BackendError> {
        let detail = serde_json::to_string(event).map_err(|error| BackendError::new(OP, error))?;
        Ok(PutEventsRequestEntry::builder()
            .event_bus_name(&self.name)
            .source(SOURCE)
            .detail_type(event.name())
            .detail(detail)
            .build())
    }
}

fn warn(event: &DomainEvent<'_>, cause: &BackendError) {
    tracing::warn!(
        event = event.name(),
        account_id = event.account_id().as_str(),
        cause = %cause,
        "event not sent"
    );
}
