"""The control endpoint, /_strict/*: what a test reads and changes beside the EC2 API. See the README for examples."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any
from urllib.parse import parse_qs

from . import snapshot, truth
from .config import ConfigError
from .faults import FaultError
from .runtime import CLOCK, CONFIG, FAULTS, HOLDS, JOURNAL, LOCK, LOG, POLICIES

PREFIX = "/_strict/"
Query = dict[str, str]
Route = Callable[[Query, Any], Any]


class BadRequestError(ValueError):
    """Answered as 400 with the text."""


def handle(environ: dict[str, Any]) -> tuple[int, bytes]:
    """Status and JSON body."""
    method, path = environ["REQUEST_METHOD"], environ["PATH_INFO"][len(PREFIX) :].strip("/")
    raw = environ["wsgi.input"].read(int(environ.get("CONTENT_LENGTH") or 0))
    query = {key: values[-1] for key, values in parse_qs(environ.get("QUERY_STRING", "")).items()}
    route = ROUTES.get((method, path))
    if route is None:
        known = sorted(f"{m} {PREFIX}{p}" for m, p in ROUTES)
        return 404, _json({"error": f"no {method} {PREFIX}{path}", "known": known})
    try:
        with LOCK:
            truth.run_due_timers()
            return 200, _json(route(query, json.loads(raw) if raw.strip() else {}))
    except (BadRequestError, ConfigError, FaultError, ValueError, TypeError, KeyError, OSError) as problem:
        return 400, _json({"error": str(problem)})


def _json(value: Any) -> bytes:
    return json.dumps(value, default=str).encode()


def _since(query: Query) -> int:
    return int(query.get("since", 0))


def _set_config(_: Query, body: Any) -> Any:
    CONFIG.update(body)
    return CONFIG.to_json()


def _faults(*_: Any) -> Any:
    return {"faults": FAULTS.to_json(), "held": HOLDS.to_json()}


def _replace_faults(_: Query, body: Any) -> Any:
    FAULTS.replace(body["faults"] if isinstance(body, dict) and "faults" in body else body)
    HOLDS.release("drop", kinds=("hang",))
    return _faults()


def _add_fault(_: Query, body: Any) -> Any:
    return {"id": FAULTS.add(body).id}


def _clear_faults(query: Query, body: Any) -> Any:
    """All of them, or one by `id`. Held requests end: a hang is dropped, a pause carries on."""
    fault_id = query.get("id", body.get("id") if isinstance(body, dict) else None)
    chosen = None if fault_id is None else int(fault_id)
    if chosen is None:
        FAULTS.clear()
    else:
        FAULTS.remove(chosen)
    HOLDS.release("drop", kinds=("hang",), fault_id=chosen)
    HOLDS.release("go", kinds=("pause",), fault_id=chosen)
    return _faults()


def _release(_: Query, body: Any) -> Any:
    verdict = "drop" if body.get("drop") else "go"
    return {"released": HOLDS.release(verdict, kinds=("pause", "hang"), fault_id=body.get("faultId"))}


def _clock(_: Query, body: Any) -> Any:
    if "advance" in body:
        CLOCK.advance(float(body["advance"]))
        truth.run_due_timers()
    return {"now": CLOCK.now()}


def _log(query: Query, _: Any) -> Any:
    return {"records": LOG.records(_since(query), query.get("action")), "lastSeq": LOG.counts()["lastSeq"]}


def _clear_log(_: Query, body: Any) -> Any:
    if not body.get("clear"):
        raise BadRequestError('expected {"clear": true}')
    LOG.clear()
    return {"ok": True, "lastSeq": LOG.counts()["lastSeq"]}


def _put_policy(_: Query, body: Any) -> Any:
    if not isinstance(body, dict) or not isinstance(body.get("accessKey"), str) or "document" not in body:
        raise BadRequestError('expected {"accessKey": "...", "document": {...}}, or null for the document')
    POLICIES.put(body["accessKey"], body["document"])
    return POLICIES.to_json()


def _enis(query: Query, _: Any) -> Any:
    return {"enis": truth.enis(query.get("region"), query.get("primary") in ("1", "true"))}


ROUTES: dict[tuple[str, str], Route] = {
    ("GET", "health"): lambda _, __: {"ok": True, "now": CLOCK.now()},
    ("GET", "config"): lambda _, __: CONFIG.to_json(),
    ("POST", "config"): _set_config,
    ("GET", "faults"): _faults,
    ("POST", "faults"): _replace_faults,
    ("DELETE", "faults"): _clear_faults,
    ("POST", "faults/add"): _add_fault,
    ("POST", "faults/clear"): _clear_faults,
    ("POST", "release"): _release,
    ("GET", "clock"): _clock,
    ("POST", "clock"): _clock,
    ("GET", "log"): _log,
    ("POST", "log"): _clear_log,
    ("GET", "log/counts"): lambda query, _: LOG.counts(_since(query)),
    ("GET", "journal"): lambda query, _: JOURNAL.read(_since(query), query.get("tag"), query.get("event")),
    ("GET", "enis"): _enis,
    ("GET", "policies"): lambda _, __: POLICIES.to_json(),
    ("POST", "policies"): _put_policy,
    ("POST", "snapshot"): lambda _, body: snapshot.save(body["path"]),
    ("POST", "restore"): lambda _, body: snapshot.load(body["path"]),
    ("POST", "reset"): lambda _, __: snapshot.reset(),
}
