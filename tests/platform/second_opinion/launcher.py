"""Runs LocalStack on a port of 127.0.0.1 for as long as standard input stays open.

Arguments: the port, and a directory. The certificate and LocalStack's files are in a temporary directory there.
"""

import functools
import os
import subprocess
import sys
import tempfile
import threading
import types
from pathlib import Path

port, parent = sys.argv[1], sys.argv[2]
directory = tempfile.TemporaryDirectory(prefix="second-opinion-", dir=parent, ignore_cleanup_errors=True)
home = Path(directory.name)


def stop_at_end_of_input() -> None:
    sys.stdin.buffer.read()
    # There is no state to write, and LocalStack's own way to stop takes many seconds.
    directory.cleanup()
    os._exit(0)


threading.Thread(target=stop_at_end_of_input, daemon=True).start()

# The server also takes HTTPS and does not start without a certificate. No test uses it.
certificate = home / "certificate.pem"
request = "openssl req -x509 -newkey rsa:2048 -nodes -days 30 -subj /CN=localhost -keyout - -out -"
certificate.write_bytes(subprocess.run(request.split(), check=True, capture_output=True).stdout)

os.environ.update(
    SERVICES="secretsmanager,ses,events",
    GATEWAY_LISTEN=f"127.0.0.1:{port}",
    GATEWAY_SERVER="hypercorn",
    CUSTOM_SSL_CERT_PATH=str(certificate),
    SKIP_SSL_CERT_DOWNLOAD="1",
    # No usage statistics, no DNS server.
    DISABLE_EVENTS="1",
    DNS_ADDRESS="0",
    PERSISTENCE="0",
    # Loading a service at its first request would take longer than a caller waits.
    EAGER_SERVICE_LOADING="1",
    # In a container, LocalStack would keep its files below /var/lib.
    OVERRIDE_IN_DOCKER="0",
    LOCALSTACK_VOLUME_DIR=str(home / "volume"),
    FILESYSTEM_ROOT=str(home / "files"),
    CONFIG_DIR=str(home / "config"),
    XDG_CACHE_HOME=str(home / "cache"),
)

# EventBridge needs this package for scheduled rules only, which Latchkey has none of. It exists only as source,
# and building it would fetch packages that no hash is known of.
sys.modules["crontab"] = types.SimpleNamespace(CronTab=None)

# Both read the environment when they are imported.
from localstack.runtime.main import main  # noqa: E402
from localstack.services.secretsmanager.provider import SecretsmanagerProvider  # noqa: E402

put_secret_value = SecretsmanagerProvider.put_secret_value


@functools.wraps(put_secret_value)
def put_or_stage(self, context, request):
    """PutSecretValue, which also stages a pending version without a value.

    AWS refuses that from callers and does it itself in RotateSecret. LocalStack's RotateSecret does it too, but only
    with a Lambda function, and the tests take the steps of a rotation themselves.
    """
    has_value = "SecretString" in request or "SecretBinary" in request
    if has_value or request.get("VersionStages") != ["AWSPENDING"]:
        return put_secret_value(self, context, request)
    response = put_secret_value(self, context, {**request, "SecretString": "to be removed"})
    backend = self.get_moto_backend_for_resource(request["SecretId"], context)
    del backend.secrets[request["SecretId"]].versions[response["VersionId"]]["secret_string"]
    return response


SecretsmanagerProvider.put_secret_value = put_or_stage

main()
