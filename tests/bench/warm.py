"""Warm figures: running servers, 16 connections, CPU time of the server alone."""

import json
import subprocess
import urllib.request
from contextlib import ExitStack

from parts import NODE, cpu_seconds, environment, running

CONNECTIONS = 16
MANY = 1_000_000
# The operations that issue no access token by client credentials, and the contender that serves each.
OTHERS = {"introspect": "ours", "refresh": "ours", "get-client": "management", "create-client": "management"}


class Warm:
    """Contenders, each with a stub of its own."""

    def __init__(self, binaries, stack):
        self.bench, self.stack, self.ports, self.contenders = binaries / "bench", stack, {}, {}

    def stub(self, name, clients):
        _, ready = self.stack.enter_context(running([self.bench, "stub", clients]))
        self.ports[name] = ready["port"]
        return f"http://127.0.0.1:{ready['port']}"

    def ours(self, name, clients):
        env = environment(self.stub(name, clients))
        self.contenders[name] = self.stack.enter_context(running([self.bench, "token"], env))

    def management(self, name, clients):
        # The job in the same process needs the mail settings.
        mail = {"MAIL_SENDER": "latchkey@latchkey.example", "OPERATOR_EMAIL": "operator@latchkey.example"}
        env = environment(self.stub(name, clients), **mail)
        self.contenders[name] = self.stack.enter_context(running([self.bench, "manage"], env))

    def oidc_provider(self, name, clients):
        env = environment(self.stub(name, clients))
        self.contenders[name] = self.stack.enter_context(running(["node", "oidc_provider.mjs"], env, NODE))

    def load(self, name, operation, seconds, first=0, clients=1_000, connections=CONNECTIONS):
        """Sends requests; returns their number and the server's CPU seconds."""
        process, ready = self.contenders[name]
        before = cpu_seconds(process.pid)
        arguments = [self.bench, "load", ready["port"], connections, seconds, first, clients, operation]
        done = subprocess.run([str(argument) for argument in arguments], check=True, stdout=subprocess.PIPE, text=True)
        return json.loads(done.stdout)["requests"], cpu_seconds(process.pid) - before

    def micros(self, name, operation, seconds, **more):
        """CPU microseconds per request."""
        requests, cpu = self.load(name, operation, seconds, **more)
        return cpu / requests * 1e6

    def counts(self, name):
        """AWS calls of the contender so far, by operation."""
        with urllib.request.urlopen(f"http://127.0.0.1:{self.ports[name]}/counts") as response:
            return json.load(response)


def in_process(binaries, rounds, millis):
    """Nanoseconds of each in-process measurement, by name; one sample per round."""
    arguments = [binaries / "bench", "in-process", str(rounds), str(millis)]
    return json.loads(subprocess.run(arguments, check=True, stdout=subprocess.PIPE, text=True).stdout)


def measure(binaries, rounds, seconds):
    """Samples by contender: every contender in every round."""
    samples = {}
    note = lambda name, value: samples.setdefault(name, []).append(value)
    with ExitStack() as stack:
        warm = Warm(binaries, stack)
        warm.ours("ours", 1_000)
        warm.management("management", 1_000)
        warm.oidc_provider("oidc-provider", 1_000)
        warm.ours("one client", 1)
        warm.ours("many clients", MANY)
        for name in warm.contenders:  # Until it is warm: node compiles what is used much.
            warm.load(name, "es256", seconds, clients=1)
        turn = 0
        for _ in range(rounds):
            for name, nanos in in_process(binaries, 1, 100 * seconds).items():
                note(name, nanos[0] / 1e3)
            note("ours es256", warm.micros("ours", "es256", seconds))
            note("oidc-provider", warm.micros("oidc-provider", "es256", seconds))
            note("ours rs256", warm.micros("ours", "rs256", seconds))
            for operation, contender in OTHERS.items():
                note(operation, warm.micros(contender, operation, seconds))
            note("one client", 1e6 / warm.micros("one client", "es256", seconds, clients=1))
            tokens, cpu = warm.load("many clients", "es256", seconds, first=turn, clients=MANY - turn)
            turn += tokens  # Every request is of a client that has not asked before.
            note("many clients", tokens / cpu)
    return samples
