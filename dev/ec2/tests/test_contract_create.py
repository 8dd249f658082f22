"""CreateNetworkInterface."""

import pytest

from .lab import Lab, refused, tags
from .sources import CREATE, ERRORS, IDEMPOTENCY, QUOTAS, REPORTED, SUBNETS, source


@source(CREATE)
def test_a_new_eni_is_available_and_not_attached(lab: Lab) -> None:
    eni = lab.create(Description="d", TagSpecifications=tags(owner="x"))

    assert eni["Status"] == "available"
    assert "Attachment" not in eni
    assert (eni["SubnetId"], eni["VpcId"], eni["Description"]) == (lab.subnet_a, lab.vpc, "d")


@source(f"{CREATE}: TagSpecification.N")
def test_tags_of_the_create_call_are_on_the_eni_at_once(lab: Lab) -> None:
    eni = lab.create(TagSpecifications=tags(owner="x"))

    assert eni["TagSet"] == [{"Key": "owner", "Value": "x"}]
    assert lab.show(eni["NetworkInterfaceId"])["TagSet"] == eni["TagSet"]


@source(f"{CREATE}: SecurityGroupId.N; default group observed")
def test_without_groups_the_vpc_default_group_is_used_silently(lab: Lab) -> None:
    eni = lab.create(Groups=[])

    assert [group["GroupName"] for group in eni["Groups"]] == ["default"]


@source(IDEMPOTENCY)
def test_the_same_token_and_parameters_give_the_same_eni(lab: Lab) -> None:
    first = lab.eni(ClientToken="t1", Description="d")
    again = lab.eni(ClientToken="t1", Description="d")

    assert again == first
    assert len(lab.truth()) == 1


@source(IDEMPOTENCY)
def test_the_same_token_with_other_parameters_is_a_mismatch(lab: Lab) -> None:
    lab.eni(ClientToken="t1", Description="d")

    with refused("IdempotentParameterMismatch"):
        lab.eni(ClientToken="t1", Description="other")


@source(IDEMPOTENCY)
def test_another_token_makes_another_eni(lab: Lab) -> None:
    assert lab.eni(ClientToken="t1") != lab.eni(ClientToken="t2")


@source(f"{IDEMPOTENCY}: the retry succeeds without performing any further actions")
def test_the_token_of_a_deleted_eni_answers_its_old_id_and_makes_nothing(lab: Lab) -> None:
    eni = lab.eni(ClientToken="t1")
    lab.delete(eni)

    assert lab.eni(ClientToken="t1") == eni
    assert lab.truth() == {}


@source(f"{CREATE}: ClientToken; {IDEMPOTENCY}: up to 64 ASCII characters")
def test_a_token_of_65_characters_is_refused(lab: Lab) -> None:
    assert lab.eni(ClientToken="x" * 64)
    with refused("InvalidParameterValue", "64"):
        lab.eni(ClientToken="x" * 65)


@source(ERRORS)
def test_an_unknown_subnet_is_not_found(lab: Lab) -> None:
    with refused("InvalidSubnetID.NotFound"):
        lab.eni(SubnetId="subnet-0123456789abcdef0")


@source(ERRORS)
def test_an_unknown_group_is_not_found(lab: Lab) -> None:
    with refused("InvalidSecurityGroupID.NotFound"):
        lab.eni(Groups=["sg-0123456789abcdef0"])


@source(ERRORS)
@pytest.mark.parametrize(
    ("more", "code"),
    [({"SubnetId": "subnet-xyz"}, "InvalidSubnetID.Malformed"), ({"Groups": ["web"]}, "InvalidGroupId.Malformed")],
)
def test_malformed_ids_are_refused(lab: Lab, more: dict, code: str) -> None:
    with refused(code):
        lab.eni(**more)


@source(REPORTED)
def test_a_group_of_another_vpc_is_refused(lab: Lab) -> None:
    other = lab.ec2.create_vpc(CidrBlock="10.9.0.0/16")["Vpc"]["VpcId"]

    with refused("InvalidParameterValue", "different networks"):
        lab.eni(Groups=[lab.group("elsewhere", other)])


@source(f"{QUOTAS}: 5 security groups per network interface")
def test_more_than_five_groups_are_refused(lab: Lab) -> None:
    groups = [lab.group(f"n{number}") for number in range(6)]

    assert lab.eni(Groups=groups[:5])
    with refused("SecurityGroupsPerInterfaceLimitExceeded"):
        lab.eni(Groups=groups)


@source(f"{QUOTAS}: network interfaces per Region; {ERRORS}: NetworkInterfaceLimitExceeded")
def test_the_quota_of_the_region_is_kept(lab: Lab) -> None:
    lab.config(eni_per_region=1)
    eni = lab.eni()

    with refused("NetworkInterfaceLimitExceeded"):
        lab.eni()
    lab.delete(eni)
    assert lab.eni()


@source(f"{SUBNETS}; {ERRORS}: InsufficientFreeAddressesInSubnet")
def test_a_subnet_of_28_has_eleven_addresses(lab: Lab) -> None:
    small = lab.subnet("10.0.3.0/28")
    for _ in range(11):
        lab.eni(SubnetId=small)

    with refused("InsufficientFreeAddressesInSubnet"):
        lab.eni(SubnetId=small)


@source("AWS API Reference, Subnet: AvailableIpAddressCount")
def test_the_free_addresses_of_a_subnet_follow_the_enis(lab: Lab) -> None:
    def free() -> int:
        return lab.ec2.describe_subnets(SubnetIds=[lab.subnet_a])["Subnets"][0]["AvailableIpAddressCount"]

    assert free() == 251
    eni = lab.eni(SecondaryPrivateIpAddressCount=2)
    assert free() == 248
    lab.delete(eni)
    assert free() == 251


@source(f"{SUBNETS}: the first four addresses and the last are reserved")
@pytest.mark.parametrize("address", ["10.0.1.3", "10.0.1.255"])
def test_a_reserved_address_is_refused(lab: Lab, address: str) -> None:
    with refused("InvalidParameterValue", "reserved"):
        lab.eni(PrivateIpAddress=address)


@source(f"{CREATE}: PrivateIpAddress")
def test_an_address_outside_of_the_subnet_is_refused(lab: Lab) -> None:
    with refused("InvalidParameterValue", "does not fall within"):
        lab.eni(PrivateIpAddress="10.0.2.9")


@source(f"{ERRORS}: InvalidIPAddress.InUse")
def test_an_address_in_use_is_refused(lab: Lab) -> None:
    assert lab.create(PrivateIpAddress="10.0.1.77")["PrivateIpAddress"] == "10.0.1.77"
    with refused("InvalidIPAddress.InUse"):
        lab.eni(PrivateIpAddress="10.0.1.77")


@source(f"{ERRORS}: DryRunOperation")
def test_a_dry_run_makes_nothing(lab: Lab) -> None:
    with refused("DryRunOperation"):
        lab.eni(DryRun=True)
    assert lab.truth() == {}


@source("EC2 Developer Guide, Eventual consistency")
def test_a_fresh_id_may_be_unknown_for_a_while(lab: Lab) -> None:
    lab.config(visible_s=30)
    eni = lab.eni(TagSpecifications=tags(owner="x"))

    with refused("InvalidNetworkInterfaceID.NotFound"):
        lab.show(eni)
    assert lab.find("tag:owner", "x") == []
    lab.advance(30)
    assert lab.find("tag:owner", "x") == [eni]
