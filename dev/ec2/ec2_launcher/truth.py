"""The ENIs as they really are now: no eventual consistency, no EC2 call counted."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, ClassVar

from moto.ec2.models import ec2_backends

from .rules import timers
from .rules.state import ATTACHED, state
from .runtime import ACCOUNT


def regions() -> dict[str, Any]:
    return dict(ec2_backends[ACCOUNT])


def run_due_timers() -> None:
    for backend in regions().values():
        timers.run_due(backend)


class Account:
    """One Region as the policies see it: see rights.Lookup."""

    def __init__(self, backend: Any) -> None:
        self._backend = backend

    def tags(self, resource_id: str) -> dict[str, str] | None:
        exists = self._EXISTS.get(resource_id.split("-")[0])
        if exists is not None and not exists(self._backend, resource_id):
            return None
        return dict(self._backend.tags.get(resource_id, {}))

    def attachment(self, attachment_id: str) -> tuple[str, str] | None:
        for eni in self._backend.enis.values():
            if eni.instance is not None and eni.attachment_id == attachment_id:
                return eni.id, eni.instance.id
        return None

    _EXISTS: ClassVar[dict[str, Callable[[Any, str], bool]]] = {
        "eni": lambda backend, eni_id: eni_id in backend.enis,
        "i": lambda backend, instance_id: backend.get_instance_by_id(instance_id) is not None,
        "subnet": lambda backend, subnet_id: any(subnet_id in zone for zone in backend.subnets.values()),
        "sg": lambda backend, group_id: backend.get_security_group_from_id(group_id) is not None,
    }


def enis(region: str | None = None, with_primary: bool = False) -> list[dict[str, Any]]:
    """Every ENI, oldest first; the primary ones of instances only on demand."""
    return [
        _row(name, eni)
        for name, backend in regions().items()
        if region in (None, name)
        for eni in backend.enis.values()
        if with_primary or not state(eni).primary
    ]


def _row(region: str, eni: Any) -> dict[str, Any]:
    return {
        "id": eni.id,
        "region": region,
        "subnetId": eni.subnet.id,
        "vpcId": eni.vpc_id,
        "availabilityZone": eni.availability_zone,
        "groups": [group.id for group in eni._group_set],
        "description": eni.description,
        "tags": dict(eni.ec2_backend.tags.get(eni.id, {})),
        "status": eni.status,
        "primary": state(eni).primary,
        "attachment": _attachment(eni),
        "sourceDestCheck": bool(eni.source_dest_check),
        "privateIp": eni.private_ip_address,
        "privateIps": [entry["PrivateIpAddress"] for entry in eni.private_ip_addresses],
        "mac": eni.mac_address,
    }


def _attachment(eni: Any) -> dict[str, Any] | None:
    if eni.instance is None:
        return None
    return {
        "id": eni.attachment_id,
        "instanceId": eni.instance.id,
        "deviceIndex": eni.device_index,
        "networkCardIndex": state(eni).card,
        "status": state(eni).phase or ATTACHED,
        "deleteOnTermination": bool(eni.delete_on_termination),
    }
