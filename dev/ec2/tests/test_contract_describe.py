"""DescribeNetworkInterfaces and the other lists: filters, pages, ids."""

from typing import Any

import pytest

from .lab import Lab, refused, tags
from .sources import DESCRIBE, ERRORS, EVENTUAL, PAGINATION, source


def pages(lab: Lab, **arguments: Any) -> list[list[str]]:
    """The ids of each page, to the end."""
    found, token = [], {}
    while True:
        answer = lab.ec2.describe_network_interfaces(**arguments, **token)
        found.append([eni["NetworkInterfaceId"] for eni in answer["NetworkInterfaces"]])
        if not answer.get("NextToken"):
            return found
        token = {"NextToken": answer["NextToken"]}


@source(f"{DESCRIBE}: Filter.N")
@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("tag:owner", "x"),
        ("tag:owner", "?"),
        ("tag-key", "owner"),
        ("description", "mine*"),
        ("status", "in-use"),
        ("private-ip-address", "10.0.1.200"),
        ("addresses.private-ip-address", "10.0.1.200"),
        ("attachment.device-index", "2"),
        ("attachment.delete-on-termination", "false"),
        ("attachment.status", "attached"),
    ],
)
def test_filters_find_the_eni(lab: Lab, name: str, value: str) -> None:
    lab.eni(Description="other", TagSpecifications=tags(other="x"))
    eni, _, _ = lab.attached(
        index=2, Description="mine 1", PrivateIpAddress="10.0.1.200", TagSpecifications=tags(owner="x")
    )

    assert eni in lab.find(name, value)
    assert len(lab.find(name, value)) <= 2  # the instance's primary interface may match too


@source(f"{DESCRIBE}: Filter.N; values are alternatives, filters are joined by and")
def test_filters_are_anded_and_values_ored(lab: Lab) -> None:
    one, two = lab.eni(TagSpecifications=tags(n="1", k="a")), lab.eni(TagSpecifications=tags(n="2", k="a"))
    lab.eni(TagSpecifications=tags(n="3", k="a"))

    filters = [{"Name": "tag:k", "Values": ["a"]}, {"Name": "tag:n", "Values": ["1", "2"]}]

    answer = lab.ec2.describe_network_interfaces(Filters=filters)["NetworkInterfaces"]
    assert [eni["NetworkInterfaceId"] for eni in answer] == [one, two]


@source(DESCRIBE)
def test_relations_are_filters_too(lab: Lab) -> None:
    eni, attachment, instance = lab.attached()

    assert eni in lab.find("attachment.instance-id", instance)
    assert lab.find("attachment.attachment-id", attachment) == [eni]
    assert lab.find("group-id", lab.sg) == [eni]
    assert eni in lab.find("vpc-id", lab.vpc)
    assert lab.find("subnet-id", lab.subnet_b) == []


@source(f"{ERRORS}: InvalidParameterValue")
def test_an_unknown_filter_is_refused(lab: Lab) -> None:
    with refused("InvalidParameterValue", "The filter 'colour' is invalid"):
        lab.find("colour", "blue")


@source(f"{ERRORS}: FilterLimitExceeded; EC2 User Guide, Filter resources: up to 200 values")
def test_more_than_200_values_are_refused(lab: Lab) -> None:
    assert lab.find("tag:n", *[str(number) for number in range(200)]) == []
    with refused("FilterLimitExceeded"):
        lab.find("tag:n", *[str(number) for number in range(201)])


@source(f"{ERRORS}: InvalidNetworkInterfaceID.NotFound")
def test_one_unknown_id_fails_the_whole_call(lab: Lab) -> None:
    with refused("InvalidNetworkInterfaceID.NotFound", "'eni-0123456789abcdef0' does not exist"):
        lab.ec2.describe_network_interfaces(NetworkInterfaceIds=[lab.eni(), "eni-0123456789abcdef0"])


@source(f"{DESCRIBE}: MaxResults cannot be combined with ids")
def test_ids_and_max_results_exclude_each_other(lab: Lab) -> None:
    with refused("InvalidParameterCombination"):
        lab.ec2.describe_network_interfaces(NetworkInterfaceIds=[lab.eni()], MaxResults=5)


@source(f"{DESCRIBE}: MaxResults")
@pytest.mark.parametrize("size", [1001, 5000])
def test_the_page_size_has_bounds(lab: Lab, size: int) -> None:
    with refused("InvalidParameterValue", "between 5 and 1000"):
        lab.ec2.describe_network_interfaces(MaxResults=size)


@source(PAGINATION)
def test_pages_show_everything_once(lab: Lab) -> None:
    enis = [lab.eni() for _ in range(12)]

    found = pages(lab, MaxResults=5)

    assert [len(page) for page in found] == [5, 5, 2]
    assert sum(found, []) == enis


@source(PAGINATION)
def test_a_list_that_shrinks_while_paging_loses_nothing(lab: Lab) -> None:
    enis = [lab.eni() for _ in range(8)]
    first = lab.ec2.describe_network_interfaces(MaxResults=5)
    lab.delete(enis[0])

    rest = lab.ec2.describe_network_interfaces(MaxResults=5, NextToken=first["NextToken"])

    assert [eni["NetworkInterfaceId"] for eni in rest["NetworkInterfaces"]] == enis[5:]


@source(f"{PAGINATION}: the page can have fewer results than MaxResults, or none, and still a NextToken")
def test_short_and_empty_pages(lab: Lab) -> None:
    lab.config(page_max=5, empty_pages=True)
    enis = [lab.eni(TagSpecifications=tags(owner="x")) for _ in range(7)]

    found = pages(lab, MaxResults=1000, Filters=[{"Name": "tag:owner", "Values": ["x"]}])

    assert [len(page) for page in found] == [0, 5, 2]
    assert sum(found, []) == enis


@source(f"{ERRORS}: InvalidPaginationToken")
def test_a_made_up_token_is_refused(lab: Lab) -> None:
    with refused("InvalidPaginationToken"):
        lab.ec2.describe_network_interfaces(MaxResults=5, NextToken="made-up")


@source(f"{DESCRIBE}: with many interfaces the operation fails unless you use pagination or a filter; code is ours")
def test_an_unpaged_list_can_be_refused(lab: Lab) -> None:
    eni = lab.eni()
    lab.config(require_paging=True)

    for unpaged in (lab.ec2.describe_network_interfaces, lab.ec2.describe_subnets, lab.ec2.describe_security_groups):
        with refused("OperationNotPermitted", "pagination"):
            unpaged()
    assert lab.show(eni)
    assert lab.ec2.describe_network_interfaces(MaxResults=5)
    assert lab.find("status", "available") == [eni]


@source("AWS API Reference, DescribeSubnets and DescribeSecurityGroups: MaxResults, NextToken")
def test_subnets_and_groups_come_in_pages_too(lab: Lab) -> None:
    lab.config(page_max=1)
    chosen = [{"Name": "vpc-id", "Values": [lab.vpc]}]

    for operation, key, count in (
        ("describe_subnets", "Subnets", 2),
        ("describe_security_groups", "SecurityGroups", 3),
    ):
        answers = list(lab.ec2.get_paginator(operation).paginate(Filters=chosen))
        assert [len(answer[key]) for answer in answers] == [1] * count


@source(f"{EVENTUAL}: a Describe may not show the change yet")
def test_for_a_while_a_describe_shows_the_old_picture(lab: Lab) -> None:
    lab.config(stale_s=5)
    eni, attachment, instance = lab.attached()
    assert lab.show(eni)["Status"] == "available"
    lab.advance(5)
    assert lab.show(eni)["Attachment"]["InstanceId"] == instance

    lab.modify(eni, Groups=[lab.sg2])
    assert [group["GroupId"] for group in lab.show(eni)["Groups"]] == [lab.sg]
    lab.advance(5)

    lab.detach(attachment)
    assert lab.show(eni)["Attachment"]["AttachmentId"] == attachment
    lab.advance(5)
    assert lab.show(eni)["Status"] == "available"


@source(f"{EVENTUAL}: a deleted resource may still appear")
def test_for_a_while_a_describe_shows_a_deleted_eni(lab: Lab) -> None:
    lab.config(stale_s=5)
    eni = lab.eni(TagSpecifications=tags(owner="x"))
    lab.delete(eni)

    assert lab.find("tag:owner", "x") == [eni]
    assert lab.truth() == {}
    with refused("InvalidNetworkInterfaceID.NotFound"):
        lab.delete(eni)
    lab.advance(5)
    assert lab.find("tag:owner", "x") == []


@source("AWS API Reference, DescribeInstanceTypes: NetworkInfo.NetworkCards")
@pytest.mark.parametrize(("instance_type", "cards"), [("p4d.24xlarge", 4), ("c6in.32xlarge", 2), ("m5.large", 1)])
def test_instance_types_show_their_network_cards(lab: Lab, instance_type: str, cards: int) -> None:
    shown = lab.ec2.describe_instance_types(InstanceTypes=[instance_type])["InstanceTypes"][0]["NetworkInfo"]

    assert len(shown["NetworkCards"]) == shown["MaximumNetworkCards"] == cards
    assert sum(card["MaximumNetworkInterfaces"] for card in shown["NetworkCards"]) == shown["MaximumNetworkInterfaces"]


@source("AWS General Reference: every Region is separate")
def test_another_region_has_its_own_enis(lab: Lab) -> None:
    eni = lab.eni()
    elsewhere = lab.launcher.client(region="eu-west-1")

    with refused("InvalidNetworkInterfaceID.NotFound"):
        elsewhere.describe_network_interfaces(NetworkInterfaceIds=[eni])
