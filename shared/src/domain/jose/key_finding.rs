//! What was found where a public key was expected, and how to get the right thing.

use crate::domain::jose::jwk::InvalidJwk;
use std::fmt;

/// How a private key is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum PrivateKeyForm {
    /// PKCS#8 (RFC 5958).
    Pkcs8,
    /// Encrypted PKCS#8.
    EncryptedPkcs8,
    /// PKCS#1 (RFC 8017), of an RSA key.
    Pkcs1,
    /// SEC 1 (RFC 5915), of an EC key.
    Sec1,
    /// PKCS#12 (RFC 7292): a `.p12` or `.pfx` file.
    Pkcs12,
    /// OpenSSH's own format.
    OpenSsh,
    /// The format of `PuTTY`.
    Putty,
    /// `OpenPGP`.
    Pgp,
    /// A JWK.
    Jwk,
    /// Another one.
    Other,
}

impl PrivateKeyForm {
    const fn name(self) -> &'static str {
        match self {
            Self::Pkcs8 => "PKCS#8",
            Self::EncryptedPkcs8 => "PKCS#8, encrypted",
            Self::Pkcs1 => "RSA, PKCS#1",
            Self::Sec1 => "EC, SEC 1",
            Self::Pkcs12 => "in a PKCS#12 file",
            Self::OpenSsh => "OpenSSH",
            Self::Putty => "PuTTY",
            Self::Pgp => "OpenPGP",
            Self::Jwk => "a private or symmetric JWK",
            Self::Other => "in PEM",
        }
    }

    /// The command that prints the public half of such a key.
    const fn command(self) -> &'static str {
        match self {
            Self::OpenSsh => "ssh-keygen -y -f client.key",
            Self::Putty => "puttygen client.ppk -L",
            Self::Pkcs12 => "openssl pkcs12 -in client.p12 -clcerts -nokeys",
            Self::Pkcs8
            | Self::EncryptedPkcs8
            | Self::Pkcs1
            | Self::Sec1
            | Self::Pgp
            | Self::Jwk
            | Self::Other => "openssl pkey -in client.key -pubout",
        }
    }
}

impl fmt::Display for PrivateKeyForm {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

/// What was found in place of a usable public key. It repeats nothing of what was sent but short names.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum KeyFinding {
    /// A private key.
    #[error(
        "holds a private key ({0}): make a new key, because this one has been shown, and send its public half, which \
         `{command}` prints", command = .0.command()
    )]
    Private(PrivateKeyForm),
    /// Nothing.
    #[error("is empty")]
    Empty,
    /// More text than a key, a certificate or a chain takes.
    #[error("is longer than 32 KiB")]
    TooLong,
    /// A key of a kind that is not supported.
    #[error(
        "holds {0}; a key must be RSA of 2048 to 4096 bits, EC on P-256 or P-384, or Ed25519. To make one: `openssl genpkey \
         -algorithm EC -pkeyopt ec_paramgen_curve:P-256 -out client.key`, and send what `openssl pkey -in client.key -pubout` \
         prints"
    )]
    OtherKind(String),
    /// A key whose numbers are not those of a usable key, or a JWK with a member that is not accepted.
    #[error("{0}")]
    Key(#[from] InvalidJwk),
    /// A certificate request.
    #[error(
        "is a certificate request, which is no certificate yet: send the certificate that was issued for it, or its key, which \
         `openssl req -in request.pem -noout -pubkey` prints"
    )]
    CertificateRequest,
    /// A PKCS#7 bundle.
    #[error("is a PKCS#7 bundle: send what `openssl pkcs7 -print_certs -in bundle.p7b` prints")]
    Pkcs7,
    /// An `OpenPGP` key.
    #[error(
        "is an OpenPGP key, which signs no JWT: make a key with `openssl genpkey -algorithm ED25519 -out client.key`"
    )]
    Pgp,
    /// An OpenSSH key of a kind that cannot sign a JWT.
    #[error(
        "is an OpenSSH key of a kind that signs no JWT: make one with `ssh-keygen -t ed25519`, which is no key of a token or a \
         certificate"
    )]
    SshKind,
    /// Parameters of a curve, and no key.
    #[error(
        "holds parameters of a curve, and no key: send what `openssl pkey -in client.key -pubout` prints"
    )]
    ParametersOnly,
    /// A PEM block of something else.
    #[error("holds a PEM block that is neither a public key nor a certificate")]
    OtherBlock,
    /// Several different keys.
    #[error("holds {0} different keys: send one of them, or all as jwks")]
    SeveralKeys(usize),
    /// Several certificates that are no chain.
    #[error(
        "holds {0} certificates that are no chain, so that it is not clear whose key is meant: send one of them"
    )]
    SeveralCertificates(usize),
    /// Characters that are not base64.
    #[error("is not base64 between its lines BEGIN and END: copy the whole file again")]
    Base64,
    /// DER that is cut off, or not what its label says.
    #[error(
        "is base64, but of neither a key nor a certificate: it may be cut off, so copy the whole file again"
    )]
    Damaged,
    /// JSON that is no JWK and no set.
    #[error("is JSON, but neither a JWK nor a key set with keys, a list")]
    Json,
    /// The name of a file.
    #[error("is the name of a file: send what is in the file")]
    FileName,
    /// Anything else.
    #[error(
        "is no public key: send PEM (`openssl pkey -in client.key -pubout`), a certificate, an OpenSSH public key, a JWK or a \
         key set"
    )]
    Unknown,
}

impl KeyFinding {
    /// Whether a private key was found.
    #[must_use]
    pub const fn is_private(&self) -> bool {
        matches!(self, Self::Private(_) | Self::Key(InvalidJwk::Private))
    }
}
