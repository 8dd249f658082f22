"""Requests that are held by a `pause` or `hang` fault, until a test releases them or their client goes away."""

from __future__ import annotations

import select
import socket
import threading
from dataclasses import dataclass
from typing import Any

POLL_S = 0.05


@dataclass
class Hold:
    """One held request; `verdict` says how it ends: "go" (carry on) or "drop" (close the connection)."""

    seq: int
    action: str
    kind: str
    stage: str
    fault_id: int
    verdict: str | None = None
    client_gone: bool = False

    def to_json(self) -> dict[str, Any]:
        keys = {"seq": self.seq, "action": self.action, "kind": self.kind, "stage": self.stage}
        return {**keys, "faultId": self.fault_id, "clientGone": self.client_gone}


class Holds:
    def __init__(self) -> None:
        self._changed = threading.Condition()
        self._held: list[Hold] = []

    def wait(self, hold: Hold, client: socket.socket | None) -> str:
        """Block until `hold` has a verdict. A hang also ends, as "drop", when its client closes."""
        with self._changed:
            self._held.append(hold)
            while hold.verdict is None:
                hold.client_gone = hold.client_gone or _is_gone(client)
                if hold.client_gone and hold.kind == "hang":
                    hold.verdict = "drop"
                else:
                    self._changed.wait(POLL_S)
            self._held.remove(hold)
        return hold.verdict

    def release(self, verdict: str, kinds: tuple[str, ...] = ("pause",), fault_id: int | None = None) -> int:
        """End the holds of these kinds (of one fault, when given) and say how many there were."""
        with self._changed:
            chosen = [h for h in self._held if h.kind in kinds and fault_id in (None, h.fault_id)]
            for hold in chosen:
                hold.verdict = verdict
            self._changed.notify_all()
        return len(chosen)

    def to_json(self) -> list[dict[str, Any]]:
        with self._changed:
            return [hold.to_json() for hold in self._held]


def _is_gone(client: socket.socket | None) -> bool:
    if client is None:
        return False
    try:
        readable, _, _ = select.select([client], [], [], 0)
        return bool(readable) and client.recv(1, socket.MSG_PEEK) == b""
    except OSError:
        return True
