"""Secondary addresses and IPv4 prefixes of an ENI.

Sources: Amazon EC2 API Reference, AssignPrivateIpAddresses and UnassignPrivateIpAddresses; the limit is
Ipv4AddressesPerInterface of DescribeInstanceTypes, where a prefix counts as one address.
"""

from __future__ import annotations

from typing import Any

from moto.core.responses import ActionResult, EmptyResult
from moto.ec2.responses.elastic_network_interfaces import ElasticNetworkInterfaces

from ..errors import refuse
from ..patching import replaces
from ..runtime import JOURNAL
from . import ipam
from .ids import the_eni
from .limits import addresses_per_interface
from .views import remember


@replaces(ElasticNetworkInterfaces, "assign_private_ip_addresses")
def answer_assign(self: Any) -> ActionResult:
    eni = the_eni(self.ec2_backend, self._get_param("NetworkInterfaceId"))
    wanted: list[str] = self._get_param("PrivateIpAddresses", [])
    count = self._get_int_param("SecondaryPrivateIpAddressCount", 0)
    prefix_count = self._get_int_param("Ipv4PrefixCount", 0)
    for address in wanted:
        ipam.check_wanted(eni.subnet, address)
    _check_limit(eni, len(wanted) + count + prefix_count)
    prefixes = ipam.pick_prefixes(eni.subnet, prefix_count)
    in_prefixes = frozenset(address for block in prefixes for address in ipam.addresses_of(block))
    given = wanted or ipam.pick(eni.subnet, count, in_prefixes)
    remember(eni)
    eni.private_ip_addresses = eni.private_ip_addresses + [_secondary(address) for address in given]
    eni.ipv4_prefixes = eni.ipv4_prefixes + [{"Ipv4Prefix": block} for block in prefixes]
    ipam.take(eni.subnet, ipam.held_by(eni))
    JOURNAL.note("modified", eni.id, attribute="PrivateIpAddresses", value=len(ipam.held_by(eni)))
    return ActionResult(
        {
            "NetworkInterfaceId": eni.id,
            "AssignedPrivateIpAddresses": [{"PrivateIpAddress": address} for address in given],
            "AssignedIpv4Prefixes": [{"Ipv4Prefix": block} for block in prefixes],
        }
    )


def _secondary(address: str) -> dict[str, Any]:
    return {"Primary": False, "PrivateIpAddress": address}


def _check_limit(eni: Any, more: int) -> None:
    if eni.instance is None:
        return
    limit = addresses_per_interface(eni.instance.instance_type)
    if len(eni.private_ip_addresses) + len(eni.ipv4_prefixes) + more > limit:
        raise refuse("PrivateIpAddressLimitExceeded", "Number of private addresses will exceed limit.")


@replaces(ElasticNetworkInterfaces, "unassign_private_ip_addresses")
def answer_unassign(self: Any) -> ActionResult:
    eni = the_eni(self.ec2_backend, self._get_param("NetworkInterfaceId"))
    addresses = set(self._get_param("PrivateIpAddresses", []))
    prefixes = set(self._get_param("Ipv4Prefixes", []))
    _check_unassignable(eni, addresses)
    remember(eni)
    ipam.give_back(eni.subnet, ipam.held_by(eni))
    eni.private_ip_addresses = [e for e in eni.private_ip_addresses if e["PrivateIpAddress"] not in addresses]
    eni.ipv4_prefixes = [e for e in eni.ipv4_prefixes if e["Ipv4Prefix"] not in prefixes]
    ipam.take(eni.subnet, ipam.held_by(eni))
    JOURNAL.note("modified", eni.id, attribute="PrivateIpAddresses", value=len(ipam.held_by(eni)))
    return EmptyResult()


def _check_unassignable(eni: Any, addresses: set[str]) -> None:
    if eni.private_ip_address in addresses:
        raise refuse("InvalidParameterValue", "The primary private IP address cannot be unassigned.")
    if strange := addresses - {entry["PrivateIpAddress"] for entry in eni.private_ip_addresses}:
        raise refuse("InvalidParameterValue", f"Some of {sorted(strange)} are not assigned to interface {eni.id}")
