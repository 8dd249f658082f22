"""Things that happen later in virtual time. They fire, in order, when the next request or control read comes."""

from __future__ import annotations

import heapq
from collections.abc import Callable
from typing import Any

from ..runtime import CLOCK
from .state import world

Handler = Callable[..., None]
_HANDLERS: dict[str, Handler] = {}


def on(kind: str) -> Callable[[Handler], Handler]:
    """Decorator: the function that a timer of this kind calls with (backend, *args)."""

    def register(handler: Handler) -> Handler:
        _HANDLERS[kind] = handler
        return handler

    return register


def after(backend: Any, seconds: float, kind: str, *args: Any) -> None:
    """Call the handler in `seconds`, or now when that is 0. Names, not functions, so that a snapshot can keep them."""
    if seconds <= 0:
        _HANDLERS[kind](backend, *args)
        return
    here = world(backend)
    here.timer_seq += 1
    heapq.heappush(here.timers, (CLOCK.now() + seconds, here.timer_seq, kind, args))


def run_due(backend: Any) -> None:
    here = world(backend)
    now = CLOCK.now()
    while here.timers and here.timers[0][0] <= now:
        _, _, kind, args = heapq.heappop(here.timers)
        _HANDLERS[kind](backend, *args)
    _HANDLERS["sweep"](backend)
