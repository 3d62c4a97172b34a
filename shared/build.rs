//! Writes the roots of AWS's own endpoints as PEM, for `assembly::aws::trust_store`.

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use std::error::Error;
use std::fmt::Write;
use std::path::PathBuf;

/// Common names of the roots that AWS documents for its endpoints ("Preparing for the move to AWS's own certificate
/// authority", Amazon Trust Services repository).
const NAMES: [&str; 5] = [
    "Amazon Root CA 1",
    "Amazon Root CA 2",
    "Amazon Root CA 3",
    "Amazon Root CA 4",
    "Starfield Services Root Certificate Authority - G2",
];

#[expect(clippy::disallowed_methods, reason = "cargo sets it")]
fn main() -> Result<(), Box<dyn Error>> {
    println!("cargo::rerun-if-changed=build.rs");
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
    let folder = PathBuf::from(std::env::var_os("OUT_DIR").ok_or("there is no OUT_DIR")?);
    Ok(std::fs::write(folder.join("amazon-roots.pem"), pem)?)
}
