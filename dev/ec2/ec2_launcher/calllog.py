"""The log of EC2 calls: a ring of records, and exact counts that the ring's size does not limit."""

from __future__ import annotations

import sys
import threading
from collections import Counter, deque
from collections.abc import Mapping
from typing import Any

from .throttle import is_read

RING = 50_000
THROTTLED = "RequestLimitExceeded"
# What a test asserts on; everything else of a request is left out of the log.
LOGGED_PARAMS = (
    "NetworkInterfaceId",
    "NetworkInterfaceId.1",
    "InstanceId",
    "InstanceId.1",
    "AttachmentId",
    "Attachment.AttachmentId",
    "Attachment.DeleteOnTermination",
    "ClientToken",
    "DeviceIndex",
    "NetworkCardIndex",
    "SubnetId",
    "SubnetId.1",
    "SecurityGroupId.1",
    "SecurityGroupId.2",
    "GroupId.1",
    "Description",
    "Description.Value",
    "SourceDestCheck.Value",
    "PrivateIpAddress",
    "SecondaryPrivateIpAddressCount",
    "Force",
    "DryRun",
    "MaxResults",
    "NextToken",
    "ResourceId.1",
)
LOGGED_TAGS = 8
LOGGED_FILTERS = 5


def selected(params: Mapping[str, str]) -> dict[str, Any]:
    """The logged part of a request; tags of the first TagSpecification and the filters become objects."""
    chosen: dict[str, Any] = {key: params[key] for key in LOGGED_PARAMS if key in params}
    if tags := _pairs(params, "TagSpecification.1.Tag", "Key", LOGGED_TAGS) or _pairs(
        params, "Tag", "Key", LOGGED_TAGS
    ):
        chosen["tags"] = tags
    if filters := _pairs(params, "Filter", "Name", LOGGED_FILTERS):
        chosen["filters"] = filters
    return chosen


def _pairs(params: Mapping[str, str], prefix: str, name: str, limit: int) -> dict[str, str]:
    found: dict[str, str] = {}
    for index in range(1, limit + 1):
        key = params.get(f"{prefix}.{index}.{name}")
        if key is None:
            break
        found[key] = params.get(f"{prefix}.{index}.Value", params.get(f"{prefix}.{index}.Value.1", ""))
    return found


class CallLog:
    """`seq` starts at 1 and never restarts, so that "since" keeps its meaning over `clear`."""

    def __init__(self, ring: int = RING) -> None:
        self._lock = threading.Lock()
        self._records: deque[dict[str, Any]] = deque(maxlen=ring)
        self._actions: list[str] = []
        self._throttled: list[int] = []
        self._base = 0

    def begin(self, t: float, action: str, params: Mapping[str, str]) -> dict[str, Any]:
        """Log the arrival of a call. `code`, `http` and `ms` stay null until `end`."""
        with self._lock:
            self._actions.append(sys.intern(action))
            seq = self._base + len(self._actions)
            record = {"seq": seq, "t": round(t, 3), "action": action, "params": selected(params)}
            record |= {"code": None, "http": None, "ms": None}
            self._records.append(record)
            return record

    def end(
        self, record: dict[str, Any], code: str | None, http: int | None, ms: float, denied: str | None = None
    ) -> None:
        """`denied` is the right that was missing; the key is there for such calls alone."""
        with self._lock:
            record |= {"code": code, "http": http, "ms": round(ms, 1)}
            if denied is not None:
                record["denied"] = denied
            if code == THROTTLED:
                self._throttled.append(record["seq"])

    def records(self, since: int = 0, action: str | None = None) -> list[dict[str, Any]]:
        """Records after `since`, oldest first."""
        with self._lock:
            return [dict(r) for r in self._records if r["seq"] > since and action in (None, r["action"])]

    def counts(self, since: int = 0) -> dict[str, Any]:
        with self._lock:
            by_action = Counter(self._actions[max(0, since - self._base) :])
            throttled = sum(1 for seq in self._throttled if seq > since)
            last = self._base + len(self._actions)
        mutating = sum(n for action, n in by_action.items() if not is_read(action))
        total = by_action.total()
        return {
            "byAction": dict(by_action),
            "mutating": mutating,
            "total": total,
            "throttled": throttled,
            "lastSeq": last,
        }

    def clear(self) -> None:
        with self._lock:
            self._base += len(self._actions)
            self._records.clear()
            self._actions, self._throttled = [], []
