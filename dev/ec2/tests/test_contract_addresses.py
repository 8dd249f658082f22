"""AssignPrivateIpAddresses, UnassignPrivateIpAddresses."""

from .lab import Lab, refused
from .sources import CREATE, ERRORS, source

ASSIGN = "AWS API Reference, AssignPrivateIpAddresses"
UNASSIGN = "AWS API Reference, UnassignPrivateIpAddresses"


@source(ASSIGN)
def test_addresses_are_added(lab: Lab) -> None:
    eni = lab.eni()

    answer = lab.ec2.assign_private_ip_addresses(NetworkInterfaceId=eni, SecondaryPrivateIpAddressCount=2)

    given = [a["PrivateIpAddress"] for a in answer["AssignedPrivateIpAddresses"]]
    shown = lab.show(eni)["PrivateIpAddresses"]
    assert [a["PrivateIpAddress"] for a in shown if not a["Primary"]] == given


@source(f"{ASSIGN}; {ERRORS}: PrivateIpAddressLimitExceeded; m5.large: 10 addresses an interface")
def test_the_limit_of_the_instance_type_is_kept(lab: Lab) -> None:
    eni, _, _ = lab.attached()
    lab.ec2.assign_private_ip_addresses(NetworkInterfaceId=eni, SecondaryPrivateIpAddressCount=9)

    with refused("PrivateIpAddressLimitExceeded"):
        lab.ec2.assign_private_ip_addresses(NetworkInterfaceId=eni, SecondaryPrivateIpAddressCount=1)


@source(f"{ERRORS}: InvalidIPAddress.InUse")
def test_an_address_of_another_eni_is_refused(lab: Lab) -> None:
    lab.eni(PrivateIpAddress="10.0.1.77")

    with refused("InvalidIPAddress.InUse"):
        lab.ec2.assign_private_ip_addresses(NetworkInterfaceId=lab.eni(), PrivateIpAddresses=["10.0.1.77"])


@source(UNASSIGN)
def test_an_unassigned_address_is_free_again(lab: Lab) -> None:
    eni = lab.eni()
    lab.ec2.assign_private_ip_addresses(NetworkInterfaceId=eni, PrivateIpAddresses=["10.0.1.77"])

    lab.ec2.unassign_private_ip_addresses(NetworkInterfaceId=eni, PrivateIpAddresses=["10.0.1.77"])

    assert lab.eni(PrivateIpAddress="10.0.1.77")


@source(UNASSIGN)
def test_the_primary_address_cannot_be_unassigned(lab: Lab) -> None:
    eni = lab.create()

    with refused("InvalidParameterValue"):
        lab.ec2.unassign_private_ip_addresses(
            NetworkInterfaceId=eni["NetworkInterfaceId"], PrivateIpAddresses=[eni["PrivateIpAddress"]]
        )


@source(f"{ASSIGN}: Ipv4PrefixCount; {CREATE}: Ipv4PrefixCount")
def test_prefixes_are_28_blocks(lab: Lab) -> None:
    created = lab.create(Ipv4PrefixCount=1)
    answer = lab.ec2.assign_private_ip_addresses(NetworkInterfaceId=created["NetworkInterfaceId"], Ipv4PrefixCount=1)

    blocks = [created["Ipv4Prefixes"][0]["Ipv4Prefix"], answer["AssignedIpv4Prefixes"][0]["Ipv4Prefix"]]
    assert len(set(blocks)) == 2
    assert all(block.endswith("/28") for block in blocks)
    subnet = lab.ec2.describe_subnets(SubnetIds=[lab.subnet_a])["Subnets"][0]
    assert subnet["AvailableIpAddressCount"] == 251 - 1 - 32
