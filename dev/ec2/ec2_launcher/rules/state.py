"""What the rules remember beside moto's own objects: per ENI, and per Region ("world")."""

from __future__ import annotations

from collections import deque
from dataclasses import dataclass, field
from typing import Any

ATTACHING, ATTACHED, DETACHING = "attaching", "attached", "detaching"


@dataclass
class EniState:
    """`history` holds what a stale Describe still shows: (until, picture), oldest first."""

    seq: int = 0
    phase: str | None = None
    card: int = 0
    visible_at: float = 0.0
    primary: bool = False
    history: list[tuple[float, Any]] = field(default_factory=list)


@dataclass
class World:
    """One Region. It lives on moto's backend, so reset, snapshot and restore take it along."""

    timers: list[tuple[float, int, str, tuple[Any, ...]]] = field(default_factory=list)
    timer_seq: int = 0
    object_seq: int = 0
    eni_tokens: dict[str, tuple[str, Any]] = field(default_factory=dict)
    run_tokens: dict[str, tuple[str, Any]] = field(default_factory=dict)
    instances: dict[str, Any] = field(default_factory=dict)
    terminated: deque[tuple[float, str]] = field(default_factory=deque)
    ghosts: dict[str, Any] = field(default_factory=dict)

    def next_seq(self) -> int:
        self.object_seq += 1
        return self.object_seq


def world(backend: Any) -> World:
    found = backend.__dict__.get("strict_world")
    if found is None:
        found = backend.strict_world = World()
    return found


def state(eni: Any) -> EniState:
    found = eni.__dict__.get("strict_state")
    if found is None:
        found = eni.strict_state = EniState()
    return found
