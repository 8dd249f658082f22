"""Instance states that take time: pending, stopping, shutting-down, and the vanishing of terminated instances.

Source: Amazon EC2 User Guide, "Amazon EC2 instance state changes"; "Terminate Amazon EC2 instances": a terminated
instance "remains visible for a short while (usually one hour)", and interfaces without DeleteOnTermination stay.
"""

from __future__ import annotations

import copy
from typing import Any

from moto.ec2.exceptions import InvalidInstanceIdError
from moto.ec2.models.instances import Instance, InstanceBackend, InstanceState

from ..errors import refuse
from ..patching import extends, replaces
from ..runtime import CLOCK, CONFIG
from . import timers
from .delete import drop
from .state import DETACHING, state, world

CODES = {"pending": 0, "running": 16, "shutting-down": 32, "terminated": 48, "stopping": 64, "stopped": 80}
ENDED = ("shutting-down", "terminated")


def enter(instance: Any, transitional: str, seconds: float, goal: str) -> None:
    """Be `transitional` for `seconds`, then `goal`. A later change makes the earlier timer void."""
    instance.strict_change = getattr(instance, "strict_change", 0) + 1
    if seconds > 0:
        _set(instance, transitional)
    timers.after(instance.ec2_backend, seconds, "instance-settled", instance.id, instance.strict_change, goal)


def _set(instance: Any, name: str) -> None:
    instance._state.name, instance._state.code = name, CODES[name]


@timers.on("instance-settled")
def settle(backend: Any, instance_id: str, change: int, goal: str) -> None:
    instance = world(backend).instances.get(instance_id)
    if instance is None or instance.strict_change != change:
        return
    if goal == "terminated":
        _finish_termination(backend, instance)
    _set(instance, goal)


@extends(Instance, "start")
def start(original: Any, self: Any) -> InstanceState:
    _refuse_unless(self, "started", "pending", "running", "stopped")
    if self._state.name != "stopped":
        return copy.copy(self._state)
    previous = original(self)
    enter(self, "pending", CONFIG.pending_s, "running")
    return previous


@extends(Instance, "stop")
def stop(original: Any, self: Any) -> InstanceState:
    _refuse_unless(self, "stopped", "running", "stopping", "stopped")
    if self._state.name != "running":
        return copy.copy(self._state)
    previous = original(self)
    enter(self, "stopping", CONFIG.stopping_s, "stopped")
    return previous


def _refuse_unless(instance: Any, verb: str, *states: str) -> None:
    if instance._state.name not in states:
        raise refuse(
            "IncorrectInstanceState",
            f"The instance '{instance.id}' is not in a state from which it can be {verb}.",
        )


ORIGINAL_TERMINATE = Instance.terminate


@replaces(Instance, "terminate")
def terminate(self: Any) -> InstanceState:
    """Repeating it is allowed and changes nothing (TerminateInstances is idempotent)."""
    previous = copy.copy(self._state)
    if previous.name not in ENDED:
        enter(self, "shutting-down", CONFIG.shutting_down_s, "terminated")
    return previous


def _finish_termination(backend: Any, instance: Any) -> None:
    """Delete or free the ENIs; one that is detaching stays so until its own time and is then `available`."""
    leaving = {key: nic for key, nic in instance.nics.items() if state(nic).phase == DETACHING}
    for eni in [nic for nic in instance.nics.values() if nic not in leaving.values()]:
        delete_too = eni.delete_on_termination
        instance.detach_eni(eni)
        if delete_too:
            drop(backend, eni)
    instance.nics = {}
    ORIGINAL_TERMINATE(instance)
    instance.nics = leaving
    world(backend).terminated.append((CLOCK.now(), instance.id))


@timers.on("sweep")
def forget_terminated(backend: Any) -> None:
    """After `terminated_visible_s` the id is InvalidInstanceID.NotFound."""
    ended = world(backend).terminated
    while ended and ended[0][0] + CONFIG.terminated_visible_s <= CLOCK.now():
        _, instance_id = ended.popleft()
        instance = world(backend).instances.pop(instance_id, None)
        for reservation in list(backend.reservations.values()):
            if instance in reservation.instances:
                reservation.instances.remove(instance)
            if not reservation.instances:
                del backend.reservations[reservation.id]


@replaces(InstanceBackend, "get_instance")
def get_instance(self: Any, instance_id: str) -> Any:
    instance = self.get_instance_by_id(instance_id)
    if instance is None:
        raise InvalidInstanceIdError(instance_id)
    return instance


@replaces(InstanceBackend, "get_instance_by_id")
def get_instance_by_id(self: Any, instance_id: str) -> Any | None:
    return world(self).instances.get(instance_id) or _being_launched(self, instance_id)


def _being_launched(backend: Any, instance_id: str) -> Any | None:
    """Moto attaches the volumes of an instance before RunInstances has registered it here."""
    newest = next(reversed(backend.reservations.values()), None)
    return next((i for i in newest.instances if i.id == instance_id), None) if newest else None


@replaces(InstanceBackend, "get_multi_instances_by_id")
def get_multi_instances_by_id(self: Any, instance_ids: list[str], filters: Any = None) -> list[Any]:
    known = world(self).instances
    if unknown := [instance_id for instance_id in instance_ids if instance_id not in known]:
        raise InvalidInstanceIdError(unknown)
    return [known[instance_id] for instance_id in instance_ids if known[instance_id].applies(filters)]
