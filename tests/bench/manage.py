"""The management API and the scheduled job: processor time per client that is made, and per reminder, as there come
to be more. They run against the emulator, which has its own processes; the local runner makes the tables."""

import base64
import json
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from datetime import datetime, timedelta, timezone
from http.client import HTTPConnection
from threading import local

from parts import TARGET, WORK, cpu_millis, environment, running

AT_ONCE = 8
ACCOUNT = "bench"


class Api:
    """A caller of the management API, over one connection for each thread."""

    def __init__(self, port):
        self.port, self.own, self.bearer = port, local(), None

    def ask(self, method, path, body=None, headers=None):
        connection = getattr(self.own, "connection", None) or HTTPConnection("127.0.0.1", self.port, timeout=120)
        self.own.connection = connection
        own = {"Content-Type": "application/json", "Authorization": f"Bearer {self.bearer}"}
        connection.request(method, path, body if isinstance(body, str) else json.dumps(body), headers or own)
        answer = connection.getresponse()
        text = answer.read().decode()
        if answer.status not in (200, 201):
            raise RuntimeError(f"{method} {path}: {answer.status} {text}")
        return json.loads(text)

    def sign_in(self, client, secret):
        basic = base64.b64encode(f"{client}:{secret}".encode()).decode()
        form = {"Content-Type": "application/x-www-form-urlencoded", "Authorization": f"Basic {basic}"}
        self.bearer = self.ask("POST", "/oauth/token", "grant_type=client_credentials", form)["access_token"]

    def make_clients(self, count, days):
        ends = (datetime.now(timezone.utc) + timedelta(days=days)).date().isoformat()
        body = {"client_name": "Measured", "secret_storage": "digest_only", "secret": {"expires_on": ends}}
        with ThreadPoolExecutor(AT_ONCE) as pool:
            list(pool.map(lambda _: self.ask("POST", f"/v1/accounts/{ACCOUNT}/clients", body), range(count)))


def stage(said):
    """What the stack of the local runner tells its functions."""
    tables = {f"{name.upper()}_TABLE": f"latchkey-local-{name}" for name in ("directory", "grants", "audit")}
    return environment(
        said["aws_endpoint"],
        STAGE="local",
        ISSUER=said["issuer"],
        SIGNING_KEYS_SECRET="latchkey/local/signing-keys",
        PEPPER_SECRET="latchkey/local/pepper",
        AWS_ACCESS_KEY_ID="local",
        AWS_SECRET_ACCESS_KEY="local",
        MAIL_SENDER="latchkey@latchkey.example",
        OPERATOR_EMAIL="operator@latchkey.example",
        **tables,
    )


def measure(binaries, runner, existing, measured, due):
    """Milliseconds per client made when there are so many, and per reminder when so many are due."""
    with ExitStack() as stack:
        state = ["--state", WORK / "state", "--fresh"]
        _, said = stack.enter_context(running([runner, "--json", "--port", "0", *state], dict(environment(""), CARGO_TARGET_DIR=str(TARGET))))
        process, serving = stack.enter_context(running([binaries / "bench", "manage"], stage(said)))
        api = Api(serving["port"])
        api.sign_in(said["client_id"], said["client_secret"])
        api.ask("POST", "/v1/accounts", {"account_id": ACCOUNT, "account_name": "Measured"})
        holder = {"email": "ann@measured.example", "name": "Ann", "permissions": ["clients:manage"]}
        api.ask("POST", f"/v1/accounts/{ACCOUNT}/members", holder)
        create, remind, there = {}, {}, 0
        for wanted in existing:
            api.make_clients(wanted - there, 90)
            create[wanted] = millis(process, lambda: api.make_clients(measured, 90)) / measured
            there = wanted + measured
        for wanted in due:
            api.make_clients(wanted, 5)
            summary = {}
            spent = millis(process, lambda: summary.update(api.ask("POST", "/run-job")))
            assert summary["notices"] == wanted and summary["failed"] == 0, summary
            remind[wanted] = spent / wanted
        return create, remind


def millis(process, work):
    before = cpu_millis(process.pid)
    work()
    return cpu_millis(process.pid) - before
