"""The filters of DescribeNetworkInterfaces.

Source: Amazon EC2 API Reference, DescribeNetworkInterfaces, request parameter Filter.N. `*` and `?` are wildcards;
values of one filter are alternatives, filters are joined by "and".
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from fnmatch import fnmatchcase
from typing import Any

from ..errors import refuse
from .state import ATTACHED, state

Values = Callable[[Any], Sequence[Any]]


def _flag(value: Any) -> str:
    return str(bool(value)).lower()


def _when_attached(value: Callable[[Any], Any]) -> Values:
    return lambda eni: [value(eni)] if eni.instance is not None else []


def _tags(eni: Any) -> dict[str, str]:
    frozen = eni.__dict__.get("frozen_tags")
    return eni.ec2_backend.tags.get(eni.id, {}) if frozen is None else frozen


FILTERS: dict[str, Values] = {
    "network-interface-id": lambda eni: [eni.id],
    "subnet-id": lambda eni: [eni.subnet.id],
    "vpc-id": lambda eni: [eni.vpc_id],
    "availability-zone": lambda eni: [eni.availability_zone],
    "status": lambda eni: [eni.status],
    "description": lambda eni: [eni.description],
    "mac-address": lambda eni: [eni.mac_address],
    "interface-type": lambda eni: [eni.interface_type],
    "owner-id": lambda eni: [eni.owner_id],
    "requester-managed": lambda eni: [_flag(eni.requester_managed)],
    "source-dest-check": lambda eni: [_flag(eni.source_dest_check)],
    "private-ip-address": lambda eni: [eni.private_ip_address],
    "addresses.private-ip-address": lambda eni: [a["PrivateIpAddress"] for a in eni.private_ip_addresses],
    "ipv6-addresses.ipv6-address": lambda eni: eni.ipv6_addresses,
    "group-id": lambda eni: [group.id for group in eni._group_set],
    "group-name": lambda eni: [group.name for group in eni._group_set],
    "attachment.attachment-id": _when_attached(lambda eni: eni.attachment_id),
    "attachment.instance-id": _when_attached(lambda eni: eni.instance.id),
    "attachment.instance-owner-id": _when_attached(lambda eni: eni.owner_id),
    "attachment.device-index": _when_attached(lambda eni: str(eni.device_index)),
    "attachment.network-card-index": _when_attached(lambda eni: str(state(eni).card)),
    "attachment.status": _when_attached(lambda eni: state(eni).phase or ATTACHED),
    "attachment.delete-on-termination": _when_attached(lambda eni: _flag(eni.delete_on_termination)),
    "tag-key": lambda eni: list(_tags(eni)),
}


def apply(filters: Iterable[dict[str, Any]], enis: list[Any]) -> list[Any]:
    for item in filters:
        values_of, wanted = _values(item.get("Name", "")), item.get("Values", [])
        literal = {value for value in wanted if "*" not in value and "?" not in value}
        patterns = [value for value in wanted if value not in literal]
        enis = [eni for eni in enis if _fits(values_of(eni), literal, patterns)]
    return enis


def _values(name: str) -> Values:
    if name.startswith("tag:"):
        key = name[len("tag:") :]
        return lambda eni: [_tags(eni).get(key)]
    if name not in FILTERS:
        raise refuse("InvalidParameterValue", f"The filter '{name}' is invalid")
    return FILTERS[name]


def _fits(values: Sequence[Any], literal: set[str], patterns: list[str]) -> bool:
    for value in values:
        if value in literal:
            return True
        if patterns and value is not None and any(fnmatchcase(value, pattern) for pattern in patterns):
            return True
    return False
