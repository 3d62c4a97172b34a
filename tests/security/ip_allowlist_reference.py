"""Whether an address lies in a block, by Python's ipaddress: `1`, `0`, or `x` for a block that is none.

An IPv4-mapped address counts as its IPv4 address, and a block of them as the IPv4 block.
"""

import sys
from ipaddress import IPv4Network, IPv6Network, ip_address, ip_network

MAPPED = IPv6Network("::ffff:0:0/96")


def block_of(text):
    network = ip_network(text)  # strict: host bits are an error
    if network.version == 6 and network.network_address in MAPPED:
        if network.prefixlen < 96:
            raise ValueError("wider than the mapped range")
        return IPv4Network((int(network.network_address) & 0xFFFFFFFF, network.prefixlen - 96))
    return network


def address_of(text):
    address = ip_address(text)
    return (address.version == 6 and address.ipv4_mapped) or address


def answer(line):
    block, address = line.split()
    try:
        network = block_of(block)
    except ValueError:
        return "x"
    address = address_of(address)
    return "1" if address.version == network.version and address in network else "0"


for question in sys.stdin:
    print(answer(question))
