"""Whether the benchmark works: every contender answers with real tokens, ours with one read and no write for each, and
the table's verdict is what it should be. Nothing is measured: the binaries are those of the tests."""

import json
import subprocess
import sys
from contextlib import ExitStack
from pathlib import Path

import cold
import parts
import warm

TOKENS = 40

# A table in which everything is as it should be.
GOOD = {
    "machine": "none: these figures are made up",
    "floor es256": [23], "ours es256": [90], "raw es256": [20], "jwt es256": [21], "oidc-provider": [1500],
    "floor rs256": [360], "ours rs256": [430], "raw rs256": [355], "jwt rs256": [360],
    "one client": [11_000], "many clients": [10_900],
    "empty": [2.7], "ours": [4.2], "node": [220], "zip": [2.9],
    "ours, memory cold": [9], "ours, memory warm": [9.5], "ours, ms per invocation": [0.2],
    "growth": {"client made": {"10": 1, "5000": 1.05}, "reminder": {"100": 0.5, "2000": 0.5}},
}
# One after the other, what is missed by it.
DOCTORED = [
    ("ours es256", [300]), ("ours rs256", [600]), ("jwt es256", [24]), ("jwt rs256", [420]), ("empty", [1.5]),
    ("node", [90]), ("zip", [4.1]), ("ours, memory cold", [17]), ("ours, memory warm", [17]),
    ("many clients", [9_000]), ("one client", [9_000]),
    ("growth", {"client made": {"10": 1, "5000": 2}}), ("growth", {"reminder": {"100": 1, "2000": 2}}),
]


def check():
    binaries = parts.build(["--workspace", "--bins", "--tests"])
    parts.WORK.mkdir(parents=True, exist_ok=True)
    parts.install_node()
    check_warm(binaries)
    check_cold(binaries)
    check_verdicts()
    print("The benchmark works.")
    return 0


def check_warm(binaries):
    with ExitStack() as stack:
        contenders = warm.Warm(binaries, stack)
        contenders.ours("ours", TOKENS)
        contenders.oidc_provider("oidc-provider", TOKENS)
        start = contenders.counts("ours")
        assert start == {"GetSecretValue": 2, "Query": 1}, f"at the start: {start}"
        for algs, name, read in [(["es256", "rs256"], "ours", "Query"), (["es256"], "oidc-provider", "GetItem")]:
            before = contenders.counts(name)
            for alg in algs:
                # For 0 seconds, each client asks once.
                tokens, _ = contenders.load(name, alg, 0, clients=TOKENS, connections=4)
                assert tokens == TOKENS, f"{name}: {tokens} tokens"
            after = contenders.counts(name)
            asked = {operation: count - before.get(operation, 0) for operation, count in after.items()}
            wanted = {read: TOKENS * len(algs)}
            assert {operation: count for operation, count in asked.items() if count} == wanted, f"{name}: {asked}"
    figures = warm.in_process(binaries, 1, 10)
    names = {f"{what} {alg}" for what in ("raw", "jwt", "floor") for alg in ("es256", "rs256")}
    assert set(figures) == names and all(sample > 0 for [sample] in figures.values()), figures


def check_cold(binaries):
    samples = cold.measure(binaries, 1, parts.credentials(binaries), 3)
    assert all(sample > 0 for kind in samples.values() for sample in kind), samples
    assert {"empty", "ours", "node"} <= set(samples), samples.keys()


def check_verdicts():
    """A table that is shown again: as it should be, and with one contender doctored."""
    assert verdict(GOOD) == 0
    for name, samples in DOCTORED:
        assert verdict(GOOD | {name: samples}) == 1, f"{name} {samples} is not noticed"


def verdict(samples):
    """What the command ends with."""
    file = parts.WORK / "made-up.json"
    file.write_text(json.dumps(samples))
    command = [sys.executable, Path(__file__).parent / "run.py", "--show", file]
    shown = subprocess.run(command, capture_output=True, text=True)
    assert "CPU per token" in shown.stdout, shown.stderr
    return shown.returncode
