"""Cold figures: processor time from exec to the first answer, through a Runtime API as Lambda's."""

import base64
import json
import os
import subprocess
import threading
from contextlib import ExitStack, contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

from parts import NODE, ROOT, WORK, certificate, cpu_millis, environment, peak_mib, running

# The measured function has the last processor to itself, as in Lambda; its stub and the runtime API have the others.
PROCESSORS = sorted(os.sched_getaffinity(0))

# The environment variables that Lambda sets.
LAMBDA = {
    "AWS_LAMBDA_FUNCTION_NAME": "bench",
    "AWS_LAMBDA_FUNCTION_MEMORY_SIZE": "256",
    "AWS_LAMBDA_FUNCTION_VERSION": "1",
    "AWS_LAMBDA_LOG_GROUP_NAME": "bench",
    "AWS_LAMBDA_LOG_STREAM_NAME": "bench",
}


class RuntimeApi(ThreadingHTTPServer):
    """A Lambda Runtime API: hands out one event `invocations` times and collects the responses; later polls block."""

    daemon_threads = True

    def __init__(self, event, invocations):
        super().__init__(("127.0.0.1", 0), Handler)
        self.event, self.left, self.responses = event, invocations, []
        self.expected, self.done = invocations, threading.Event()
        threading.Thread(target=self.serve_forever, args=(0.01,), daemon=True).start()

    def handle_error(self, *_):
        """Ignores the connections that a killed function closes."""


class Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    wbufsize = -1  # Head and body in one packet.

    def do_GET(self):
        if self.server.left == 0:
            threading.Event().wait()
        self.server.left -= 1
        self.send_response(200)
        self.send_header("Lambda-Runtime-Aws-Request-Id", "00000000-0000-4000-8000-000000000000")
        self.send_header("Lambda-Runtime-Deadline-Ms", "9999999999999")
        self.send_header("Lambda-Runtime-Invoked-Function-Arn", "arn:aws:lambda:eu-central-1:123456789012:function:bench")
        self.respond(self.server.event)

    def do_POST(self):
        body = self.rfile.read(int(self.headers["Content-Length"])) if "Content-Length" in self.headers else self.chunks()
        self.server.responses.append(body)
        if len(self.server.responses) == self.server.expected:
            self.server.done.set()
        self.send_response(202)
        self.respond(b"{}")

    def chunks(self):
        body = b""
        while size := int(self.rfile.readline(), 16):
            body += self.rfile.read(size)
            self.rfile.readline()
        self.rfile.readline()
        return body

    def respond(self, body):
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_):
        pass


def event(client, secret):
    """A token request as API Gateway hands it over (payload format 2.0)."""
    sample = json.loads((ROOT / "infra/events/token-form.json").read_text())
    basic = base64.b64encode(f"{client}:{secret}".encode()).decode()
    sample["headers"]["authorization"] = f"Basic {basic}"
    sample["body"] = "grant_type=client_credentials&resource=https%3A%2F%2Fes256.api.example.com"
    return json.dumps(sample).encode()


@contextmanager
def processors(allowed):
    """Pins this thread and the processes it starts meanwhile to these processors."""
    before = os.sched_getaffinity(0)
    os.sched_setaffinity(0, allowed)
    try:
        yield
    finally:
        os.sched_setaffinity(0, before)


def once(command, env, event, invocations=1):
    """Starts a function, invokes it, kills it. Returns CPU milliseconds, peak memory in MiB, and the responses."""
    with RuntimeApi(event, invocations) as api, open(WORK / "function.log", "w") as log:
        env = {**env, **LAMBDA, "AWS_LAMBDA_RUNTIME_API": f"127.0.0.1:{api.server_port}"}
        with processors(PROCESSORS[-1:]):
            process = subprocess.Popen([str(word) for word in command], env=env, stdout=log, cwd=WORK)
        finished = api.done.wait(timeout=60)
        spent, memory = cpu_millis(process.pid), peak_mib(process.pid)
        process.kill()
        process.wait()
        api.shutdown()
        assert finished, f"{command} did not respond; see {log.name}"
        return spent, memory, api.responses


def token_in(response):
    """The access token in a function's response, whose status must be 200."""
    response = json.loads(response)
    assert response["statusCode"] == 200, response
    return json.loads(response["body"])["access_token"]


def measure(binaries, rounds, credentials, warm_invocations):
    """Samples by contender: every contender in every round."""
    files, samples = certificate(), {}
    note = lambda name, value: samples.setdefault(name, []).append(value)
    with ExitStack() as stack:
        stack.enter_context(processors(PROCESSORS[:-1] or PROCESSORS))
        stub = [binaries / "bench", "stub", 1, files["chain"], files["host-key"]]
        _, ready = stack.enter_context(running(stub))
        # `five-roots` is the trust store for AWS endpoints, `system-roots` the one for all other hosts. node has
        # built-in roots and gets the stub's in addition.
        trusting = lambda roots: environment(f"https://localhost:{ready['port']}", SSL_CERT_FILE=str(files[roots]))
        env, other = trusting("five-roots"), trusting("system-roots")
        token_event = event(*credentials)
        for _ in range(rounds):
            note("empty", once([binaries / "empty"], env, token_event)[0])
            cpu, memory, responses = once([binaries / "token"], env, token_event)
            token_in(responses[0])
            note("ours", cpu)
            note("ours, memory cold", memory)
            cpu, _, responses = once([binaries / "token"], other, token_event)
            token_in(responses[0])
            note("ours, system's roots", cpu)
            cpu, _, responses = once(["node", NODE / "bundle.mjs"], {**env, "NODE_EXTRA_CA_CERTS": str(files["root"])}, token_event)
            token_in(responses[0])
            note("node", cpu)
        for _ in range(3):
            cpu, memory, responses = once([binaries / "token"], env, token_event, warm_invocations)
            assert all(token_in(response) for response in responses)
            note("ours, memory warm", memory)
            note("ours, ms per invocation", cpu / warm_invocations)
    return samples


def zipped_mb(binary):
    """The size in megabytes of a function's zip package, as SAM builds it."""
    import zipfile

    package = WORK / "package.zip"
    with zipfile.ZipFile(package, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.write(binary, "bootstrap")
    return Path(package).stat().st_size / 1e6
