//! Events of SES about e-mails that were sent (the JSON of its event publishing), as SNS hands them to a function.

use crate::domain::account::mail::{MailRecipient, SuppressionReason};
use crate::domain::primitives::email::EmailAddress;
use crate::domain::primitives::ids::AccountId;
use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use serde::Deserialize;
use std::collections::BTreeMap;

/// The tag of an e-mail that names its account.
pub(super) const ACCOUNT_TAG: &str = "latchkey-account";

/// The tag's value: ids have full stops, which a value cannot.
pub(super) fn account_tag(account: &AccountId) -> String {
    URL_SAFE_NO_PAD.encode(account.as_str())
}

/// An e-mail did not reach its recipient, or its recipient complained.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Undelivered {
    /// The recipient.
    pub recipient: MailRecipient,
    /// What happened.
    pub reason: SuppressionReason,
}

/// The messages of SNS in an event of a function; `None` if it is an event of another kind.
#[must_use]
pub fn sns_messages(event: &serde_json::Value) -> Option<Vec<String>> {
    #[derive(Deserialize)]
    struct Event {
        #[serde(rename = "Records")]
        records: Vec<Record>,
    }
    #[derive(Deserialize)]
    struct Record {
        #[serde(rename = "Sns")]
        sns: Message,
    }
    #[derive(Deserialize)]
    struct Message {
        #[serde(rename = "Message")]
        message: String,
    }
    let event = Event::deserialize(event).ok()?;
    Some(event.records.into_iter().map(|record| record.sns.message).collect())
}

#[derive(Deserialize)]
#[serde(tag = "eventType")]
enum Event {
    Bounce {
        mail: Mail,
        bounce: Bounce,
    },
    Complaint {
        mail: Mail,
        complaint: Complaint,
    },
    #[serde(other)]
    Other,
}

#[derive(Deserialize)]
struct Mail {
    destination: Vec<String>,
    #[serde(default)]
    tags: BTreeMap<String, Vec<String>>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Bounce {
    bounce_type: String,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Complaint {
    #[serde(default)]
    complaint_feedback_type: Option<String>,
}

/// What a message says of one of our e-mails; `None` if it is about another e-mail, or nothing that lasts: a full mailbox, or
/// a reader who reports that an e-mail is no spam.
pub fn parse(message: &str) -> Result<Option<Undelivered>, serde_json::Error> {
    let (mail, reason) = match serde_json::from_str(message)? {
        Event::Bounce { mail, bounce } if bounce.bounce_type == "Permanent" => {
            (mail, SuppressionReason::Bounced)
        }
        Event::Complaint { mail, complaint }
            if complaint.complaint_feedback_type.as_deref() != Some("not-spam") =>
        {
            (mail, SuppressionReason::Complained)
        }
        Event::Bounce { .. } | Event::Complaint { .. } | Event::Other => return Ok(None),
    };
    Ok(recipient(&mail).map(|recipient| Undelivered { recipient, reason }))
}

/// The recipient that the e-mail was sent to, which is not always the one that it bounced from.
fn recipient(mail: &Mail) -> Option<MailRecipient> {
    let [tag] = mail.tags.get(ACCOUNT_TAG)?.as_slice() else { return None };
    let [destination] = mail.destination.as_slice() else { return None };
    let account_id = String::from_utf8(URL_SAFE_NO_PAD.decode(tag).ok()?).ok()?;
    Some(MailRecipient {
        account_id: AccountId::parse(&account_id).ok()?,
        email: EmailAddress::parse(destination).ok()?,
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::{Value, json};

    fn account() -> AccountId {
        AccountId::parse("T1.a-b_c").expect("legal")
    }

    fn mail() -> Value {
        json!({
            "timestamp": "2026-12-01T08:00:00.000Z", "source": "latchkey@latchkey.example", "messageId": "1",
            "destination": ["Ann@acme.example"], "headersTruncated": false, "headers": [],
            "tags": { "ses:configuration-set": ["latchkey-prod"], ACCOUNT_TAG: [account_tag(&account())] },
        })
    }

    fn bounce(kind: &str, mail: &Value) -> String {
        let recipients = json!([{ "emailAddress": "forwarded@elsewhere.example", "action": "failed" }]);
        let bounce =
            json!({ "bounceType": kind, "bounceSubType": "General", "bouncedRecipients": recipients });
        json!({ "eventType": "Bounce", "mail": mail, "bounce": bounce }).to_string()
    }

    fn complaint(kind: Option<&str>) -> String {
        let mut complaint = json!({ "complainedRecipients": [{ "emailAddress": "ann@acme.example" }] });
        if let Some(kind) = kind {
            complaint["complaintFeedbackType"] = kind.into();
        }
        json!({ "eventType": "Complaint", "mail": mail(), "complaint": complaint }).to_string()
    }

    #[test]
    fn what_lasts_is_of_the_address_that_was_written_to() {
        for (message, reason) in [
            (bounce("Permanent", &mail()), SuppressionReason::Bounced),
            (complaint(Some("abuse")), SuppressionReason::Complained),
            (complaint(None), SuppressionReason::Complained),
        ] {
            let undelivered = parse(&message).expect("an event").expect("it lasts");
            let email = EmailAddress::parse("ann@acme.example").expect("legal");
            assert_eq!(undelivered.recipient, MailRecipient { account_id: account(), email });
            assert_eq!(undelivered.reason, reason);
        }
    }

    #[test]
    fn other_events_and_e_mails_of_others_are_ignored() {
        let without_tags = json!({ "destination": ["ann@acme.example"] });
        let mut to_two = mail();
        to_two["destination"] = json!(["ann@acme.example", "bob@acme.example"]);
        let mut other_tag = mail();
        other_tag["tags"][ACCOUNT_TAG] = json!(["!"]);
        for message in [
            bounce("Transient", &mail()),
            bounce("Undetermined", &mail()),
            complaint(Some("not-spam")),
            bounce("Permanent", &without_tags),
            bounce("Permanent", &to_two),
            bounce("Permanent", &other_tag),
            json!({ "eventType": "Reject", "mail": mail(), "reject": { "reason": "Bad content" } })
                .to_string(),
        ] {
            assert_eq!(parse(&message).expect("an event"), None, "{message}");
        }
        assert!(parse("{}").is_err() && parse("Budget exceeded").is_err());
    }

    #[test]
    fn only_events_of_sns_have_messages() {
        let event = json!({ "Records": [{ "EventSource": "aws:sns", "Sns": { "Message": "{}", "Type": "Notification" } }] });
        assert_eq!(sns_messages(&event), Some(vec!["{}".to_owned()]));
        assert_eq!(sns_messages(&json!({ "source": "aws.scheduler" })), None);
        assert_eq!(sns_messages(&json!({})), None);
    }
}
