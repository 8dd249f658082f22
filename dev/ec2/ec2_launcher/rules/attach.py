"""AttachNetworkInterface: to a running or stopped instance of the same zone, at a free index, within the limits.

Sources: Amazon EC2 API Reference, AttachNetworkInterface and "Error codes"; Amazon EC2 User Guide, "Elastic network
interfaces". The texts of the `InvalidParameterValue` messages are as users report them.
"""

from __future__ import annotations

from typing import Any

from moto.core.responses import ActionResult
from moto.ec2.responses.elastic_network_interfaces import ElasticNetworkInterfaces

from ..context import is_bypassed
from ..errors import refuse
from ..patching import replaces
from ..runtime import CONFIG, JOURNAL
from . import timers
from .ids import need, the_eni, the_instance
from .limits import interfaces_by_card
from .model import slot
from .state import ATTACHING, state
from .views import remember

ATTACHABLE_STATES = ("running", "stopped")


@replaces(ElasticNetworkInterfaces, "attach_network_interface")
def answer_attach(self: Any) -> ActionResult:
    param, backend = self._get_param, self.ec2_backend
    device_index = int(need(param("DeviceIndex"), "deviceIndex"))
    card = _card(param("NetworkCardIndex"))
    eni = the_eni(backend, param("NetworkInterfaceId"))
    instance = the_instance(backend, param("InstanceId"))
    self.error_on_dryrun()
    _check_pair(eni, instance)
    _check_place(instance, card, device_index)
    attachment_id = begin_attach(backend, eni, instance, card, device_index)
    return ActionResult({"AttachmentId": attachment_id, "NetworkCardIndex": card})


def _card(value: Any) -> int:
    if value is None and CONFIG.require_network_card_index and not is_bypassed():
        raise refuse("MissingParameter", "The request must contain the parameter networkCardIndex")
    return int(value or 0)


def _check_pair(eni: Any, instance: Any) -> None:
    if instance._state.name not in ATTACHABLE_STATES:
        raise refuse("IncorrectState", f"Instance '{instance.id}' is not 'running' or 'stopped'.")
    if eni.instance is not None:
        raise refuse(CONFIG.in_use_code, f"Network interface '{eni.id}' is currently in use.")
    if eni.availability_zone != instance._placement.zone:
        raise refuse(
            "InvalidParameterCombination",
            "You may not attach a network interface to an instance if they are not in the same availability zone",
        )


def _check_place(instance: Any, card: int, device_index: int) -> None:
    """Occupancy and limit are per network card."""
    cards = interfaces_by_card(instance.instance_type)
    if card not in cards:
        raise refuse(
            "InvalidParameterValue",
            f"Network card index {card} is not valid for instance type {instance.instance_type}.",
        )
    if slot(card, device_index) in instance.nics:
        raise refuse(
            "InvalidParameterValue",
            f"Instance '{instance.id}' already has an interface attached at device index '{device_index}'.",
        )
    count = 1 + sum(1 for nic in instance.nics.values() if state(nic).card == card)
    if count > cards[card]:
        raise refuse(
            "AttachmentLimitExceeded", f"Interface count {count} exceeds the limit for {instance.instance_type}"
        )


def begin_attach(backend: Any, eni: Any, instance: Any, card: int, device_index: int) -> str:
    """A new attachment never has DeleteOnTermination: Attach has no such parameter, Modify sets it afterwards."""
    remember(eni)
    state(eni).card = card
    attachment_id = instance.attach_eni(eni, device_index)
    eni.delete_on_termination = False
    if CONFIG.attach_s > 0:
        state(eni).phase = ATTACHING
        JOURNAL.note("attaching", eni.id, instanceId=instance.id, deviceIndex=device_index, networkCardIndex=card)
    timers.after(backend, CONFIG.attach_s, "eni-attached", eni.id, attachment_id)
    return attachment_id
