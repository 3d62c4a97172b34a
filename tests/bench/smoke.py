"""Checks that the benchmark works: every contender responds to every operation, ours with the expected reads and
writes, and the table's verdicts are right. Nothing is measured: the binaries are those of the tests."""

import json
import subprocess
import sys
from collections import Counter
from contextlib import ExitStack
from pathlib import Path

import cold
import pages
import parts
import warm

REQUESTS = 40
CONNECTIONS = 4

# By contender and operation: the AWS calls of each request, those of the first request of each connection, and those of
# the first request of all: the account is read once a minute.
EXPECTED_CALLS = {
    ("ours", "es256"): ({"Query": 1}, {}, {"GetItem": 1}),
    ("ours", "rs256"): ({"Query": 1}, {}, {}),
    ("ours", "introspect"): ({"Query": 2, "GetItem": 1}, {"Query": 1}, {}),
    ("ours", "refresh"): ({"Query": 1, "GetItem": 1, "UpdateItem": 1}, {"Query": 1, "PutItem": 1, "UpdateItem": 1}, {}),
    ("management", "get-client"): ({"Query": 4, "GetItem": 2}, {"Query": 1}, {"GetItem": 1, "GetSecretValue": 1}),
    ("management", "create-client"): ({"Query": 3, "GetItem": 2, "TransactWriteItems": 1}, {"Query": 1}, {}),
    ("oidc-provider", "es256"): ({"GetItem": 1}, {}, {}),
}

# Samples that miss no bound.
GOOD = {
    "machine": "none: these figures are made up",
    "floor es256": [23], "ours es256": [90], "raw es256": [20], "jwt es256": [21], "oidc-provider": [1500],
    "floor rs256": [360], "ours rs256": [430], "raw rs256": [355], "jwt rs256": [360],
    "floor introspect": [80], "introspect": [250], "floor refresh": [40], "refresh": [250],
    "floor get-client": [30], "get-client": [200], "floor create-client": [50], "create-client": [300],
    "one client": [11_000], "many clients": [10_900],
    "empty": [2.7], "ours": [4.2], "ours, system's roots": [6], "node": [220], "zip": [2.9],
    "ours, memory cold": [9], "ours, memory warm": [9.5], "ours, ms per invocation": [0.2],
    "pages": {"GET of a client": [1], "overview": [1.5], "list of 50 clients": [3], "client": [1.5], "credentials": [1.5]},
    "growth": {"client made": {"10": 1, "5000": 1.05}, "reminder": {"100": 0.5, "2000": 0.5}},
}
# Replacements of samples; each misses one bound.
MISSED = [
    ("ours es256", [300]), ("ours rs256", [600]), ("introspect", [9_000]), ("refresh", [9_000]), ("get-client", [9_000]),
    ("create-client", [9_000]), ("jwt es256", [24]), ("jwt rs256", [420]), ("empty", [1.1]), ("ours, system's roots", [20]),
    ("node", [90]), ("zip", [4.3]), ("ours, memory cold", [17]), ("ours, memory warm", [17]),
    ("many clients", [9_000]), ("one client", [9_000]),
    *(("pages", GOOD["pages"] | {page: [9]}) for page in GOOD["pages"] if page != "GET of a client"),
    ("growth", {"client made": {"10": 1, "5000": 2}}), ("growth", {"reminder": {"100": 1, "2000": 2}}),
]


def check():
    binaries = parts.build(["--workspace", "--bins", "--tests"])
    parts.WORK.mkdir(parents=True, exist_ok=True)
    parts.install_node()
    check_warm(binaries)
    check_cold(binaries)
    check_pages(binaries)
    check_verdicts()
    print("The benchmark works.")
    return 0


def check_warm(binaries):
    with ExitStack() as stack:
        contenders = warm.Warm(binaries, stack)
        contenders.ours("ours", REQUESTS)
        contenders.management("management", REQUESTS)
        contenders.oidc_provider("oidc-provider", REQUESTS)
        start = contenders.counts("ours")
        assert start == {"GetSecretValue": 2, "Query": 1}, f"at the start: {start}"
        for (name, operation), (each, each_connection, first) in EXPECTED_CALLS.items():
            before = Counter(contenders.counts(name))
            # A duration of 0 seconds means one request per client.
            requests, _ = contenders.load(name, operation, 0, clients=REQUESTS, connections=CONNECTIONS)
            assert requests == REQUESTS, f"{name}: {requests} requests"
            calls = Counter(contenders.counts(name)) - before
            expected = Counter()
            for counts, times in [(each, REQUESTS), (each_connection, CONNECTIONS), (first, 1)]:
                expected += Counter({operation: count * times for operation, count in counts.items()})
            assert calls == expected, f"{name}, {operation}: {calls}, not {expected}"
    figures = warm.in_process(binaries, 1, 10)
    names = {f"{what} {alg}" for what in ("raw", "jwt", "floor") for alg in ("es256", "rs256")}
    names |= {f"floor {operation}" for operation in warm.OTHERS}
    assert set(figures) == names and all(sample > 0 for [sample] in figures.values()), figures


def check_cold(binaries):
    samples = cold.measure(binaries, 1, parts.credentials(binaries), 3)
    assert all(sample > 0 for kind in samples.values() for sample in kind), samples
    assert {"empty", "ours", "ours, system's roots", "node"} <= set(samples), samples.keys()


def check_pages(binaries):
    spent = pages.measure(binaries, binaries / "local", 2)
    assert len(spent) == 5 and all(sample > 0 for sample in spent.values()), spent


def check_verdicts():
    """Shows stored samples: good ones, and good ones with one replaced."""
    assert verdict(GOOD) == 0
    for name, samples in MISSED:
        assert verdict(GOOD | {name: samples}) == 1, f"{name} {samples} is not noticed"


def verdict(samples):
    """The exit status of the command."""
    file = parts.WORK / "made-up.json"
    file.write_text(json.dumps(samples))
    command = [sys.executable, Path(__file__).parent / "run.py", "--show", file]
    shown = subprocess.run(command, capture_output=True, text=True)
    assert "CPU per token" in shown.stdout, shown.stderr
    return shown.returncode
