//! Writes the roots of AWS's own endpoints as PEM, for `app::aws::trust_store`, and the messages of each language as one
//! file, for `texts`.

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use std::error::Error;
use std::ffi::OsStr;
use std::fmt::Write;
use std::fs;
use std::path::{Path, PathBuf};

/// Common names of the roots that AWS documents for its endpoints ("Preparing for the move to AWS's own certificate
/// authority", Amazon Trust Services repository).
const NAMES: [&str; 5] = [
    "Amazon Root CA 1",
    "Amazon Root CA 2",
    "Amazon Root CA 3",
    "Amazon Root CA 4",
    "Starfield Services Root Certificate Authority - G2",
];

/// Folders of `locales`.
const LANGUAGES: [&str; 2] = ["en", "de"];

#[expect(clippy::disallowed_methods, reason = "cargo sets it")]
fn main() -> Result<(), Box<dyn Error>> {
    println!("cargo::rerun-if-changed=build.rs");
    println!("cargo::rerun-if-changed=locales");
    let folder = PathBuf::from(std::env::var_os("OUT_DIR").ok_or("there is no OUT_DIR")?);
    fs::write(folder.join("amazon-roots.pem"), amazon_roots()?)?;
    for language in LANGUAGES {
        fs::write(folder.join(language).with_extension("ftl"), messages(language)?)?;
    }
    Ok(())
}

/// The roots of AWS's own endpoints as PEM.
fn amazon_roots() -> Result<String, Box<dyn Error>> {
    let mut pem = String::new();
    for name in NAMES {
        let is_named = |der: &[u8]| der.windows(name.len()).any(|window| window == name.as_bytes());
        let mut named = webpki_root_certs::TLS_SERVER_ROOT_CERTS.iter().filter(|root| is_named(root));
        let (Some(root), None) = (named.next(), named.next()) else {
            return Err(format!("not exactly one root is named {name}").into());
        };
        pem.push_str("-----BEGIN CERTIFICATE-----\n");
        for line in STANDARD.encode(root).as_bytes().chunks(64) {
            writeln!(pem, "{}", std::str::from_utf8(line)?)?;
        }
        pem.push_str("-----END CERTIFICATE-----\n");
    }
    Ok(pem)
}

/// All messages of a language, in the order of the files' names.
fn messages(language: &str) -> Result<String, Box<dyn Error>> {
    let mut files = Vec::new();
    find_messages(&Path::new("locales").join(language), &mut files)?;
    files.sort();
    let mut messages = String::new();
    for path in files {
        messages.push_str(&fs::read_to_string(path)?);
        messages.push('\n');
    }
    Ok(messages)
}

/// The files of messages in a folder and in those below it.
fn find_messages(folder: &Path, files: &mut Vec<PathBuf>) -> Result<(), Box<dyn Error>> {
    for entry in fs::read_dir(folder)? {
        let path = entry?.path();
        if path.is_dir() {
            find_messages(&path, files)?;
        } else if path.extension() == Some(OsStr::new("ftl")) {
            files.push(path);
        }
    }
    Ok(())
}
