//! The text of a topic as HTML.

use super::topic::{Topic, slug};
use pulldown_cmark::{CodeBlockKind, CowStr, Event, Options, Parser, Tag, TagEnd, html};

/// Diagrams, which would need a program to be drawn.
const DIAGRAM: &str = "mermaid";

/// The HTML of a topic's text. Links between the documents lead to the topics.
pub fn topic_html(text: &str, topic: Topic) -> String {
    to_html(text, &|link| target(link, topic))
}

/// The HTML of a text. Code and tables can be scrolled by keyboard, headings have anchors, and links lead to their `target`.
pub fn to_html(text: &str, target: &dyn Fn(&str) -> String) -> String {
    let options = Options::ENABLE_TABLES | Options::ENABLE_STRIKETHROUGH;
    let mut events: Vec<Event<'_>> = Vec::new();
    let mut heading: Option<(usize, String)> = None;
    let mut is_diagram = false;
    for event in Parser::new_ext(text, options) {
        match event {
            Event::Start(Tag::CodeBlock(CodeBlockKind::Fenced(language))) if &*language == DIAGRAM => {
                is_diagram = true;
            }
            Event::End(TagEnd::CodeBlock) if is_diagram => is_diagram = false,
            _ if is_diagram => {}
            Event::Start(Tag::CodeBlock(_)) => {
                events.push(markup("<pre tabindex=\"0\"><code translate=\"no\">"));
            }
            Event::End(TagEnd::CodeBlock) => events.push(markup("</code></pre>")),
            Event::Start(Tag::Table(alignment)) => {
                events.push(markup("<div class=\"scroll\" tabindex=\"0\">"));
                events.push(Event::Start(Tag::Table(alignment)));
            }
            Event::End(TagEnd::Table) => {
                events.push(Event::End(TagEnd::Table));
                events.push(markup("</div>"));
            }
            Event::Start(Tag::Heading { level, classes, attrs, .. }) => {
                heading = Some((events.len(), String::new()));
                events.push(Event::Start(Tag::Heading { level, id: None, classes, attrs }));
            }
            Event::End(TagEnd::Heading(level)) => {
                if let Some((start, title)) = heading.take()
                    && let Event::Start(Tag::Heading { id, .. }) = &mut events[start]
                {
                    *id = Some(CowStr::from(slug(&title)));
                }
                events.push(Event::End(TagEnd::Heading(level)));
            }
            Event::Start(Tag::Link { link_type, dest_url, title, id }) => {
                let dest_url = CowStr::from(target(&dest_url));
                events.push(Event::Start(Tag::Link { link_type, dest_url, title, id }));
            }
            other => {
                if let (Some((_, title)), Event::Text(text) | Event::Code(text)) = (&mut heading, &other) {
                    title.push_str(text);
                }
                events.push(other);
            }
        }
    }
    let mut out = String::with_capacity(text.len() * 2);
    html::push_html(&mut out, events.into_iter());
    // The head of a table without headings is no heading.
    out.replace("<th></th>", "<td></td>")
}

fn markup(html: &'static str) -> Event<'static> {
    Event::Html(CowStr::Borrowed(html))
}

/// Where a link leads in the help.
fn target(link: &str, topic: Topic) -> String {
    let (path, anchor) = link.split_once('#').unwrap_or((link, ""));
    let document = if path.is_empty() { Some(topic.document()) } else { path.strip_prefix("/docs/") };
    match document.and_then(|document| Topic::of_link(document, anchor)) {
        Some(found) if anchor.is_empty() => found.url(),
        Some(found) => format!("{}#{anchor}", found.url()),
        None => link.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn code_and_tables_can_be_scrolled_and_headings_be_linked() {
        let html = topic_html("## A *b* `c`\n\n```sh\na < b\n```\n\n| a |\n|---|\n| b |\n", Topic::Tokens);
        assert!(html.contains("<h2 id=\"a-b-c\">"), "{html}");
        assert!(
            html.contains("<pre tabindex=\"0\"><code translate=\"no\">a &lt; b\n</code></pre>"),
            "{html}"
        );
        assert!(html.contains("<div class=\"scroll\" tabindex=\"0\"><table>"), "{html}");
    }

    #[test]
    fn diagrams_are_left_out_and_links_lead_to_topics() {
        let html = topic_html(
            "```mermaid\nx\n```\n[a](/docs/management.md#audit-trail) [b](#errors)",
            Topic::Verification,
        );
        assert!(!html.contains("<pre"), "{html}");
        assert!(html.contains("href=\"/console/help/management-api#audit-trail\""), "{html}");
        assert!(html.contains("href=\"/console/help/tokens#errors\""), "{html}");
    }
}
