//! IP allowlists compared with a reference implementation: Python's `ipaddress`.

use crate::interop::python;
use shared::domain::net::ip_allowlist::IpNetwork;
use std::io::{BufRead, BufReader, BufWriter, Write};
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};
use std::process::{Command, Stdio};

const PAIRS: usize = 1_000_000;

/// `SplitMix64` by Sebastiano Vigna: the same pairs in every run, without a library.
struct Numbers(u64);

impl Numbers {
    fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        z ^ (z >> 31)
    }

    fn below(&mut self, bound: u64) -> u64 {
        self.next() % bound
    }

    fn half(&mut self) -> u32 {
        let [a, b, c, d, ..] = self.next().to_le_bytes();
        u32::from_le_bytes([a, b, c, d])
    }

    fn wide(&mut self) -> u128 {
        u128::from(self.next()) << 64 | u128::from(self.next())
    }
}

/// A block, and an address that is inside it about half of the time: most differ in one bit near the prefix's
/// end.
fn pair(numbers: &mut Numbers) -> (String, IpAddr) {
    let kind = numbers.below(4);
    let width = if kind == 0 { 32 } else { 128 };
    let prefix = match kind {
        // IPv4-mapped addresses and wider blocks.
        1 => 90 + numbers.below(39),
        _ => numbers.below(width + 1),
    };
    let bits = match kind {
        0 => u128::from(numbers.half()),
        1 => Ipv4Addr::from_bits(numbers.half()).to_ipv6_mapped().to_bits(),
        _ => numbers.wide(),
    };
    let host_bits =
        (1_u128.checked_shl(u32::try_from(width - prefix).unwrap())).map_or(u128::MAX, |bound| bound - 1);
    // A few blocks keep their host bits, and must be rejected.
    let block = if numbers.below(16) == 0 { bits } else { bits & !host_bits };
    let mut address = (block & !host_bits) | (numbers.wide() & host_bits);
    if numbers.below(2) == 0 && prefix > 0 {
        let near = numbers.below(prefix.min(3)) + 1;
        address ^= 1 << (width - prefix + near - 1);
    }
    let show = |bits: u128| -> IpAddr {
        let narrow = || Ipv4Addr::from_bits(u32::try_from(bits).unwrap());
        if width == 32 { narrow().into() } else { Ipv6Addr::from_bits(bits).into() }
    };
    (format!("{}/{prefix}", show(block)), show(address))
}

/// `1` for inside, `0` for outside, `x` for an invalid block.
fn allowlist_result(block: &str, address: IpAddr) -> u8 {
    match IpNetwork::parse(block) {
        Ok(network) if network.contains(address) => b'1',
        Ok(_) => b'0',
        Err(_) => b'x',
    }
}

#[test]
fn a_million_random_pairs_agree_with_python_ipaddress() {
    let mut reference = Command::new(python())
        .args(["-B", concat!(env!("CARGO_MANIFEST_DIR"), "/security/ip_allowlist_reference.py")])
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()
        .unwrap();
    let mut questions = BufWriter::new(reference.stdin.take().unwrap());
    let asking = std::thread::spawn(move || {
        let mut numbers = Numbers(1);
        for _ in 0..PAIRS {
            let (block, address) = pair(&mut numbers);
            writeln!(questions, "{block} {address}").unwrap();
        }
    });
    let mut numbers = Numbers(1);
    let mut seen = [0_usize; 3];
    for response in BufReader::new(reference.stdout.take().unwrap()).lines() {
        let (block, address) = pair(&mut numbers);
        let result = allowlist_result(&block, address);
        assert_eq!(char::from(result).to_string(), response.unwrap(), "{block} {address}");
        seen[match result {
            b'1' => 0,
            b'0' => 1,
            _ => 2,
        }] += 1;
    }
    asking.join().unwrap();
    assert!(reference.wait().unwrap().success());
    assert_eq!(seen.iter().sum::<usize>(), PAIRS);
    assert!(seen.iter().all(|count| *count > PAIRS / 50), "in, out, refused: {seen:?}");
    println!("a million pairs agree: {} in, {} out, {} refused", seen[0], seen[1], seen[2]);
}
