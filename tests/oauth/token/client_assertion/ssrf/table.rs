//! The attempts.

/// An attempt to make Latchkey connect to a private address or an unverified host.
#[derive(Clone, Copy, Debug)]
pub enum SsrfAttempt {
    /// A URL as `jwks_uri` and as `issuer`.
    Register(&'static str),
    /// A host with these addresses.
    Resolve(&'static [&'static str]),
    /// A public host that responds to the request for its keys with this status and `Location`.
    Redirect(u16, &'static str),
    /// A public issuer whose metadata has this `jwks_uri`.
    Discover(&'static str),
    /// A public issuer whose metadata is a redirect.
    DiscoverRedirect(&'static str),
    /// A public issuer whose host has other addresses when its keys are fetched.
    DiscoverThenResolve(&'static [&'static str]),
}

impl SsrfAttempt {
    /// Whether the attempt connects to a public host first, as it may.
    pub fn connects_to_public_host(self) -> bool {
        !matches!(self, Self::Register(_) | Self::Resolve(_))
    }
}

/// Internal names and their addresses.
pub const INSIDE: [(&str, &str); 6] = [
    ("localhost", "127.0.0.1"),
    ("inside.example.com", "10.0.0.5"),
    ("metadata.google.internal", "169.254.169.254"),
    ("instance-data.ec2.internal", "169.254.169.254"),
    ("127.0.0.1.nip.example", "127.0.0.1"),
    ("intranet", "192.168.1.10"),
];

use SsrfAttempt::{Discover, DiscoverRedirect, DiscoverThenResolve, Redirect, Register, Resolve};

pub const TABLE: &[(&str, SsrfAttempt)] = &[
    ("plain http", Register("http://inside.example.com/keys")),
    ("another scheme", Register("ftp://inside.example.com/keys")),
    ("a file", Register("file:///proc/self/environ")),
    ("data within the URL", Register("data:application/json,{\"keys\":[]}")),
    ("a scheme of old", Register("gopher://inside.example.com/keys")),
    ("no scheme", Register("//inside.example.com/keys")),
    ("a bare local name", Register("https://localhost/keys")),
    ("a bare local name with its dot", Register("https://localhost./keys")),
    ("a bare name of the intranet", Register("https://intranet/keys")),
    ("a full name with its dot", Register("https://inside.example.com./keys")),
    ("loopback", Register("https://127.0.0.1/keys")),
    ("loopback, shortened", Register("https://127.1/keys")),
    ("loopback as one number", Register("https://2130706433/keys")),
    ("loopback in hexadecimal", Register("https://0x7f000001/keys")),
    ("loopback in octal", Register("https://0177.0.0.1/keys")),
    ("loopback in mixed radix", Register("https://0x7f.1/keys")),
    ("loopback with a dot", Register("https://127.0.0.1./keys")),
    ("loopback in full-width digits", Register("https://１２７.0.0.1/keys")),
    ("loopback in circled digits", Register("https://①②⑦.⓪.⓪.①/keys")),
    ("IPv6 loopback", Register("https://[::1]/keys")),
    ("IPv6 with IPv4 inside", Register("https://[::ffff:169.254.169.254]/keys")),
    ("IPv6 with a zone", Register("https://[fe80::1%25eth0]/keys")),
    ("the metadata service", Register("https://169.254.169.254/latest/meta-data/")),
    ("the metadata service as one number", Register("https://2852039166/latest/")),
    ("a public address", Register("https://93.184.215.14/keys")),
    ("a user", Register("https://user@inside.example.com/keys")),
    ("a user and a password", Register("https://user:secret@inside.example.com/keys")),
    ("a host that is a user", Register("https://good.example.com@127.0.0.1/keys")),
    ("a backslash before the at", Register("https://good.example.com\\@127.0.0.1/keys")),
    ("a fragment that hides the host", Register("https://127.0.0.1#.example.com/keys")),
    ("port 0", Register("https://inside.example.com:0/keys")),
    ("a port too large", Register("https://inside.example.com:65536/keys")),
    ("a line break", Register("https://inside.example.com/\r\nHost: 127.0.0.1")),
    ("a tab within the name", Register("https://inside\t.example.com/keys")),
    ("an escaped dot", Register("https://inside%2eexample.com/keys")),
    ("an escaped zero", Register("https://inside.example.com%00.good.example.com/keys")),
    ("an ideographic full stop", Register("https://inside。example。com/keys")),
    ("a name that is not ASCII", Register("https://bücher.example.com/keys")),
    ("upper case", Register("https://INSIDE.example.com/keys")),
    ("no slashes", Register("https:inside.example.com/keys")),
    ("this host", Resolve(&["0.0.0.0"])),
    ("another number for this host", Resolve(&["0.1.2.3"])),
    ("a name for loopback", Resolve(&["127.0.0.1"])),
    ("the end of loopback", Resolve(&["127.255.255.254"])),
    ("a private network of class A", Resolve(&["10.0.0.1"])),
    ("a private network of class B", Resolve(&["172.16.0.1"])),
    ("the end of it", Resolve(&["172.31.255.255"])),
    ("a private network of class C", Resolve(&["192.168.0.1"])),
    ("the carrier's network", Resolve(&["100.64.0.1"])),
    ("link-local: instance metadata", Resolve(&["169.254.169.254"])),
    ("link-local: container credentials", Resolve(&["169.254.170.2"])),
    ("protocol assignments", Resolve(&["192.0.0.192"])),
    ("documentation", Resolve(&["203.0.113.7"])),
    ("benchmarking", Resolve(&["198.18.0.1"])),
    ("6to4 relays", Resolve(&["192.88.99.1"])),
    ("multicast", Resolve(&["224.0.0.251"])),
    ("reserved", Resolve(&["240.0.0.1"])),
    ("broadcast", Resolve(&["255.255.255.255"])),
    ("IPv6: nowhere", Resolve(&["::"])),
    ("IPv6: loopback", Resolve(&["::1"])),
    ("IPv6: mapped loopback", Resolve(&["::ffff:127.0.0.1"])),
    ("IPv6: mapped metadata", Resolve(&["::ffff:169.254.169.254"])),
    ("IPv6: compatible loopback", Resolve(&["::127.0.0.1"])),
    ("IPv6: translated loopback", Resolve(&["::ffff:0:127.0.0.1"])),
    ("IPv6: NAT64 of a private address", Resolve(&["64:ff9b::a00:1"])),
    ("IPv6: local NAT64", Resolve(&["64:ff9b:1::a00:1"])),
    ("IPv6: 6to4 of loopback", Resolve(&["2002:7f00:1::"])),
    ("IPv6: Teredo", Resolve(&["2001:0:7f00:1::1"])),
    ("IPv6: documentation", Resolve(&["2001:db8::1"])),
    ("IPv6: unique local metadata", Resolve(&["fd00:ec2::254"])),
    ("IPv6: link-local", Resolve(&["fe80::1"])),
    ("IPv6: site-local", Resolve(&["fec0::1"])),
    ("IPv6: multicast", Resolve(&["ff02::1"])),
    ("IPv6: segment routing", Resolve(&["5f00::1"])),
    ("a private address behind a public one", Resolve(&["93.184.215.14", "10.0.0.1"])),
    ("a private address before a public one", Resolve(&["10.0.0.1", "93.184.215.14"])),
    (
        "a private IPv6 address behind public ones",
        Resolve(&["93.184.215.14", "2606:2800:21f:cb07:6820:80da:af6b:8b2c", "fd00::1"]),
    ),
    ("no address", Resolve(&[])),
    ("301 to plain http", Redirect(301, "http://inside.example.com/keys")),
    ("302 to the metadata service", Redirect(302, "http://169.254.169.254/latest/meta-data/")),
    ("302 to its name", Redirect(302, "https://metadata.google.internal/keys")),
    ("303 to a private host", Redirect(303, "https://inside.example.com/keys")),
    ("307 to a private host", Redirect(307, "https://inside.example.com/keys")),
    ("308 to a private host", Redirect(308, "https://inside.example.com/keys")),
    ("300 with a choice of private hosts", Redirect(300, "https://inside.example.com/keys")),
    ("302 to loopback", Redirect(302, "https://127.0.0.1/keys")),
    ("302 to another public host", Redirect(302, "https://other.example.com/keys")),
    ("302 to itself", Redirect(302, "{self}")),
    ("302 to a path", Redirect(302, "/keys")),
    ("201 with a location", Redirect(201, "https://inside.example.com/keys")),
    ("a description with keys over http", Discover("http://inside.example.com/keys")),
    ("a description with keys at loopback", Discover("https://127.0.0.1/keys")),
    ("a description with keys at IPv6 loopback", Discover("https://[::1]/keys")),
    ("a description with keys at the metadata service", Discover("https://169.254.169.254/keys")),
    ("a description with keys at its name", Discover("https://metadata.google.internal/keys")),
    ("a description with keys at a private host", Discover("https://inside.example.com/keys")),
    ("a description with keys at a bare name", Discover("https://localhost/keys")),
    (
        "a description with keys at another port of a private host",
        Discover("https://inside.example.com:8443/keys"),
    ),
    (
        "a description with keys at a name that spells an address",
        Discover("https://127.0.0.1.nip.example/keys"),
    ),
    ("a description with keys of a user", Discover("https://user@inside.example.com/keys")),
    ("a description with keys in a file", Discover("file:///proc/self/environ")),
    ("a description with keys nowhere", Discover("")),
    ("a description with keys at a path", Discover("/keys")),
    ("a description with a port of 0", Discover("{self}:0/keys")),
    ("a description that is a redirect inside", DiscoverRedirect("https://inside.example.com/keys")),
    ("a description that is a redirect outside", DiscoverRedirect("https://other.example.com/keys")),
    ("a host that moves inside between the two", DiscoverThenResolve(&["10.0.0.1"])),
    ("a host that moves to the metadata service between the two", DiscoverThenResolve(&["169.254.169.254"])),
    ("a host that moves to IPv6 loopback between the two", DiscoverThenResolve(&["::1"])),
    ("a host that vanishes between the two", DiscoverThenResolve(&[])),
];
