"""CreateNetworkInterface: idempotent by ClientToken, within the subnet's addresses and the quotas."""

from __future__ import annotations

import hashlib
import json
from typing import Any

from moto.core.responses import ActionResult
from moto.ec2.models.elastic_network_interfaces import NetworkInterfaceBackend
from moto.ec2.responses.elastic_network_interfaces import ElasticNetworkInterfaces
from moto.ec2.utils import add_tag_specification

from ..context import all_params
from ..errors import refuse
from ..patching import extends, replaces
from ..runtime import CLOCK, CONFIG, JOURNAL
from . import ipam
from .ids import check_form, need
from .limits import check_groups, check_region_quota
from .state import state, world
from .tags import check_tags

TOKEN_MAX = 64
INTERFACE_TYPES = ("interface", "efa", "efa-only", "branch", "trunk")
NOT_MODELLED = ("Ipv6PrefixCount", "Ipv6Prefix.1.Ipv6Prefix", "Ipv4Prefix.1.Ipv4Prefix", "EnablePrimaryIpv6")


@replaces(ElasticNetworkInterfaces, "create_network_interface")
def answer_create(self: Any) -> ActionResult:
    param, backend = self._get_param, self.ec2_backend
    subnet_id = check_form("subnet", need(param("SubnetId"), "subnetId"))
    tags = check_tags(add_tag_specification(param("TagSpecifications", [])))
    interface_type = _checked_type(param("InterfaceType"))
    token = _checked_token(param("ClientToken"))
    if (earlier := replay(backend.enis, world(backend).eni_tokens, token)) is not None:
        return ActionResult({"NetworkInterface": earlier, "ClientToken": token})
    subnet = backend.get_subnet(subnet_id)
    self.error_on_dryrun()
    eni = backend.create_network_interface(
        subnet,
        param("PrivateIpAddress"),
        param("PrivateIpAddresses", []),
        param("Groups", []),
        param("Description"),
        tags,
        secondary_ips_count=param("SecondaryPrivateIpAddressCount"),
        ipv6_addresses=[entry["Ipv6Address"] for entry in param("Ipv6Addresses", [])],
        ipv6_address_count=self._get_int_param("Ipv6AddressCount", 0),
        ipv4_prefix_count=self._get_int_param("Ipv4PrefixCount", 0),
    )
    eni.interface_type = interface_type
    if token:
        world(backend).eni_tokens[token] = (request_digest(), eni)
    return ActionResult({"NetworkInterface": eni, "ClientToken": token})


def _checked_type(interface_type: str | None) -> str:
    for name in NOT_MODELLED:
        if name in all_params():
            raise refuse("UnsupportedOperation", f"{name} of CreateNetworkInterface is not modelled by this fake.")
    if interface_type and interface_type not in INTERFACE_TYPES:
        raise refuse("InvalidParameterValue", f"Invalid value '{interface_type}' for InterfaceType.")
    return interface_type or "interface"


def _checked_token(token: str | None) -> str | None:
    if token and (len(token) > TOKEN_MAX or not token.isascii()):
        raise refuse("InvalidParameterValue", f"The client token must be at most {TOKEN_MAX} ASCII characters.")
    return token


def request_digest() -> str:
    """Of everything but the token itself and the signature's moment."""
    body = {key: value for key, value in all_params().items() if key not in ("ClientToken", "DryRun")}
    return hashlib.sha256(json.dumps(body, sort_keys=True).encode()).hexdigest()


def replay(alive: Any, tokens: dict[str, tuple[str, Any]], token: str | None) -> Any | None:
    """What the same request made before, or None.

    Source: Amazon EC2 Developer Guide, "Ensuring idempotency in Amazon EC2 API requests": a retry "succeeds without
    performing any further actions", also when what it made is gone by now; `token_after_delete: "new"` makes another.
    """
    if not token or token not in tokens:
        return None
    digest, made = tokens[token]
    if digest != request_digest():
        raise refuse(
            "IdempotentParameterMismatch",
            "The client token you have provided is associated with a resource with different request parameters.",
        )
    if made.id not in alive and CONFIG.token_after_delete == "new":
        return None
    return made


@extends(NetworkInterfaceBackend, "create_network_interface")
def create(
    original: Any,
    self: Any,
    subnet: Any,
    private_ip_address: Any = None,
    private_ip_addresses: Any = None,
    group_ids: Any = None,
    description: Any = None,
    tags: Any = None,
    delete_on_termination: Any = False,
    **more: Any,
) -> Any:
    """Also called by RunInstances (then with a `device_index`) and by other services of moto."""
    subnet = self.get_subnet(subnet) if isinstance(subnet, str) else subnet
    by_launch = "device_index" in more
    check_region_quota(self)
    check_groups(self, subnet.vpc_id, list(dict.fromkeys(group_ids or [])))
    if more.get("ipv6_address_count") and not subnet.ipv6_cidr_block_associations:
        raise refuse("InvalidParameterValue", f"The subnet {subnet.id} does not have an IPv6 CIDR block")
    secondary = int(more.pop("secondary_ips_count", 0) or 0)
    prefixes = ipam.pick_prefixes(subnet, int(more.pop("ipv4_prefix_count", 0) or 0))
    wanted = _wanted_addresses(private_ip_address, private_ip_addresses)
    for address in wanted:
        ipam.check_wanted(subnet, address)
    reserved = frozenset([*wanted, *(a for block in prefixes for a in ipam.addresses_of(block))])
    picked = ipam.pick(subnet, secondary + (0 if wanted else 1), reserved)
    primary_address = private_ip_address or (None if wanted else picked.pop(0))
    eni = original(
        self,
        subnet,
        primary_address,
        private_ip_addresses,
        group_ids=list(dict.fromkeys(group_ids or [])),
        description=description,
        tags=tags,
        delete_on_termination=delete_on_termination,
        **more,
    )
    eni.private_ip_addresses.extend({"Primary": False, "PrivateIpAddress": address} for address in picked)
    eni.ipv4_prefixes = [{"Ipv4Prefix": block} for block in prefixes]
    eni.availability_zone_id = subnet.availability_zone_id
    ipam.take(subnet, ipam.held_by(eni))
    state(eni).seq = world(self).next_seq()
    state(eni).primary = by_launch and int(more["device_index"]) == 0
    state(eni).visible_at = 0.0 if by_launch else CLOCK.now() + CONFIG.visible_s
    JOURNAL.note("created", eni.id, tags=dict(tags or {}), primary=state(eni).primary or None, subnetId=subnet.id)
    return eni


def _wanted_addresses(single: str | None, several: Any) -> list[str]:
    listed = [entry["PrivateIpAddress"] if isinstance(entry, dict) else entry for entry in several or []]
    return listed if not single or single in listed else [single, *listed]
