//! How long AWS is waited for, and how often it is asked.

use super::Erased;
use crate::adapters::entropy::random;
use aws_runtime::retries::classifiers::{THROTTLING_ERRORS, TRANSIENT_ERRORS};
use aws_smithy_runtime_api::client::interceptors::context::Error;
use std::time::Duration;

/// How long to wait, and how often to ask.
#[derive(Clone, Copy, Debug)]
pub struct Patience {
    /// How often, in all; at least once.
    pub attempts: u32,
    /// How long one attempt may take. A token must not wait for a slow store longer than its caller does.
    pub each: Duration,
    /// How long all may take together; below the functions' own timeout.
    pub in_all: Duration,
}

impl Default for Patience {
    fn default() -> Self {
        Self { attempts: 3, each: Duration::from_secs(3), in_all: Duration::from_secs(8) }
    }
}

/// The longest pause after the first attempt; it doubles with each. As in the SDK.
const AFTER_A_FAILURE: Duration = Duration::from_millis(50);
/// The same, where AWS asks for fewer requests.
const AFTER_TOO_MANY: Duration = Duration::from_secs(1);

impl Patience {
    /// Asked once, and answered within this time or not at all.
    #[must_use]
    pub fn once(within: Duration) -> Self {
        Self { attempts: 1, each: within, in_all: within }
    }

    /// How long to wait before another attempt; `None` if there is to be none. Those who failed together do not come
    /// back together: it is any time up to the longest.
    pub(super) fn pause_after(
        &self,
        attempt: u32,
        failed: &Erased,
        code: fn(&Error) -> Option<&str>,
    ) -> Option<Duration> {
        if attempt >= self.attempts {
            return None;
        }
        let longest = longest_pause(failed, code)? * 2_u32.saturating_pow(attempt - 1);
        Some(longest.mul_f64(f64::from(u32::from_be_bytes(random())) / f64::from(u32::MAX)))
    }
}

/// The longest pause after a first attempt that failed so; `None` if the same request cannot fare better.
fn longest_pause(failed: &Erased, code: fn(&Error) -> Option<&str>) -> Option<Duration> {
    match failed {
        Erased::DispatchFailure(_) | Erased::TimeoutError(_) | Erased::ResponseError(_) => {
            Some(AFTER_A_FAILURE)
        }
        Erased::ServiceError(refusal) => match code(refusal.err()) {
            Some(code) if THROTTLING_ERRORS.contains(&code) => Some(AFTER_TOO_MANY),
            Some(code) if TRANSIENT_ERRORS.contains(&code) => Some(AFTER_A_FAILURE),
            _ => matches!(refusal.raw().status().as_u16(), 500 | 502 | 503 | 504).then_some(AFTER_A_FAILURE),
        },
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use aws_smithy_runtime_api::client::interceptors::context::Error as ErasedError;
    use aws_smithy_runtime_api::client::orchestrator::HttpResponse;
    use aws_smithy_runtime_api::client::result::ConnectorError;
    use aws_smithy_types::body::SdkBody;

    fn refused(status: u16) -> Erased {
        let answer = HttpResponse::new(status.try_into().unwrap(), SdkBody::empty());
        Erased::service_error(ErasedError::erase(std::fmt::Error), answer)
    }

    fn longest(failed: &Erased, code: fn(&Error) -> Option<&str>) -> Option<u128> {
        longest_pause(failed, code).map(|pause| pause.as_millis())
    }

    #[test]
    fn what_may_pass_is_tried_again_soon() {
        let lost = Erased::dispatch_failure(ConnectorError::io("gone".into()));
        for failed in
            [lost, Erased::timeout_error("late"), refused(500), refused(502), refused(503), refused(504)]
        {
            assert_eq!(longest(&failed, |_| None), Some(50), "{failed:?}");
        }
        assert_eq!(longest(&refused(400), |_| Some("RequestTimeout")), Some(50));
    }

    #[test]
    fn where_aws_asks_for_less_the_pause_is_longer() {
        assert_eq!(longest(&refused(400), |_| Some("ProvisionedThroughputExceededException")), Some(1_000));
        assert_eq!(longest(&refused(503), |_| Some("ThrottlingException")), Some(1_000));
    }

    #[test]
    fn what_was_understood_and_refused_is_not_tried_again() {
        let codes: [fn(&Error) -> Option<&str>; 4] = [
            |_| Some("ValidationException"),
            |_| Some("ConditionalCheckFailedException"),
            |_| Some("AccessDeniedException"),
            |_| None,
        ];
        for code in codes {
            assert_eq!(longest(&refused(400), code), None);
        }
        assert_eq!(longest(&Erased::construction_failure("no table"), |_| None), None);
    }

    #[test]
    fn pauses_grow_and_the_last_attempt_has_none() {
        let pause = |attempt| Patience::default().pause_after(attempt, &refused(500), |_| None);
        for _ in 0..100 {
            assert!(pause(1).unwrap() <= AFTER_A_FAILURE);
            assert!(pause(2).unwrap() <= 2 * AFTER_A_FAILURE);
        }
        assert!((0..100).any(|_| pause(2).unwrap() > AFTER_A_FAILURE));
        assert_eq!(pause(3), None);
        let once = Patience::once(Duration::from_secs(1));
        assert_eq!(once.pause_after(1, &refused(500), |_| None), None);
    }
}
