"""What ever happened to an ENI, in order. Kept when the log is cleared: a test can ask how many were ever made."""

from __future__ import annotations

import threading
from typing import Any

from .clock import Clock

EVENTS = ("created", "attached", "detached", "deleted", "modified", "tagged")


class Journal:
    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._lock = threading.Lock()
        self._seq = 0
        self._events: list[dict[str, Any]] = []
        self._tags: dict[str, dict[str, str]] = {}

    def note(self, event: str, eni_id: str, *, tags: dict[str, str] | None = None, **details: Any) -> None:
        """Record `event`; None among `details` is left out. `tags` are remembered for the filter of `read`."""
        with self._lock:
            self._seq += 1
            record = {"seq": self._seq, "t": round(self._clock.now(), 3), "event": event, "eniId": eni_id}
            record |= {key: value for key, value in details.items() if value is not None}
            if tags is not None:
                record["tags"] = dict(tags)
                self._tags.setdefault(eni_id, {}).update(tags)
            self._events.append(record)

    def read(self, since: int = 0, tag: str | None = None, event: str | None = None) -> dict[str, Any]:
        """Events after `since`; with `tag` ("key" or "key=value") only of ENIs that ever carried it."""
        with self._lock:
            events = [
                dict(e)
                for e in self._events
                if e["seq"] > since and event in (None, e["event"]) and self._carries(e["eniId"], tag)
            ]
            last = self._seq
        created = [e["eniId"] for e in events if e["event"] == "created"]
        return {"events": events, "createdEniIds": created, "lastSeq": last}

    def _carries(self, eni_id: str, tag: str | None) -> bool:
        if tag is None:
            return True
        key, separator, value = tag.partition("=")
        tags = self._tags.get(eni_id, {})
        return key in tags and (not separator or tags[key] == value)

    def clear(self) -> None:
        """Forget everything but the sequence number."""
        with self._lock:
            self._events, self._tags = [], {}

    def dump(self) -> dict[str, Any]:
        with self._lock:
            return {"seq": self._seq, "events": list(self._events), "tags": dict(self._tags)}

    def load(self, dumped: dict[str, Any]) -> None:
        with self._lock:
            self._seq, self._events, self._tags = dumped["seq"], dumped["events"], dumped["tags"]
