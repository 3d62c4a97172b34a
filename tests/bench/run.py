#!/usr/bin/env python3
"""How close the functions are to the minimum cost of their operations: `python3 tests/bench/run.py`.

Builds them as for a release, measures them and their peers, prints a table, and ends with 1 if a figure misses what it
has to reach. README.md says what each figure means. Linux only; it needs Rust, Python 3.10, openssl, and node 20 with
npm. `--smoke` takes the binaries that the tests have built, and looks only whether everything works.
"""

import argparse
import json
import os
import platform
import subprocess
import sys
import time
from pathlib import Path

import cold
import manage
import pages
import parts
import smoke
import warm
from table import Figure, show


# The pages of the console, and how many times as much processor time as a GET of a client by API they may take.
PAGES = [("overview", 4, 2), ("list of 50 clients", 6, 4), ("client", 4, 2), ("credentials", 4, 2)]


def by_page(binaries, runner, rounds):
    measured = [pages.measure(binaries, runner, 200) for _ in range(min(rounds, 3))]
    return {name: [spent[name] for spent in measured] for name in measured[0]}


def figures(samples):
    """The table's lines."""
    s = samples
    # The floors have no database, so the rows with several reads and writes are further above theirs: introspection has
    # three reads, an exchange two and a write, the management API five, or three and a write. Their bounds, and that of the
    # system's trust store, are what was measured on a busy machine and a quarter more.
    lines = [
        Figure("CPU per token, ES256, over the in-process floor", "µs", 7, 5, s["ours es256"], s["floor es256"]),
        Figure("CPU per token, RS256, over the in-process floor", "µs", 1.5, 1.3, s["ours rs256"], s["floor rs256"]),
        Figure("CPU per introspection over its floor", "µs", 8, 5, s["introspect"], s["floor introspect"]),
        Figure("CPU per refresh-token exchange over its floor", "µs", 13, 8, s["refresh"], s["floor refresh"]),
        Figure("CPU per GET of a client over its floor", "µs", 22, 14, s["get-client"], s["floor get-client"]),
        Figure("CPU per client created over its floor", "µs", 19, 12, s["create-client"], s["floor create-client"]),
        Figure("whole JWT over the raw signature, ES256", "µs", 1.15, 1.05, s["jwt es256"], s["raw es256"]),
        Figure("whole JWT over the raw signature, RS256", "µs", 1.15, 1.05, s["jwt rs256"], s["raw rs256"]),
        Figure("oidc-provider (npm) over ours, ES256", "µs", 6, 9, s["oidc-provider"], s["ours es256"], at_least=True),
        Figure("cold: CPU to the first token over an empty function", "ms", 3.5, 2.5, s["ours"], s["empty"]),
        Figure("cold: the same with the system's trust store", "ms", 6, 4, s["ours, system's roots"], s["empty"]),
        Figure("cold: node (hono, jose, DynamoDB) over ours", "ms", 35, 50, s["node"], s["ours"], at_least=True),
        Figure("token function's zip", "MB", 4.2, 3.5, s["zip"]),
        Figure("peak memory, cold", "MiB", 16, 10, s["ours, memory cold"]),
        Figure("peak memory, after 500 invocations", "MiB", 16, 10, s["ours, memory warm"]),
        Figure("tokens per CPU second, 1,000,000 clients over 1: at least", "a second", 0.9, 0.95, s["many clients"], s["one client"], at_least=True),
        Figure("tokens per CPU second, 1,000,000 clients over 1: at most", "a second", 1.1, 1.05, s["many clients"], s["one client"]),
    ]
    of_api = s["pages"]["GET of a client"]
    for page, reach, stretch in PAGES:
        lines.append(Figure(f"CPU per page of the console over a GET of a client: {page}", "ms", reach, stretch, s["pages"][page], of_api))
    for what, by_size in s["growth"].items():
        sizes = sorted(by_size, key=int)
        least, most = by_size[sizes[0]], by_size[sizes[-1]]
        lines.append(Figure(f"CPU per {what}, at {sizes[-1]} over at {sizes[0]}", "ms", 1.25, 1.1, [most], [least]))
    return lines


def measure(rounds, seconds):
    binaries = parts.build(["--release", "-p", "token", "-p", "bench"])
    runner = parts.build(["--workspace", "--bins", "--tests"]) / "local"
    parts.install_node()
    samples = warm.measure(binaries, rounds, seconds)
    samples |= cold.measure(binaries, 3 * rounds, parts.credentials(binaries), 500)
    samples["zip"] = [cold.zipped_mb(binaries / "token")]
    create, remind = manage.measure(binaries, runner, existing=[10, 1_000, 5_000], measured=500, due=[100, 2_000])
    samples["pages"] = by_page(binaries, runner, rounds)
    samples["growth"] = {"client made": create, "reminder": remind}
    return samples


def also(samples):
    """Prints figures that are measured but have no bound."""
    print("\nNo gates, but measured beside:")
    for name in ["ours es256", "ours rs256", "floor es256", "floor rs256", "oidc-provider", *warm.OTHERS]:
        print(f"  {name}: {sorted(samples[name])[len(samples[name]) // 2]:.0f} µs CPU")
    invocation = samples["ours, ms per invocation"]
    print(f"  one invocation through the Runtime API, one at a time, start included: {min(invocation):.3f} ms CPU")
    for what, by_size in samples["growth"].items():
        print(f"  CPU per {what}: " + ", ".join(f"{cost:.2f} ms at {size}" for size, cost in by_size.items()))


def machine():
    model = next((line for line in Path("/proc/cpuinfo").read_text().splitlines() if line.startswith("model name")), ": ?")
    load = ", ".join(f"{load:.1f}" for load in os.getloadavg())
    versions = [subprocess.run([tool, "--version"], stdout=subprocess.PIPE, text=True).stdout.strip() for tool in ("rustc", "node")]
    return f"{model.split(': ')[1]}, {os.cpu_count()} CPUs, {platform.machine()}; load {load}; {versions[0]}; node {versions[1]}"


def main():
    options = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    options.add_argument("--smoke", action="store_true", help="look whether everything works, and measure nothing")
    options.add_argument("--rounds", type=int, default=7)
    options.add_argument("--seconds", type=int, default=3, help="of load, for each contender in each round")
    options.add_argument("--show", type=Path, metavar="FILE", help="the table of an earlier run")
    options = options.parse_args()
    if options.smoke:
        return smoke.check()
    if options.show:
        samples = json.loads(options.show.read_text())
    else:
        parts.WORK.mkdir(parents=True, exist_ok=True)
        before = machine()
        samples = measure(options.rounds, options.seconds)
        samples["machine"] = f"{time.strftime('%Y-%m-%d')}; {before}"
        (parts.WORK / "samples.json").write_text(json.dumps(samples))
    print(samples["machine"], "\n")
    reached = show(figures(samples))
    also(samples)
    return 0 if reached else 1


if __name__ == "__main__":
    sys.exit(main())
