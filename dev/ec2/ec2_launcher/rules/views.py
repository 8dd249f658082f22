"""Eventual consistency: for `stale_s` a Describe shows an ENI as it was before the change.

Source: Amazon EC2 Developer Guide, "Eventual consistency in the Amazon EC2 API".
"""

from __future__ import annotations

import copy
import dataclasses
from collections.abc import Iterator
from typing import Any

from ..context import is_bypassed, is_hidden
from ..runtime import CLOCK, CONFIG
from .state import state, world


def remember(eni: Any) -> None:
    """Keep a picture of `eni`; call it right before a change."""
    if CONFIG.stale_s <= 0:
        return
    picture = copy.copy(eni)
    picture.frozen_tags = dict(eni.ec2_backend.tags.get(eni.id, {}))
    picture.private_ip_addresses = list(eni.private_ip_addresses)
    picture.strict_state = dataclasses.replace(state(eni), history=[])
    state(eni).history.append((CLOCK.now() + CONFIG.stale_s, picture))


def bury(backend: Any, eni: Any) -> None:
    """Keep a deleted ENI for as long as a stale Describe may show it."""
    if state(eni).history:
        world(backend).ghosts[eni.id] = eni


def seen(eni: Any) -> Any:
    """The ENI as a Describe shows it now."""
    history = state(eni).history
    if not history or is_bypassed():
        return eni
    now = CLOCK.now()
    history[:] = [entry for entry in history if entry[0] > now]
    return history[0][1] if history else eni


def is_visible(eni: Any) -> bool:
    """False while a fresh id is still unknown to EC2's readers."""
    return is_bypassed() or CLOCK.now() >= state(eni).visible_at


def all_seen(backend: Any) -> Iterator[Any]:
    """Every ENI that a list shows, in order of creation; deleted ones while they are still in the picture."""
    return (eni for eni in _all(backend) if not is_hidden(eni.id))


def _all(backend: Any) -> Iterator[Any]:
    now, bypassed = CLOCK.now(), is_bypassed()
    for eni in list(backend.enis.values()):
        kept = state(eni)
        if bypassed or kept.visible_at <= now:
            yield seen(eni) if kept.history else eni
    yield from _ghosts(backend)


def find_seen(backend: Any, eni_id: str) -> Any | None:
    if is_hidden(eni_id):
        return None
    eni = backend.enis.get(eni_id)
    if eni is not None:
        return seen(eni) if is_visible(eni) else None
    return next((ghost for ghost in _ghosts(backend) if ghost.id == eni_id), None)


def _ghosts(backend: Any) -> Iterator[Any]:
    ghosts = world(backend).ghosts
    if is_bypassed():
        return
    for eni in list(ghosts.values()):
        shown = seen(eni)
        if shown is eni:
            del ghosts[eni.id]
        else:
            yield shown
