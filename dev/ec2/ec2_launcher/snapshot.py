"""Save the whole fake to a file and bring it back, also in another process; and start over."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import dill
from moto.ec2.models import ec2_backends

from . import truth
from .runtime import ACCOUNT, BUCKETS, CLOCK, CONFIG, FAULTS, HOLDS, JOURNAL, LOG, POLICIES


def save(path: str) -> dict[str, Any]:
    """Regions, journal and the virtual time; not the configuration, the faults, the policies and the log."""
    data = dill.dumps({"regions": truth.regions(), "journal": JOURNAL.dump(), "now": CLOCK.now()})
    Path(path).write_bytes(data)
    return {"path": path, "bytes": len(data)}


def load(path: str) -> dict[str, Any]:
    """Only for files that `save` wrote: unpickling runs code."""
    data = dill.loads(Path(path).read_bytes())
    for region, backend in data["regions"].items():
        ec2_backends[ACCOUNT][region] = backend
    JOURNAL.load(data["journal"])
    CLOCK.jump_to(data["now"])
    return {"path": path, "regions": sorted(data["regions"])}


def reset() -> dict[str, Any]:
    """As freshly started without --config; sequence numbers of log and journal go on."""
    FAULTS.clear()
    HOLDS.release("drop", kinds=("pause", "hang"))
    for backend in truth.regions().values():
        backend.reset()
    CONFIG.reset()
    POLICIES.clear()
    CLOCK.reset()
    BUCKETS.reset()
    LOG.clear()
    JOURNAL.clear()
    return {"ok": True}
