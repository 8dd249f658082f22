"""Quotas of ENIs, addresses and security groups.

Sources: Amazon VPC User Guide, "Amazon VPC quotas" (5 groups an interface, 5,000 interfaces a Region);
DescribeInstanceTypes, NetworkInfo (interfaces a card, addresses an interface).
"""

from __future__ import annotations

from typing import Any

from moto.ec2.models.instance_types import INSTANCE_TYPES

from ..errors import refuse
from ..runtime import CONFIG
from .ids import check_form

# For a type that moto does not know; what most large types have.
UNKNOWN_TYPE_INTERFACES = 15
UNKNOWN_TYPE_ADDRESSES = 50


def interfaces_by_card(instance_type: str) -> dict[int, int]:
    network = _network_info(instance_type)
    cards = {c["NetworkCardIndex"]: c["MaximumNetworkInterfaces"] for c in network.get("NetworkCards", [])}
    return cards or {0: network.get("MaximumNetworkInterfaces", UNKNOWN_TYPE_INTERFACES)}


def addresses_per_interface(instance_type: str) -> int:
    return _network_info(instance_type).get("Ipv4AddressesPerInterface", UNKNOWN_TYPE_ADDRESSES)


def _network_info(instance_type: str) -> dict[str, Any]:
    return (INSTANCE_TYPES.get(instance_type) or {}).get("NetworkInfo") or {}


def check_region_quota(backend: Any) -> None:
    if len(backend.enis) >= CONFIG.eni_per_region:
        raise refuse("NetworkInterfaceLimitExceeded", "The maximum number of network interfaces has been reached.")


def check_groups(backend: Any, vpc_id: str, group_ids: list[str]) -> None:
    if len(group_ids) > CONFIG.sg_per_eni:
        raise refuse(
            "SecurityGroupsPerInterfaceLimitExceeded",
            "The maximum number of security groups per interface has been reached.",
        )
    for group_id in group_ids:
        group = backend.get_security_group_from_id(check_form("sg", group_id))
        if group is None:
            raise refuse("InvalidSecurityGroupID.NotFound", f"The securityGroup ID '{group_id}' does not exist")
        if group.vpc_id != vpc_id:
            raise refuse("InvalidParameterValue", "You have specified two resources that belong to different networks.")
