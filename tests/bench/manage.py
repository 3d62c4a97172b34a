"""The management API and the scheduled job: CPU time per client created and per reminder, for growing tables. Both
run against the emulator, which has its own processes; the local runner creates the tables."""

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

    def request(self, method, path, body=None, headers=None):
        connection = getattr(self.own, "connection", None) or HTTPConnection("127.0.0.1", self.port, timeout=120)
        self.own.connection = connection
        own = {"Content-Type": "application/json", "Authorization": f"Bearer {self.bearer}"}
        connection.request(method, path, body if isinstance(body, str) else json.dumps(body), headers or own)
        response = connection.getresponse()
        text = response.read().decode()
        if response.status not in (200, 201):
            raise RuntimeError(f"{method} {path}: {response.status} {text}")
        return json.loads(text)

    def sign_in(self, client, secret):
        basic = base64.b64encode(f"{client}:{secret}".encode()).decode()
        form = {"Content-Type": "application/x-www-form-urlencoded", "Authorization": f"Basic {basic}"}
        self.bearer = self.request("POST", "/oauth/token", "grant_type=client_credentials", form)["access_token"]

    def create_clients(self, count, days):
        expires_on = (datetime.now(timezone.utc) + timedelta(days=days)).date().isoformat()
        body = {"client_name": "Measured", "secret_storage": "digest_only", "secret": {"expires_on": expires_on}}
        with ThreadPoolExecutor(AT_ONCE) as pool:
            list(pool.map(lambda _: self.request("POST", f"/v1/accounts/{ACCOUNT}/clients", body), range(count)))


def stage(ready):
    """The environment variables of the local runner's functions."""
    tables = {f"{name.upper()}_TABLE": f"latchkey-local-{name}" for name in ("directory", "grants", "audit")}
    return environment(
        ready["aws_endpoint"],
        STAGE="local",
        ISSUER=ready["issuer"],
        SIGNING_KEYS_SECRET="latchkey/local/signing-keys",
        VERIFICATION_KEYS_SECRET="latchkey/local/verification-keys",
        PEPPER_SECRET="latchkey/local/pepper",
        AWS_ACCESS_KEY_ID="local",
        AWS_SECRET_ACCESS_KEY="local",
        MAIL_SENDER="latchkey@latchkey.example",
        OPERATOR_EMAIL="operator@latchkey.example",
        **tables,
    )


def measure(binaries, runner, existing, measured, due):
    """CPU milliseconds per client created, by the number of existing clients, and per reminder, by the number due."""
    with ExitStack() as stack:
        state = ["--state", WORK / "state", "--fresh"]
        _, ready = stack.enter_context(running([runner, "--json", "--port", "0", *state], dict(environment(""), CARGO_TARGET_DIR=str(TARGET))))
        process, serving = stack.enter_context(running([binaries / "bench", "manage"], stage(ready)))
        api = Api(serving["port"])
        api.sign_in(ready["client_id"], ready["client_secret"])
        api.request("POST", "/v1/accounts", {"account_id": ACCOUNT, "account_name": "Measured"})
        api.request("PATCH", f"/v1/accounts/{ACCOUNT}", {"limits": {"clients": 100_000}})
        holder = {"email": "ann@measured.example", "name": "Ann", "permissions": ["clients:manage"]}
        api.request("POST", f"/v1/accounts/{ACCOUNT}/members", holder)
        create, remind, created = {}, {}, 0
        for count in existing:
            api.create_clients(count - created, 90)
            create[count] = millis(process, lambda: api.create_clients(measured, 90)) / measured
            created = count + measured
        for count in due:
            api.create_clients(count, 5)
            summary = {}
            spent = millis(process, lambda: summary.update(api.request("POST", "/run-job")))
            assert summary["notices"] == count and summary["failed"] == 0, summary
            remind[count] = spent / count
        return create, remind


def millis(process, work):
    before = cpu_millis(process.pid)
    work()
    return cpu_millis(process.pid) - before
