//! Whether an SVG is nothing but a picture. It is shown as an image, in which browsers run no script and load nothing; that it
//! has neither is checked all the same, since operators save and open it.

use super::InvalidLogo;
use roxmltree::{Document, Node};

const SVG: &str = "http://www.w3.org/2000/svg";

/// The elements that a picture may have.
const ELEMENTS: [&str; 25] = [
    "svg",
    "g",
    "defs",
    "symbol",
    "use",
    "title",
    "desc",
    "style",
    "path",
    "rect",
    "circle",
    "ellipse",
    "line",
    "polyline",
    "polygon",
    "text",
    "tspan",
    "linearGradient",
    "radialGradient",
    "stop",
    "clipPath",
    "mask",
    "pattern",
    "filter",
    "feGaussianBlur",
];

/// Checks every element, attribute and style.
pub fn check(text: &str) -> Result<(), InvalidLogo> {
    let document = Document::parse(text).map_err(|_| InvalidLogo::Xml)?;
    let root = document.root_element();
    if !(root.has_tag_name((SVG, "svg"))) {
        return Err(InvalidLogo::Xml);
    }
    for node in document.descendants() {
        if node.is_pi() {
            return Err(InvalidLogo::Svg("a processing instruction".to_owned()));
        }
        if node.is_element() {
            check_element(node)?;
        }
    }
    Ok(())
}

fn check_element(element: Node<'_, '_>) -> Result<(), InvalidLogo> {
    let name = element.tag_name();
    if name.namespace() != Some(SVG) || !ELEMENTS.contains(&name.name()) {
        return Err(InvalidLogo::Svg(format!("the element {}", name.name())));
    }
    for attribute in element.attributes() {
        let (name, value) = (attribute.name().to_ascii_lowercase(), attribute.value());
        let is_handler = name.starts_with("on") || name == "base";
        let leads_away = name == "href" && !value.trim_start().starts_with('#');
        if is_handler || leads_away || !is_local_style(value) {
            return Err(InvalidLogo::Svg(format!("the attribute {name}")));
        }
    }
    let style: String = element.children().filter_map(|child| child.text()).collect();
    if name.name() == "style" && (style.contains('@') || !is_local_style(&style)) {
        return Err(InvalidLogo::Svg("a style that loads something".to_owned()));
    }
    Ok(())
}

/// Whether each `url(…)` is of the picture itself. A backslash could hide one (CSS Syntax §4.3.7).
fn is_local_style(style: &str) -> bool {
    let style = style.to_ascii_lowercase();
    let is_local = |rest: &str| rest.trim_start().trim_start_matches(['"', '\'']).starts_with('#');
    !style.contains('\\')
        && style.split("url(").skip(1).all(is_local)
        && !style.contains("image(")
        && !style.contains("image-set(")
}
