"""Faults that a test orders: an error, a delay, a lost reply, a call that never returns, a pause, a gap in a list."""

from __future__ import annotations

import random
import threading
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field, fields
from fnmatch import fnmatchcase
from typing import Any, Literal

Stage = Literal["before", "after"]
_STAGES = (None, "before", "after")


class FaultError(ValueError):
    """A fault that cannot be understood; answered as HTTP 400."""


@dataclass
class Fault:
    """`before` acts instead of executing the call, `after` once it has been executed. `times: null` never ends.

    `hide` is a pattern of ids, for calls that name one of them: to these, EC2 does not know what has such an id.
    """

    action: str = "*"
    params: dict[str, str] = field(default_factory=dict)
    code: str | None = None
    status: int = 400
    message: str | None = None
    times: int | None = 1
    skip: int = 0
    p: float = 1.0
    delay_ms: float = 0.0
    reset: Stage | None = None
    hang: Stage | None = None
    pause: Stage | None = None
    hide: str | None = None
    id: int = 0
    hits: int = 0

    @classmethod
    def parse(cls, raw: Any) -> Fault:
        if not isinstance(raw, dict):
            raise FaultError(f"a fault must be an object, got {raw!r}")
        known = {f.name for f in fields(cls)} - {"id", "hits"}
        if unknown := set(raw) - known:
            raise FaultError(f"unknown fault key {sorted(unknown)}; known keys: {sorted(known)}")
        fault = cls(**raw)
        if any(stage not in _STAGES for stage in (fault.reset, fault.hang, fault.pause)):
            raise FaultError("reset, hang and pause take 'before' or 'after'")
        if not isinstance(fault.params, dict):
            raise FaultError("params must be an object of patterns by EC2 query key")
        return fault

    @property
    def spent(self) -> bool:
        return self.times is not None and self.hits >= self.times

    def fits(self, action: str, params: Mapping[str, str]) -> bool:
        return (
            fnmatchcase(action, self.action)
            and all(fnmatchcase(params.get(key, ""), str(pattern)) for key, pattern in self.params.items())
            and (self.hide is None or any(fnmatchcase(value, self.hide) for value in params.values()))
        )


class FaultBook:
    """The ordered list of faults; the first one that fits and is not spent is used."""

    def __init__(self, seed: int = 1) -> None:
        self._lock = threading.Lock()
        self._faults: list[Fault] = []
        self._last_id = 0
        self._random = random.Random(seed)

    def replace(self, raw: Any) -> list[Fault]:
        if not isinstance(raw, list):
            raise FaultError("expected a list of faults")
        faults = [Fault.parse(item) for item in raw]
        with self._lock:
            self._faults = [self._numbered(fault) for fault in faults]
            return list(self._faults)

    def add(self, raw: Any) -> Fault:
        fault = Fault.parse(raw)
        with self._lock:
            self._faults.append(self._numbered(fault))
        return fault

    def remove(self, fault_id: int) -> bool:
        with self._lock:
            kept = [fault for fault in self._faults if fault.id != fault_id]
            found, self._faults = len(kept) < len(self._faults), kept
        return found

    def clear(self) -> None:
        with self._lock:
            self._faults = []

    def match(self, action: str, params: Mapping[str, str]) -> Fault | None:
        """The fault for this call, counted as a hit."""
        with self._lock:
            for fault in self._faults:
                if not fault.spent and fault.fits(action, params) and self._strikes(fault):
                    fault.hits += 1
                    return fault
        return None

    def to_json(self) -> list[dict[str, Any]]:
        with self._lock:
            return [asdict(fault) for fault in self._faults]

    def _numbered(self, fault: Fault) -> Fault:
        self._last_id += 1
        fault.id = self._last_id
        return fault

    def _strikes(self, fault: Fault) -> bool:
        if fault.skip > 0:
            fault.skip -= 1
            return False
        return fault.p >= 1 or self._random.random() < fault.p
