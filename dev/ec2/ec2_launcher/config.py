"""Every knob of the fake, with its default; an unknown key or a wrong type is refused with a clear message."""

from __future__ import annotations

import copy
import dataclasses
from collections.abc import Callable
from dataclasses import dataclass, field, fields
from typing import Any

IN_USE_CODES = ("InvalidParameterValue", "InvalidNetworkInterface.InUse")
TOKEN_MODES = ("replay", "new")

# [bucket size, refill per second]. Source: Amazon EC2 Developer Guide, "Request throttling for the Amazon EC2 API",
# table "Request token bucket sizes and refill rates". The three starred rows are the table's categories.
DEFAULT_BUCKETS: dict[str, list[float]] = {
    "CreateNetworkInterface": [100, 5],
    "DeleteNetworkInterface": [100, 5],
    "ModifyNetworkInterfaceAttribute": [100, 5],
    "AssignPrivateIpAddresses": [100, 5],
    "UnassignPrivateIpAddresses": [100, 5],
    "AssignIpv6Addresses": [100, 5],
    "CreateTags": [100, 10],
    "DeleteTags": [100, 10],
    "RunInstances": [5, 2],
    "StartInstances": [5, 2],
    "TerminateInstances": [100, 5],
    "*read": [100, 20],
    "*unfiltered": [50, 10],
    "*write": [50, 5],
}


class ConfigError(ValueError):
    """A key or value that the fake does not know; answered as HTTP 400 and, at start, as exit code 2."""


@dataclass
class Config:
    """Seconds are virtual time (see clock.py), milliseconds are real sleeps."""

    attach_s: float = 0.0
    detach_s: float = 0.0
    visible_s: float = 0.0
    stale_s: float = 0.0
    pending_s: float = 0.0
    stopping_s: float = 0.0
    shutting_down_s: float = 0.0
    terminated_visible_s: float = 3600.0
    latency_ms: float = 0.0
    latency_ms_by_action: dict[str, float] = field(default_factory=dict)
    throttle: bool = False
    buckets: dict[str, list[float]] = field(default_factory=lambda: copy.deepcopy(DEFAULT_BUCKETS))
    sg_per_eni: int = 5
    eni_per_region: int = 5000
    page_max: int | None = None
    empty_pages: bool = False
    require_paging: bool = False
    require_network_card_index: bool = False
    denied_actions: list[str] = field(default_factory=list)
    refused_access_keys: list[str] = field(default_factory=list)
    clock_skew_s: float = 0.0
    in_use_code: str = IN_USE_CODES[0]
    token_after_delete: str = TOKEN_MODES[0]
    primary_delete_on_termination: bool = True

    def update(self, patch: Any) -> None:
        """Apply `patch` or nothing of it. `buckets` are merged by key, everything else is replaced."""
        if not isinstance(patch, dict):
            raise ConfigError("the configuration must be a JSON object")
        checked = {key: _checked(key, value) for key, value in patch.items()}
        if "buckets" in checked:
            checked["buckets"] = {**self.buckets, **checked["buckets"]}
        for key, value in checked.items():
            setattr(self, key, value)

    def reset(self) -> None:
        for key, value in vars(Config()).items():
            setattr(self, key, value)

    def to_json(self) -> dict[str, Any]:
        return dataclasses.asdict(self)


def _checked(key: str, value: Any) -> Any:
    check = _CHECKS.get(key)
    if check is None:
        raise ConfigError(f"unknown key {key!r}; known keys: {', '.join(sorted(_CHECKS))}")
    try:
        return check(value)
    except (TypeError, ValueError) as problem:
        raise ConfigError(f"{key}: {problem}") from None


def _number(value: Any) -> float:
    if isinstance(value, bool) or not isinstance(value, int | float):
        raise TypeError(f"expected a number, got {value!r}")
    return value


def _positive(value: Any) -> float:
    if _number(value) < 0:
        raise ValueError(f"must not be negative, got {value!r}")
    return value


def _count(value: Any) -> int:
    if _positive(value) != int(value):
        raise ValueError(f"expected a whole number, got {value!r}")
    return int(value)


def _page(value: Any) -> int | None:
    if value is None:
        return None
    if _count(value) < 1:
        raise ValueError("must be at least 1, or null for no cap")
    return int(value)


def _flag(value: Any) -> bool:
    if not isinstance(value, bool):
        raise TypeError(f"expected true or false, got {value!r}")
    return value


def _patterns(value: Any) -> list[str]:
    if not isinstance(value, list) or not all(isinstance(item, str) for item in value):
        raise TypeError(f"expected a list of strings, got {value!r}")
    return value


def _latencies(value: Any) -> dict[str, float]:
    if not isinstance(value, dict):
        raise TypeError(f"expected an object of milliseconds by action, got {value!r}")
    return {action: _positive(ms) for action, ms in value.items()}


def _buckets(value: Any) -> dict[str, list[float]]:
    if not isinstance(value, dict):
        raise TypeError(f"expected an object of [size, refill] by action, got {value!r}")
    for action, bucket in value.items():
        if not isinstance(bucket, list) or len(bucket) != 2:
            raise TypeError(f"{action}: expected [size, refill per second], got {bucket!r}")
        _positive(bucket[0]), _positive(bucket[1])
    return value


def _one_of(allowed: tuple[str, ...]) -> Callable[[Any], str]:
    def check(value: Any) -> str:
        if value not in allowed:
            raise ValueError(f"expected one of {', '.join(allowed)}, got {value!r}")
        return value

    return check


_BY_TYPE = {
    "float": _positive,
    "int": _count,
    "int | None": _page,
    "bool": _flag,
    "list[str]": _patterns,
    "dict[str, float]": _latencies,
    "dict[str, list[float]]": _buckets,
}
_CHECKS: dict[str, Callable[[Any], Any]] = {f.name: _BY_TYPE[str(f.type)] for f in fields(Config) if f.type != "str"}
_CHECKS["clock_skew_s"] = _number
_CHECKS["in_use_code"] = _one_of(IN_USE_CODES)
_CHECKS["token_after_delete"] = _one_of(TOKEN_MODES)
