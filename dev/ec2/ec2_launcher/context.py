"""What the rules may know about the request being served: one per thread, set by the gateway."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager


class _Context(threading.local):
    def __init__(self) -> None:
        self.params: dict[str, str] = {}
        self.bypass = False


_CONTEXT = _Context()


@contextmanager
def serving(params: dict[str, str], bypass: bool) -> Iterator[None]:
    _CONTEXT.params, _CONTEXT.bypass = params, bypass
    try:
        yield
    finally:
        _CONTEXT.params, _CONTEXT.bypass = {}, False


def param(name: str) -> str | None:
    """A raw query parameter, by EC2's own spelling (`ClientToken`, `MaxCount`, ...)."""
    return _CONTEXT.params.get(name)


def all_params() -> dict[str, str]:
    return _CONTEXT.params


def is_bypassed() -> bool:
    """True for `X-Strict-Bypass: 1`: the caller wants the truth, without delays of visibility."""
    return _CONTEXT.bypass
