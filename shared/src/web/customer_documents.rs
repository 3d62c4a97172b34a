//! The documents that programs and people of customers need, with this deployment's own issuer in them.

/// A document.
pub struct Document {
    /// Its name below `/docs/`.
    pub name: &'static str,
    /// Where the repository has it, below `functions`.
    path: &'static str,
    /// What it is about.
    pub about: &'static str,
    text: &'static str,
}

/// All of them.
pub const DOCUMENTS: [Document; 5] = [
    Document {
        name: "start.md",
        path: "README.md",
        about: "a first token, and calling the management API",
        text: include_str!("../../../functions/clients/docs/start.md"),
    },
    Document {
        name: "token.md",
        path: "token/README.md",
        about: "tokens: client authentication, verification, introspection, errors",
        text: include_str!("../../../functions/token/README.md"),
    },
    Document {
        name: "authorize.md",
        path: "authorize/README.md",
        about: "the authorization code flow: acting for a person",
        text: include_str!("../../../functions/authorize/README.md"),
    },
    Document {
        name: "management.md",
        path: "clients/README.md",
        about: "the management API: clients, secrets and their rotation, audit trail",
        text: include_str!("../../../functions/clients/README.md"),
    },
    Document {
        name: "reminders.md",
        path: "expiry/README.md",
        about: "reminders before secrets and certificates expire",
        text: include_str!("../../../functions/expiry/README.md"),
    },
];

/// The lines around what a document says to operators and developers of Latchkey only.
const OPERATOR: [&str; 2] = ["<!-- operator -->", "<!-- /operator -->"];

/// How documents spell the issuer.
const ISSUERS: [&str; 2] = ["http://127.0.0.1:8787", "https://id.example.com"];

impl Document {
    /// The document of a name.
    #[must_use]
    pub fn named(name: &str) -> Option<&'static Self> {
        DOCUMENTS.iter().find(|document| document.name == name)
    }

    /// Its text for this deployment, in Markdown: with its issuer, links between these documents, and of other links only their
    /// text, because what they lead to is the operator's. What is for operators only is left out.
    #[must_use]
    pub fn text(&self, issuer: &str) -> String {
        render(self.text, issuer)
    }

    /// Some of its sections, by their headings, as [`Document::text`] has them.
    #[must_use]
    pub fn sections(&self, headings: &[&str], issuer: &str) -> String {
        let (mut chosen, mut is_chosen, mut is_code) = (String::new(), false, false);
        for line in self.text.lines() {
            is_code ^= line.starts_with("```");
            if let Some(heading) = line.strip_prefix("## ").filter(|_| !is_code) {
                is_chosen = headings.contains(&heading);
            }
            if is_chosen {
                chosen.push_str(line);
                chosen.push('\n');
            }
        }
        render(&chosen, issuer)
    }
}

fn render(text: &str, issuer: &str) -> String {
    let mut rendered = String::with_capacity(text.len());
    let mut is_for_operators = false;
    for line in text.lines() {
        if OPERATOR.contains(&line) {
            is_for_operators = line == OPERATOR[0];
        }
        if is_for_operators || line.starts_with("<!--") {
            continue;
        }
        rendered += &links(line);
        rendered.push('\n');
    }
    ISSUERS.iter().fold(rendered, |text, spelled| text.replace(spelled, issuer))
}

/// A line with its links rewritten.
fn links(line: &str) -> String {
    let mut out = String::with_capacity(line.len());
    let mut rest = line;
    while let Some((before, after)) = rest.split_once("](") {
        let Some((target, after)) = after.split_once(')') else { break };
        match (before.rfind('['), served(target)) {
            (_, Some(target)) => out.extend([before, "](", &target, ")"]),
            (Some(open), None) => out.extend([&before[..open], &before[open + 1..]]),
            (None, None) => out += before,
        }
        rest = after;
    }
    out + rest
}

/// Where a link leads within these documents; `None` if it leads out of them.
fn served(target: &str) -> Option<String> {
    if target.contains("://") || target.starts_with('#') {
        return Some(target.to_owned());
    }
    let (path, anchor) = target.split_once('#').unwrap_or((target, ""));
    let path = path.trim_start_matches("../");
    let document = DOCUMENTS.iter().find(|document| document.path == path)?;
    let anchored = !anchor.is_empty() && document.name != "start.md";
    Some(format!("/docs/{}{}", document.name, if anchored { format!("#{anchor}") } else { String::new() }))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn links_between_served_documents_stay() {
        assert_eq!(links("a [b](../token/README.md#errors) c"), "a [b](/docs/token.md#errors) c");
        assert_eq!(links("[b](../../README.md#the-first-token)"), "[b](/docs/start.md)");
        assert_eq!(links("[b](https://example.com) [c](#d)"), "[b](https://example.com) [c](#d)");
    }

    #[test]
    fn other_links_become_text() {
        assert_eq!(links("see [limits](../../infra/docs/limits.md)."), "see limits.");
    }

    #[test]
    fn documents_have_this_deployments_issuer_only() {
        for document in &DOCUMENTS {
            let text = document.text("https://login.acme.test");
            assert!(text.starts_with("# "), "{}", document.name);
            assert!(ISSUERS.iter().all(|spelled| !text.contains(spelled)), "{}", document.name);
            assert!(!text.contains("<!--") && !text.contains("](../"), "{}", document.name);
        }
    }

    #[test]
    fn what_is_for_operators_only_is_left_out() {
        let text = "a\n<!-- operator -->\nb\n\n```sh\nc\n```\n<!-- /operator -->\nd\n";
        assert_eq!(render(text, "https://login.acme.test"), "a\nd\n");
        for document in &DOCUMENTS {
            let [begins, ends] =
                OPERATOR.map(|mark| document.text.lines().filter(|line| *line == mark).count());
            assert_eq!(begins, ends, "{}", document.name);
        }
    }

    #[test]
    fn sections_are_found_by_their_headings() {
        let reminders = Document::named("reminders.md").expect("a document");
        let text = reminders.sections(&["Reminders"], "https://login.acme.test");
        assert!(text.starts_with("## Reminders\n"), "{text}");
        assert!(!text.contains("## Events") && text.len() > 500);
        assert_eq!(reminders.sections(&["Gone"], "https://login.acme.test"), "");
    }
}
