"""Corrections of moto's ENI and instance objects themselves."""

from __future__ import annotations

from typing import Any

from moto.ec2.models.core import TaggedEC2Resource
from moto.ec2.models.elastic_network_interfaces import Attachment, NetworkInterface, NetworkInterfaceBackend
from moto.ec2.models.instances import Instance
from moto.ec2.utils import random_eni_attach_id

from ..patching import extends, replaces
from ..runtime import CLOCK, JOURNAL
from . import timers
from .ids import check_form, enis_not_found
from .state import ATTACHED, ATTACHING, state
from .views import find_seen, is_visible, remember


@replaces(TaggedEC2Resource, "get_tags")
def get_tags(self: Any) -> list[dict[str, str]]:
    """By id. Moto scans every tag of the account for every resource, which is quadratic in a list."""
    tags = self.__dict__.get("frozen_tags")
    if tags is None:
        tags = self.ec2_backend.tags.get(self.id, {})
    return [{"resource_id": self.id, "key": key, "value": value} for key, value in tags.items()]


@extends(Attachment, "__init__")
def attachment_init(original: Any, self: Any, eni: Any) -> None:
    original(self, eni)
    self.status = state(eni).phase or ATTACHED
    self.network_card_index = state(eni).card


# The groups of an attached ENI are its own; moto adds those that the instance was launched with.
replaces(NetworkInterface, "group_set")(property(lambda self: self._group_set))


@replaces(NetworkInterfaceBackend, "get_network_interface")
def get_network_interface(self: Any, eni_id: str) -> Any:
    eni = self.enis.get(eni_id)
    if eni is None or not is_visible(eni):
        raise enis_not_found([eni_id])
    return eni


@extends(NetworkInterfaceBackend, "get_all_network_interfaces")
def get_all_network_interfaces(original: Any, self: Any, eni_ids: Any = None, filters: Any = None) -> list[Any]:
    if not eni_ids or filters:
        return original(self, eni_ids, filters)
    shown = {eni_id: find_seen(self, check_form("eni", eni_id)) for eni_id in eni_ids}
    if unknown := [eni_id for eni_id, eni in shown.items() if eni is None]:
        raise enis_not_found(unknown)
    return list(shown.values())


def slot(card: int, device_index: int) -> int | tuple[int, int]:
    """The key in `Instance.nics`. Device indexes are unique on a network card, not on an instance.

    Source: Amazon EC2 User Guide, "Network cards": secondary cards start again at their own device index.
    """
    return device_index if card == 0 else (card, device_index)


@replaces(Instance, "attach_eni")
def attach_eni(self: Any, eni: Any, device_index: int) -> str:
    """Attach at once; `begin_attach` in attach.py turns it into `attaching`."""
    launch_cards = self.__dict__.get("strict_launch_cards")
    if launch_cards:
        state(eni).card = launch_cards.pop(0)
    self.nics[slot(state(eni).card, int(device_index))] = eni
    eni.instance, eni.device_index, eni.status = self, int(device_index), "in-use"
    eni.attachment_id, eni.attach_time = random_eni_attach_id(), CLOCK.datetime()
    state(eni).phase = ATTACHED
    return eni.attachment_id


@replaces(Instance, "detach_eni")
def detach_eni(self: Any, eni: Any) -> None:
    JOURNAL.note("detached", eni.id, instanceId=self.id, deviceIndex=eni.device_index)
    remember(eni)
    self.nics.pop(slot(state(eni).card, eni.device_index), None)
    eni.instance = eni.attachment_id = eni.attach_time = eni.device_index = None
    eni.status, eni.delete_on_termination = "available", False
    state(eni).phase, state(eni).card, state(eni).primary = None, 0, False


@timers.on("eni-attached")
def finish_attach(backend: Any, eni_id: str, attachment_id: str) -> None:
    eni = backend.enis.get(eni_id)
    if eni is None or eni.attachment_id != attachment_id or state(eni).phase not in (ATTACHING, ATTACHED):
        return
    state(eni).phase = ATTACHED
    JOURNAL.note(
        "attached",
        eni_id,
        instanceId=eni.instance.id,
        deviceIndex=eni.device_index,
        networkCardIndex=state(eni).card,
        primary=state(eni).primary or None,
    )


@timers.on("eni-detached")
def finish_detach(backend: Any, eni_id: str, attachment_id: str) -> None:
    eni = backend.enis.get(eni_id)
    if eni is not None and eni.attachment_id == attachment_id:
        eni.instance.detach_eni(eni)


def _none_when_terminated(name: str) -> property:
    getter = Instance.__dict__[name].fget
    return property(lambda self: None if self._state.name == "terminated" else getter(self))


# A terminated instance has no interface and so no address.
for _name in (
    "private_ip",
    "private_ip_address",
    "private_dns_name",
    "public_ip",
    "public_ip_address",
    "public_dns_name",
    "vpc_id",
    "subnet_id",
):
    replaces(Instance, _name)(_none_when_terminated(_name))
