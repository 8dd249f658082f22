"""The HTTP server: threads, keep-alive, no Nagle delay, only on the loopback interface."""

from __future__ import annotations

import ipaddress
import os
import signal
import sys
import threading
import time
from typing import Any

from moto.ec2.models import ec2_backends
from moto.moto_server.werkzeug_app import DomainDispatcherApplication, MotoRequestHandler, create_backend_app
from werkzeug.serving import BaseWSGIServer, make_server

from .runtime import ACCOUNT, CONFIG
from .wsgi import Gateway

DEFAULT_REGION = "us-east-1"


class Handler(MotoRequestHandler):
    protocol_version = "HTTP/1.1"  # one connection per SDK socket, not per call
    disable_nagle_algorithm = True
    wbufsize = 1 << 16  # headers and body leave in one packet

    def log_request(self, *_: Any) -> None:
        """The call log is at /_strict/log."""

    def log(self, *_: Any) -> None:
        """A cut connection is usually a test's own fault rule."""

    def date_time_string(self, timestamp: float | None = None) -> str:
        """The Date of every answer, by the fake's clock: from it an SDK learns how far its own is off."""
        return super().date_time_string(time.time() + CONFIG.clock_skew_s if timestamp is None else timestamp)


def check_loopback(host: str) -> str:
    if host != "localhost" and not ipaddress.ip_address(host).is_loopback:
        raise ValueError(f"--host must be a loopback address, got {host!r}")
    return host


def create(host: str, port: int) -> BaseWSGIServer:
    application = Gateway(create_backend_app("ec2"), DomainDispatcherApplication(create_backend_app))
    ec2_backends[ACCOUNT][DEFAULT_REGION]  # loads the machine images now, not in the first call
    return make_server(check_loopback(host), port, application, threaded=True, request_handler=Handler)


def stop_on_signals() -> None:
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: leave())


def stop_on_stdin_eof() -> None:
    threading.Thread(target=lambda: (sys.stdin.buffer.read(), leave()), daemon=True).start()


def leave() -> None:
    """At once: there is nothing to save, and held requests must not delay it."""
    sys.stdout.flush()
    os._exit(0)
