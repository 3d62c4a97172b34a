//! What can be a logo.

use super::*;

/// A whole PNG: one pixel.
const PNG: &str =
    "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNkYPhfDwAChwGA60e6kgAAAABJRU5ErkJggg==";

fn png() -> Vec<u8> {
    STANDARD.decode(PNG).expect("Base64")
}

fn svg(content: &str) -> String {
    format!(
        "<svg xmlns=\"http://www.w3.org/2000/svg\" xmlns:xlink=\"http://www.w3.org/1999/xlink\">{content}</svg>"
    )
}

#[test]
fn pictures_are_logos() {
    assert_eq!(check(&png()), Ok(LogoFormat::Png));
    for content in [
        "",
        "<title>Acme</title><g fill=\"url(#a)\"><path d=\"M0 0h10\"/></g>",
        "<style>.a{fill:#0b5fff}.b{fill:url(#a)}</style><use xlink:href=\"#a\"/>",
        "<!-- drawn by hand --><text style=\"fill:red\">Acme</text>",
    ] {
        assert_eq!(check(svg(content).as_bytes()), Ok(LogoFormat::Svg), "{content}");
    }
    let declared = format!("<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n{}", svg(""));
    assert_eq!(check(declared.as_bytes()), Ok(LogoFormat::Svg));
}

#[test]
fn a_png_is_whole_and_of_a_size_that_can_be_shown() {
    let changed = |at: usize, to: u8| {
        let mut png = png();
        png[at] = to;
        png
    };
    let longer = [png(), vec![0]].concat();
    for file in [&png()[..png().len() - 1], &png()[..8], &changed(20, 9), &changed(45, 0), &longer] {
        assert_eq!(check(file), Err(InvalidLogo::Png));
    }
    assert_eq!(check(&[png(), vec![0; MAX_BYTES]].concat()), Err(InvalidLogo::TooLarge));
}

#[test]
fn an_svg_that_could_do_more_than_be_seen_is_refused() {
    for content in [
        "<script>alert(1)</script>",
        "<foreignObject><body xmlns=\"http://www.w3.org/1999/xhtml\"/></foreignObject>",
        "<image href=\"https://evil.example/a.png\"/>",
        "<a href=\"https://evil.example\"><path/></a>",
        "<use href=\"https://evil.example/a.svg#b\"/>",
        "<use xlink:href=\" data:image/svg+xml,a#b\"/>",
        "<path onload=\"alert(1)\"/>",
        "<path ONCLICK=\"alert(1)\"/>",
        "<path fill=\"url(https://evil.example/a)\"/>",
        "<path style=\"fill:u\\72l(https://evil.example)\"/>",
        "<style>@import 'https://evil.example';</style>",
        "<style>.a{background:url( 'https://evil.example')}</style>",
        "<style><![CDATA[.a{background:URL(//evil.example)}]]></style>",
        "<set attributeName=\"href\" to=\"javascript:alert(1)\"/>",
        "<x:script xmlns:x=\"http://www.w3.org/2000/svg\"/>",
        "<script xmlns=\"http://www.w3.org/1999/xhtml\"/>",
        "<?xml-stylesheet href=\"https://evil.example\"?>",
    ] {
        assert!(matches!(check(svg(content).as_bytes()), Err(InvalidLogo::Svg(_))), "{content}");
    }
    let entities = format!("<!DOCTYPE svg [<!ENTITY a \"b\">]>{}", svg("&a;"));
    for text in [entities.as_str(), "<svg/>", "<html xmlns=\"http://www.w3.org/2000/svg\"/>", "<svg", "< >"] {
        assert_eq!(check(text.as_bytes()), Err(InvalidLogo::Xml), "{text}");
    }
    for file in [&b"GIF89a"[..], b"", b"\xff\xd8\xff", b"plain text"] {
        assert_eq!(check(file), Err(InvalidLogo::OtherFormat));
    }
}
