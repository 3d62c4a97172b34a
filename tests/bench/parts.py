"""Builds and runs the measured programs and what they depend on."""

import itertools
import json
import os
import subprocess
import time
from contextlib import contextmanager
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
TARGET = Path(os.environ.get("CARGO_TARGET_DIR", ROOT / "target"))
WORK = TARGET / "latchkey" / "bench"
NODE = WORK / "node"
NUMBERS = itertools.count()
TICKS = os.sysconf("SC_CLK_TCK")
# The trust store of Debian, and that of Amazon Linux and Fedora: some 145 roots each.
SYSTEM_ROOTS = [Path("/etc/ssl/certs/ca-certificates.crt"), Path("/etc/pki/tls/certs/ca-bundle.crt")]


def build(profile):
    """The folder of the binaries. In CI they exist already, because the tests build them."""
    subprocess.run(["cargo", "build", "--locked", *profile], cwd=ROOT, check=True)
    return TARGET / ("release" if "--release" in profile else "debug")


def install_node():
    """Installs the peers from their lock file, and bundles the one for cold starts."""
    own = Path(__file__).parent / "node"
    NODE.mkdir(parents=True, exist_ok=True)
    for file in [*own.glob("*.json"), *own.glob("*.mjs"), own / ".npmrc"]:
        (NODE / file.name).write_bytes(file.read_bytes())
    lock = (own / "package-lock.json").read_text()
    stamp = NODE / "installed.txt"
    if not stamp.exists() or stamp.read_text() != lock:
        subprocess.run(["npm", "ci", "--ignore-scripts", "--no-audit", "--no-fund", "--loglevel=error"], cwd=NODE, check=True)
        stamp.write_text(lock)
    bundle = ["node_modules/.bin/esbuild", "hono_function.mjs", "--bundle", "--minify", "--platform=node", "--format=esm"]
    # Some bundled modules still call `require`.
    require = "import { createRequire } from 'node:module'; const require = createRequire(import.meta.url);"
    subprocess.run([*bundle, "--target=node20", f"--banner:js={require}", "--outfile=bundle.mjs", "--log-level=error"], cwd=NODE, check=True)


def certificate():
    """A certificate chain up to localhost's and its key, for the stub's TLS, like AWS's: RSA with 2,048 bits, one
    intermediate. The chain's root is in three trust stores: alone, among as many roots as the functions take for AWS's
    own endpoints, and among those of this machine."""
    files = {name: WORK / f"{name}.pem" for name in ["chain", "host-key", "root", "five-roots", "system-roots"]}
    if not all(file.exists() for file in files.values()):
        authority = ["basicConstraints=critical,CA:TRUE", "keyUsage=critical,keyCertSign"]
        root = issued("root", authority)
        between = issued("between", authority, by="root")
        host = issued("host", ["basicConstraints=critical,CA:FALSE", "subjectAltName=DNS:localhost"], by="between")
        files["chain"].write_text(host + between + root)
        system = next(file.read_text() for file in SYSTEM_ROOTS if file.exists())
        files["system-roots"].write_text(system + root)
        begin = "-----BEGIN CERTIFICATE-----"
        files["five-roots"].write_text("".join(begin + other for other in system.split(begin)[1:5]) + root)
    return files


def issued(name, extensions, by=None):
    """Creates a certificate; returns its PEM. It and its key are stored in files of this name."""
    certificate, key = WORK / f"{name}.pem", WORK / f"{name}-key.pem"
    make = ["openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "3650", "-subj", f"/CN=Latchkey {name}"]
    issuer = ["-CA", WORK / f"{by}.pem", "-CAkey", WORK / f"{by}-key.pem"] if by else []
    added = [word for extension in extensions for word in ("-addext", extension)]
    command = [*make, *issuer, *added, "-keyout", key, "-out", certificate]
    subprocess.run(command, check=True, stderr=subprocess.DEVNULL)
    return certificate.read_text()


def environment(endpoint, **more):
    """The environment variables of a function, as the stack and Lambda set them."""
    named = {
        "STAGE": "bench",
        "ISSUER": "https://id.latchkey.example",
        "DIRECTORY_TABLE": "directory",
        "GRANTS_TABLE": "grants",
        "AUDIT_TABLE": "audit",
        "SIGNING_KEYS_SECRET": "ring",
        "VERIFICATION_KEYS_SECRET": "public-keys",
        "PEPPER_SECRET": "pepper",
        "SECRET_STORAGE": "digest_only",
        "AWS_REGION": "eu-central-1",
        "AWS_ACCESS_KEY_ID": "bench",
        "AWS_SECRET_ACCESS_KEY": "bench",
        "AWS_ENDPOINT_URL": endpoint,
        # For the peers.
        "NODE_ENV": "production",
        "NODE_NO_WARNINGS": "1",
    }
    return {"PATH": os.environ["PATH"], **named, **more}


@contextmanager
def running(command, env=None, cwd=None):
    """Runs a program that prints where it is reached as one line of JSON. All of its output goes to a log file."""
    log = WORK / f"{Path(str(command[1])).name}-{next(NUMBERS)}.log"
    with open(log, "w+") as output:
        process = subprocess.Popen([str(word) for word in command], env=env, cwd=cwd, stdout=output)
        try:
            yield process, ready_line(process, log)
        finally:
            # The local runner ends its emulator, which would otherwise go on writing its state.
            process.terminate()
            try:
                process.wait(timeout=10)
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait()


def ready_line(process, log):
    """The first line that is neither a metric nor a log record: a function may write those while it starts."""
    while process.poll() is None:
        complete = log.read_text().split("\n")[:-1]
        for line in map(json.loads, complete):
            if not line.keys() & {"_aws", "level"}:
                return line
        time.sleep(0.01)
    raise RuntimeError(f"{process.args} ended at once")


def credentials(binaries):
    """The id and the secret of the first client of every stub."""
    output = subprocess.run([binaries / "bench", "credentials"], check=True, stdout=subprocess.PIPE, text=True)
    return json.loads(output.stdout)


def cpu_seconds(pid):
    """CPU seconds of a process, user and system mode."""
    fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / TICKS


def cpu_millis(pid):
    """CPU milliseconds of a process to the nanosecond. Threads that have exited are not included."""
    threads = Path(f"/proc/{pid}/task").glob("*/schedstat")
    return sum(int(thread.read_text().split()[0]) for thread in threads) / 1e6


def peak_mib(pid):
    """Peak memory of a process in MiB."""
    lines = Path(f"/proc/{pid}/status").read_text().splitlines()
    return next(int(line.split()[1]) for line in lines if line.startswith("VmHWM")) / 1024
