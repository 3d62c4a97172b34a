"""Whether the benchmark works: every contender answers with real tokens, ours with one read and no write for each, and
the table's verdict is what it should be. Nothing is measured: the binaries are those of the tests."""

import copy
import json
import subprocess
import sys
from contextlib import ExitStack
from pathlib import Path

import cold
import parts
import warm
from table import Figure

TOKENS = 40


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
    """A table that is shown again, once as it should be, once with one sample doctored."""
    good = json.loads((Path(__file__).parent / "smoke.json").read_text())
    doctored = copy.deepcopy(good)
    doctored["ours es256"] = [sample * 3 for sample in doctored["ours es256"]]
    for samples, status in [(good, 0), (doctored, 1)]:
        file = parts.WORK / "smoke.json"
        file.write_text(json.dumps(samples))
        shown = subprocess.run([sys.executable, Path(__file__).parent / "run.py", "--show", file], capture_output=True, text=True)
        assert shown.returncode == status, f"{status} was expected:\n{shown.stdout}{shown.stderr}"
    at_least = Figure("", "", 2, 3, [4.0], [1.0, 2.0, 9.0], at_least=True)
    assert at_least.value == 2 and at_least.holds(2) and not at_least.holds(3)
