"""`python -m cloud.system.probe`: whether the service in this container is ready, for its health check.

Exit code 0 when it is, 1 when it is not. It asks by the same settings the service was started with.
"""

from __future__ import annotations

import os
import ssl
import sys
from http.client import HTTPConnection, HTTPException, HTTPSConnection

from cloud.settings import Settings, SettingsRefused, from_environment

_SECONDS = 4
_ANY = {"0.0.0.0": "127.0.0.1", "::": "::1"}  # noqa: S104 - where it listens, not where we do


def ready(settings: Settings) -> bool:
    """Whether `/health/ready` answers 200 on this machine."""
    connection = _connection(settings)
    try:
        connection.request("GET", "/health/ready")
        return connection.getresponse().status == 200
    except (OSError, HTTPException):
        return False
    finally:
        connection.close()


def _connection(settings: Settings) -> HTTPConnection:
    host = _ANY.get(settings.host, settings.host)
    if settings.tls_cert is None:
        return HTTPConnection(host, settings.port, timeout=_SECONDS)
    # The certificate is for the public name, and this stays within the machine.
    context = ssl.create_default_context()
    context.check_hostname = False
    context.verify_mode = ssl.CERT_NONE
    return HTTPSConnection(host, settings.port, timeout=_SECONDS, context=context)


def main() -> int:
    """0 when ready, 1 when not or when the settings are refused."""
    try:
        settings = from_environment(os.environ)
    except SettingsRefused:
        return 1
    return 0 if ready(settings) else 1


if __name__ == "__main__":
    sys.exit(main())
