"""DeleteNetworkInterface: refused while attached, also while attaching or detaching.

Source: Amazon EC2 API Reference, "Error codes", InvalidNetworkInterface.InUse: "you may also receive the
InvalidParameterValue error"; `in_use_code` chooses.
"""

from __future__ import annotations

from typing import Any

from moto.core.responses import ActionResult, EmptyResult
from moto.ec2.models.elastic_network_interfaces import NetworkInterfaceBackend
from moto.ec2.responses.elastic_network_interfaces import ElasticNetworkInterfaces

from ..errors import refuse
from ..patching import replaces
from ..runtime import CONFIG, JOURNAL
from . import ipam
from .ids import enis_not_found, the_eni
from .views import bury, remember


@replaces(ElasticNetworkInterfaces, "delete_network_interface")
def answer_delete(self: Any) -> ActionResult:
    eni = the_eni(self.ec2_backend, self._get_param("NetworkInterfaceId"))
    self.error_on_dryrun()
    if eni.instance is not None:
        raise refuse(CONFIG.in_use_code, f"Network interface '{eni.id}' is currently in use.")
    drop(self.ec2_backend, eni)
    return EmptyResult()


@replaces(NetworkInterfaceBackend, "delete_network_interface")
def delete_network_interface(self: Any, eni_id: str) -> None:
    """What other services of moto call."""
    if eni_id not in self.enis:
        raise enis_not_found([eni_id])
    drop(self, self.enis[eni_id])


def drop(backend: Any, eni: Any) -> None:
    JOURNAL.note("deleted", eni.id)
    remember(eni)
    bury(backend, eni)
    backend.enis.pop(eni.id, None)
    backend.tags.pop(eni.id, None)
    ipam.give_back(eni.subnet, ipam.held_by(eni))
