"""Private IPv4 addresses of a subnet: which are free, which are taken, what a caller may ask for.

Source: Amazon VPC User Guide, "Subnet CIDR blocks": the first four addresses and the last one are reserved.
"""

from __future__ import annotations

import ipaddress
from collections.abc import Iterable
from typing import Any

from moto.ec2.models.subnets import Subnet

from ..errors import refuse
from ..patching import replaces

RESERVED_AT_START = 4
RESERVED = 5
PREFIX_SIZE = (
    16  # an IPv4 prefix is a /28; Amazon EC2 User Guide, "Prefix delegation for Amazon EC2 network interfaces"
)


def used(subnet: Any) -> set[str]:
    return subnet.__dict__.setdefault("strict_used", set())


def take(subnet: Any, addresses: Iterable[str]) -> None:
    used(subnet).update(addresses)


def give_back(subnet: Any, addresses: Iterable[str]) -> None:
    used(subnet).difference_update(addresses)


def pick(subnet: Any, count: int, also_taken: frozenset[str] = frozenset()) -> list[str]:
    """`count` free addresses, not yet taken; addresses are not reused at once, as in EC2."""
    taken = used(subnet)
    first = int(subnet.cidr.network_address) + RESERVED_AT_START
    last = int(subnet.cidr.broadcast_address) - 1
    if last - first + 1 - len(taken) - len(also_taken) < count:
        raise refuse(
            "InsufficientFreeAddressesInSubnet",
            "The specified subnet does not have enough free addresses to satisfy the request.",
        )
    picked: list[str] = []
    cursor = getattr(subnet, "strict_cursor", first - 1)
    while len(picked) < count:
        cursor = cursor + 1 if cursor < last else first
        address = str(ipaddress.IPv4Address(cursor))
        if address not in taken and address not in also_taken:
            picked.append(address)
    subnet.strict_cursor = cursor
    return picked


def check_wanted(subnet: Any, address: str) -> str:
    """Refuse an address that the caller cannot have."""
    try:
        parsed = ipaddress.IPv4Address(address)
    except ValueError:
        raise refuse("InvalidParameterValue", f"invalid value for parameter address: {address}") from None
    if parsed not in subnet.cidr:
        raise refuse("InvalidParameterValue", "Address does not fall within the subnet's address range")
    if int(parsed) < int(subnet.cidr.network_address) + RESERVED_AT_START or parsed == subnet.cidr.broadcast_address:
        raise refuse("InvalidParameterValue", "Address is in subnet's reserved address range")
    if address in used(subnet):
        raise refuse("InvalidIPAddress.InUse", "The specified address is already in use.")
    return address


def pick_prefixes(subnet: Any, count: int) -> list[str]:
    """`count` free /28 blocks, from the end of the subnet. Their addresses are not yet taken."""
    blocks: list[str] = []
    base = int(subnet.cidr.broadcast_address) + 1 - 2 * PREFIX_SIZE  # the last block holds the reserved address
    while len(blocks) < count:
        if base <= int(subnet.cidr.network_address):
            raise refuse(
                "InsufficientCidrBlocks",
                "The specified subnet does not have enough free cidr blocks to satisfy the request.",
            )
        block = f"{ipaddress.IPv4Address(base)}/28"
        if not used(subnet).intersection(addresses_of(block)):
            blocks.append(block)
        base -= PREFIX_SIZE
    return blocks


def addresses_of(prefix: str) -> list[str]:
    return [str(address) for address in ipaddress.IPv4Network(prefix)]


def held_by(eni: Any) -> list[str]:
    """Everything that an ENI takes from its subnet."""
    single = [entry["PrivateIpAddress"] for entry in eni.private_ip_addresses]
    return single + [a for entry in getattr(eni, "ipv4_prefixes", []) for a in addresses_of(entry["Ipv4Prefix"])]


@property  # type: ignore[misc]
def available_ip_address_count(subnet: Any) -> int:
    return subnet.cidr.num_addresses - RESERVED - len(used(subnet))


replaces(Subnet, "available_ip_address_count")(available_ip_address_count)


@replaces(Subnet, "get_available_subnet_ip")
def get_available_subnet_ip(subnet: Any, instance: Any) -> str:
    return pick(subnet, 1)[0]


@replaces(Subnet, "request_ip")
def request_ip(subnet: Any, ip: str, instance: Any) -> None:
    check_wanted(subnet, ip)
