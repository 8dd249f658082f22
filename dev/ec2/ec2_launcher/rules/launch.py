"""RunInstances: idempotent by ClientToken, MaxCount instances, pending for a while, with its interfaces.

Sources: Amazon EC2 API Reference, RunInstances; Amazon EC2 Developer Guide, "Ensuring idempotency in Amazon EC2 API
requests". The primary interface is deleted on termination by default ("Delete a network interface").
"""

from __future__ import annotations

from typing import Any

from moto.core.responses import ActionResult
from moto.ec2.models.instances import Instance, InstanceBackend
from moto.ec2.responses.instances import InstanceResponse

from ..context import param
from ..patching import extends
from ..runtime import CONFIG
from . import ipam, timers
from .create import replay, request_digest
from .lifecycle import enter
from .state import world


@extends(InstanceResponse, "run_instances")
def answer_run(original: Any, self: Any) -> ActionResult:
    token, here = param("ClientToken"), world(self.ec2_backend)
    earlier = replay(self.ec2_backend.reservations, here.run_tokens, token)
    if earlier is not None:
        return ActionResult(earlier)
    answer = original(self)
    if token:
        here.run_tokens[token] = (request_digest(), answer.result)
    return answer


@extends(InstanceBackend, "run_instances")
def run_instances(original: Any, self: Any, image_id: str, count: int, *args: Any, **kwargs: Any) -> Any:
    count = int(param("MaxCount") or count)
    if kwargs.get("subnet_id"):
        ipam.pick(self.get_subnet(kwargs["subnet_id"]), count)
    known = set(self.reservations)
    try:
        reservation = original(self, image_id, count, *args, **kwargs)
    except Exception:
        for reservation_id in set(self.reservations) - known:
            del self.reservations[reservation_id]
        raise
    for instance in reservation.instances:
        _register(self, instance)
    return reservation


def _register(backend: Any, instance: Any) -> None:
    instance.strict_seq = world(backend).next_seq()
    world(backend).instances[instance.id] = instance
    enter(instance, "pending", CONFIG.pending_s, "running")
    for eni in instance.nics.values():
        timers.after(backend, 0, "eni-attached", eni.id, eni.attachment_id)


@extends(Instance, "prep_nics")
def prep_nics(original: Any, self: Any, nic_spec: list[dict[str, Any]], *args: Any, **kwargs: Any) -> None:
    for spec in nic_spec:
        if spec.get("DeleteOnTermination") is None and not spec.get("NetworkInterfaceId"):
            spec["DeleteOnTermination"] = CONFIG.primary_delete_on_termination
    self.strict_launch_cards = [int(spec.get("NetworkCardIndex") or 0) for spec in nic_spec]
    original(self, nic_spec, *args, **kwargs)
    del self.strict_launch_cards
    if not nic_spec or not nic_spec[0].get("DeviceIndex"):
        self.nics[0].delete_on_termination = _primary_choice(nic_spec)


def _primary_choice(nic_spec: list[dict[str, Any]]) -> bool:
    chosen = nic_spec[0].get("DeleteOnTermination") if nic_spec else None
    return CONFIG.primary_delete_on_termination if chosen is None else bool(chosen)
