//! What is said of private keys, and of what is no key.

use super::{armour, one, p256, p256_spki};
use crate::adapters::crypto::key_reader::asn1;
use aws_lc_rs::encoding::{AsDer, Pkcs8V1Der};
use aws_lc_rs::rsa::{KeyPair, KeySize};
use base64::Engine;
use base64::engine::general_purpose::STANDARD;

/// The value of the octet string in a PKCS#8 key: PKCS#1 or SEC 1.
fn inner(pkcs8: &[u8]) -> Vec<u8> {
    let items = asn1::elements(pkcs8).and_then(|whole| asn1::sequence(whole[0])).expect("DER");
    items[2].value().to_vec()
}

#[test]
fn private_keys_are_recognised_in_every_dress() {
    let rsa = KeyPair::generate(KeySize::Rsa2048).expect("a key");
    let rsa: Pkcs8V1Der<'_> = rsa.as_der().expect("DER");
    let rsa = rsa.as_ref();
    let ec = p256().to_pkcs8v1().expect("DER").as_ref().to_vec();
    let encrypted = [&[0x30, 0x0a, 0x30, 0x02, 0x05, 0x00, 0x04, 0x04][..], &[7; 4]].concat();
    let public = armour("PUBLIC KEY", &p256_spki());
    let pem = armour("PRIVATE KEY", rsa);
    let ppk = "PuTTY-User-Key-File-3: ssh-ed25519\nEncryption: none\nPrivate-Lines: 1\nAAAA\n";
    let sec1_encrypted = "-----BEGIN EC PRIVATE KEY-----\nProc-Type: 4,ENCRYPTED\nDEK-Info: AES-128-CBC,00\n\nAAAA\n\
                          -----END EC PRIVATE KEY-----\n";
    for (form, text) in [
        ("PKCS#8", pem.clone()),
        ("PKCS#8", armour("PUBLIC KEY", rsa)),
        ("PKCS#8", armour("CERTIFICATE", &ec)),
        ("PKCS#8", pem.replace("PRIVATE KEY", "private key")),
        ("PKCS#8", STANDARD.encode(rsa)),
        ("PKCS#8", STANDARD.encode(&pem)),
        ("PKCS#8", pem.replace('\n', "\\n")),
        ("PKCS#8", format!("{public}{pem}")),
        ("PKCS#8", "-----BEGIN PRIVATE KEY-----\nMII\n-----END PRIVATE KEY-----".to_owned()),
        ("RSA, PKCS#1", armour("RSA PRIVATE KEY", &inner(rsa))),
        ("RSA, PKCS#1", armour("RSA PUBLIC KEY", &inner(rsa))),
        ("EC, SEC 1", armour("EC PRIVATE KEY", &inner(&ec))),
        ("EC, SEC 1", STANDARD.encode(inner(&ec))),
        ("EC, SEC 1", sec1_encrypted.to_owned()),
        ("PKCS#8, encrypted", armour("ENCRYPTED PRIVATE KEY", &encrypted)),
        ("OpenSSH", armour("OPENSSH PRIVATE KEY", b"openssh-key-v1")),
        (
            "OpenPGP",
            "-----BEGIN PGP PRIVATE KEY BLOCK-----\n\nlFgE\n-----END PGP PRIVATE KEY BLOCK-----".to_owned(),
        ),
        ("PuTTY", ppk.to_owned()),
        ("private or symmetric key", r#"{"kty":"OKP","crv":"Ed25519","x":"AAAA","d":"AAAA"}"#.to_owned()),
        ("private or symmetric key", r#"{"keys":[{"kty":"RSA","d":"AAAA"}]}"#.to_owned()),
        ("private or symmetric key", r#"[{"kty":"oct","k":"AAAA"}]"#.to_owned()),
    ] {
        let said = one(&text).expect_err(&text);
        assert!(said.contains(form) && said.contains("make a new key"), "{form}: {said}");
    }
}

#[test]
fn what_is_no_key_is_called_what_it_is() {
    let pem = armour("PUBLIC KEY", &p256_spki());
    let cut: String = pem.split_inclusive('\n').take(2).collect();
    for (said, text) in [
        ("is empty", ""),
        ("is empty", " \n"),
        ("longer than 32 KiB", &*"A".repeat(40_000)),
        ("not base64", &*pem.replace("MF", "M*")),
        ("cut off", &*cut),
        ("cut off", &*armour("CERTIFICATE", b"nonsense of some bytes")),
        ("neither a public key nor", &*armour("X509 CRL", &[0x30, 0x00])),
        (
            "OpenPGP",
            "-----BEGIN PGP PUBLIC KEY BLOCK-----\n\nmDME\n=abcd\n-----END PGP PUBLIC KEY BLOCK-----",
        ),
        ("name of a file", "/etc/ssl/certs/client.pem"),
        ("neither a JWK nor a key set", r#"{"pem":"x"}"#),
        ("neither a JWK nor a key set", "{not JSON"),
        ("OpenSSH key of a kind", "sk-ssh-ed25519@openssh.com AAAAGnNrLXNzaC1lZDI1NTE5QG9wZW5zc2guY29t ann"),
        ("no public key", "untrusted comment: minisign public key"),
        ("no public key", "http://keys.example.com/jwks"),
    ] {
        let found = one(text).expect_err(text);
        assert!(found.contains(said), "{text}: {found}");
    }
}
