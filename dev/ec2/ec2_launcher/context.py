"""What the rules may know about the request being served: one per thread, set by the gateway."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from fnmatch import fnmatchcase


class _Context(threading.local):
    def __init__(self) -> None:
        self.params: dict[str, str] = {}
        self.bypass = False
        self.hide: str | None = None


_CONTEXT = _Context()


@contextmanager
def serving(params: dict[str, str], bypass: bool, hide: str | None = None) -> Iterator[None]:
    _CONTEXT.params, _CONTEXT.bypass, _CONTEXT.hide = params, bypass, hide
    try:
        yield
    finally:
        _CONTEXT.params, _CONTEXT.bypass, _CONTEXT.hide = {}, False, None


def param(name: str) -> str | None:
    """A raw query parameter, by EC2's own spelling (`ClientToken`, `MaxCount`, ...)."""
    return _CONTEXT.params.get(name)


def all_params() -> dict[str, str]:
    return _CONTEXT.params


def is_bypassed() -> bool:
    """True for `X-Strict-Bypass: 1`: the caller wants the truth, without delays of visibility."""
    return _CONTEXT.bypass


def is_hidden(resource_id: str) -> bool:
    """True when a fault lets EC2 not know this instance or ENI in this one call."""
    return _CONTEXT.hide is not None and fnmatchcase(resource_id, _CONTEXT.hide)
