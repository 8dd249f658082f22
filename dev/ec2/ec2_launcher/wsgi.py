"""The gateway before moto: log, latency, throttling, permissions, faults; then the call itself, one at a time."""

from __future__ import annotations

import io
import re
import socket
import sys
import time
from collections.abc import Callable, Iterable
from contextlib import suppress
from dataclasses import dataclass, field
from fnmatch import fnmatchcase
from typing import Any
from urllib.parse import parse_qsl

from moto.ec2.models import ec2_backends

from . import access, control, rights, truth
from .context import serving
from .errors import error_body, status_line
from .faults import Fault, Stage
from .holds import Hold
from .rules import timers
from .runtime import ACCOUNT, BUCKETS, CLOCK, CONFIG, FAULTS, HOLDS, LOCK, LOG, POLICIES
from .throttle import bucket_of, is_narrowed

StartResponse = Callable[..., Any]
Application = Callable[..., Iterable[bytes]]
Environ = dict[str, Any]

BYPASS = "HTTP_X_STRICT_BYPASS"
# For a caller that does not sign, such as a test that acts "by hand" with a plain HTTP client.
UNSIGNED = "AWS4-HMAC-SHA256 Credential=by-hand/20260101/us-east-1/ec2/aws4_request, SignedHeaders=host, Signature=0"
UNSIGNED_STS = ("AssumeRoleWithWebIdentity", "AssumeRoleWithSAML")


class ReplyLostError(ConnectionResetError):
    """The reply is not to be sent: the connection just ends."""


@dataclass
class Answer:
    status: int
    body: bytes
    headers: list[tuple[str, str]] = field(default_factory=list)
    code: str | None = None
    denied: str | None = None

    @classmethod
    def error(cls, status: int, code: str, message: str, denied: str | None = None) -> Answer:
        body = error_body(code, message)
        return cls(status, body, [("Content-Type", "text/xml;charset=UTF-8")], code, denied)


@dataclass
class Call:
    """One EC2 request."""

    environ: Environ
    action: str
    params: dict[str, str]
    bypass: bool
    seq: int = 0

    @property
    def region(self) -> str:
        return access.caller(self.environ["HTTP_AUTHORIZATION"])[1]

    @property
    def socket(self) -> socket.socket | None:
        return self.environ.get("werkzeug.socket")


class Gateway:
    """The WSGI application. `ec2` is moto's EC2 alone; `others` finds the service itself (STS, for credentials)."""

    def __init__(self, ec2: Application, others: Application) -> None:
        self._ec2, self._others = ec2, others

    def __call__(self, environ: Environ, start: StartResponse) -> Iterable[bytes]:
        if environ.get("PATH_INFO", "").startswith(control.PREFIX):
            status, body = control.handle(environ)
            return _send(start, Answer(status, body, [("Content-Type", "application/json")]))
        call = _parse(environ)
        if call is None:
            return self._others(environ, start)
        try:
            return _send(start, self._execute(call) if call.bypass else self._serve(call))
        except ReplyLostError:
            _cut(call.socket)
            raise

    def _serve(self, call: Call) -> Answer:
        started = time.monotonic()
        record = LOG.begin(CLOCK.now(), call.action, call.params)
        call.seq = record["seq"]
        code, http, denied = "LOST", None, None
        try:
            answer = self._answer(call)
            code, http, denied = answer.code, answer.status, answer.denied
            return answer
        finally:
            LOG.end(record, code, http, (time.monotonic() - started) * 1000, denied)

    def _answer(self, call: Call) -> Answer:
        time.sleep(_latency_ms(call.action) / 1000)
        if (refused := _refusal(call)) is not None:
            return refused
        fault = FAULTS.match(call.action, call.params)
        if fault is None:
            return self._execute(call)
        time.sleep(fault.delay_ms / 1000)
        _strike(fault, "before", call)
        if fault.code is not None:
            return Answer.error(fault.status, fault.code, fault.message or fault.code)
        answer = self._execute(call, fault.hide)
        _strike(fault, "after", call)
        return answer

    def _execute(self, call: Call, hide: str | None = None) -> Answer:
        seen: dict[str, Any] = {}

        def capture(status: str, headers: list[tuple[str, str]], exc: Any = None) -> None:
            seen["status"], seen["headers"] = int(status[:3]), headers

        try:
            with LOCK, serving(call.params, call.bypass, hide):
                timers.run_due(ec2_backends[ACCOUNT][call.region])
                body = b"".join(self._ec2(call.environ, capture))
        except Exception as problem:
            return _not_modelled(call.action, problem)
        return _checked(call.action, Answer(seen["status"], body, seen["headers"]))


def _parse(environ: Environ) -> Call | None:
    """None when this is not for EC2; moto then decides."""
    raw = environ["wsgi.input"].read(int(environ.get("CONTENT_LENGTH") or 0))
    environ["wsgi.input"] = io.BytesIO(raw)
    if not environ.get("CONTENT_TYPE", "").startswith("application/x-www-form-urlencoded"):
        return None
    params = dict(parse_qsl(raw.decode("utf-8", "replace"), keep_blank_values=True))
    action = params.get("Action")
    if not action or action in UNSIGNED_STS:
        return None
    if "/ec2/aws4_request" not in environ.setdefault("HTTP_AUTHORIZATION", UNSIGNED):
        return None
    return Call(environ, action, params, bypass=environ.get(BYPASS) == "1")


def _latency_ms(action: str) -> float:
    for pattern, milliseconds in CONFIG.latency_ms_by_action.items():
        if fnmatchcase(action, pattern):
            return milliseconds
    return CONFIG.latency_ms


def _refusal(call: Call) -> Answer | None:
    return _throttled(call) or _unauthorized(call) or _unpaged(call)


def _throttled(call: Call) -> Answer | None:
    """Source: Amazon EC2 API Reference, "Error codes": RequestLimitExceeded; as HTTP 503."""
    if not CONFIG.throttle:
        return None
    name, (size, refill) = bucket_of(call.action, call.params, CONFIG.buckets)
    with LOCK:
        if BUCKETS.take((call.region, name), size, refill, CLOCK.now()):
            return None
    text = (
        f"Request limit exceeded. Account {ACCOUNT} has been throttled on ec2:{call.action} "
        "because it exceeded its request rate limit."
    )
    return Answer.error(503, "RequestLimitExceeded", text)


def _unauthorized(call: Call) -> Answer | None:
    environ = call.environ
    refusal = access.check(
        CONFIG, call.action, call.params, environ["HTTP_AUTHORIZATION"], environ.get("HTTP_X_AMZ_DATE")
    )
    refusal = refusal or _against_policy(call)
    return refusal and Answer.error(refusal.status, refusal.code, refusal.message, refusal.denied)


def _against_policy(call: Call) -> access.Refusal | None:
    access_key, region = access.caller(call.environ["HTTP_AUTHORIZATION"])
    with LOCK:
        backend = ec2_backends[ACCOUNT][region]
        timers.run_due(backend)
        request = rights.Request(call.action, call.params, region, ACCOUNT, truth.Account(backend))
        return access.check_policy(POLICIES, access_key, request)


def _unpaged(call: Call) -> Answer | None:
    """Source: DescribeNetworkInterfaces: in big accounts "the operation fails unless you use pagination" or a filter.

    The code is this fake's choice; the documentation names none.
    """
    if not CONFIG.require_paging or not call.action.startswith("Describe") or is_narrowed(call.params):
        return None
    text = "You have too many resources for a call without MaxResults, filters or ids. Use pagination."
    return Answer.error(400, "OperationNotPermitted", text)


def _strike(fault: Fault, stage: Stage, call: Call) -> None:
    """Do what `fault` orders at this stage; raises ReplyLostError when the client gets no answer."""
    for kind in ("pause", "hang"):
        if getattr(fault, kind) == stage:
            verdict = HOLDS.wait(Hold(call.seq, call.action, kind, stage, fault.id), call.socket)
            if verdict == "drop":
                raise ReplyLostError
    if fault.reset == stage:
        raise ReplyLostError


def _checked(action: str, answer: Answer) -> Answer:
    if answer.status < 400:
        return answer
    found = re.search(rb"<Code>([^<]+)", answer.body)
    if found is None and answer.status >= 500:  # moto's debug page; EC2 would not send HTML
        print(f"ec2_launcher: {action}: moto answered {answer.status}", file=sys.stderr, flush=True)
        return Answer.error(500, "InternalError", "An internal error has occurred")
    answer.code = found[1].decode() if found else str(answer.status)
    return answer


def _not_modelled(action: str, problem: Exception) -> Answer:
    print(f"ec2_launcher: {action}: {type(problem).__name__}: {problem}", file=sys.stderr, flush=True)
    status = 501 if isinstance(problem, NotImplementedError) else 500
    return Answer.error(status, "InternalError", f"{type(problem).__name__}: {problem}")


def _send(start: StartResponse, answer: Answer) -> list[bytes]:
    headers = [(name, value) for name, value in answer.headers if name.lower() != "content-length"]
    start(status_line(answer.status), [*headers, ("Content-Length", str(len(answer.body)))])
    return [answer.body]


def _cut(client: socket.socket | None) -> None:
    if client is not None:
        with suppress(OSError):
            client.shutdown(socket.SHUT_RDWR)
