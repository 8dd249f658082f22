"""CreateTags, DeleteTags, and tags at creation."""

import pytest

from .lab import Lab, refused, tags
from .sources import ERRORS, TAGS, source


def many(count: int, first: int = 0) -> list[dict[str, str]]:
    return [{"Key": f"k{number}", "Value": "v"} for number in range(first, first + count)]


@source("AWS API Reference, CreateTags: adds or overwrites")
def test_tags_are_added_and_overwritten(lab: Lab) -> None:
    eni = lab.eni(TagSpecifications=tags(owner="x"))

    lab.ec2.create_tags(Resources=[eni], Tags=[{"Key": "owner", "Value": "y"}, {"Key": "n", "Value": "1"}])

    assert {tag["Key"]: tag["Value"] for tag in lab.show(eni)["TagSet"]} == {"owner": "y", "n": "1"}


@source("AWS API Reference, DeleteTags: a tag with another value stays")
def test_delete_tags_respects_the_value(lab: Lab) -> None:
    eni = lab.eni(TagSpecifications=tags(a="1", b="2"))

    lab.ec2.delete_tags(Resources=[eni], Tags=[{"Key": "a", "Value": "other"}, {"Key": "b"}])

    assert [tag["Key"] for tag in lab.show(eni)["TagSet"]] == ["a"]


@source(f"{TAGS}: 50 tags per resource; {ERRORS}: TagLimitExceeded")
def test_the_51st_tag_is_refused(lab: Lab) -> None:
    eni = lab.eni()
    lab.ec2.create_tags(Resources=[eni], Tags=many(50))

    with refused("TagLimitExceeded"):
        lab.ec2.create_tags(Resources=[eni], Tags=many(1, first=50))
    with refused("TagLimitExceeded"):
        lab.eni(TagSpecifications=[{"ResourceType": "network-interface", "Tags": many(51)}])
    assert len(lab.truth()) == 1


@source(f"{TAGS}: the prefix aws: is reserved")
def test_aws_tags_are_refused(lab: Lab) -> None:
    eni = lab.eni()

    with refused("InvalidParameterValue", "reserved for internal use"):
        lab.ec2.create_tags(Resources=[eni], Tags=[{"Key": "aws:x", "Value": "v"}])
    with refused("InvalidParameterValue", "reserved for internal use"):
        lab.ec2.delete_tags(Resources=[eni], Tags=[{"Key": "aws:x"}])


@source(f"{TAGS}: keys up to 128, values up to 256 characters")
@pytest.mark.parametrize("tag", [{"Key": "k" * 129, "Value": "v"}, {"Key": "k", "Value": "v" * 257}])
def test_long_tags_are_refused(lab: Lab, tag: dict[str, str]) -> None:
    with refused("InvalidParameterValue"):
        lab.eni(TagSpecifications=[{"ResourceType": "network-interface", "Tags": [tag]}])


@source(f"{ERRORS}: InvalidNetworkInterfaceID.NotFound")
def test_an_unknown_eni_cannot_be_tagged(lab: Lab) -> None:
    with refused("InvalidNetworkInterfaceID.NotFound"):
        lab.ec2.create_tags(Resources=["eni-0123456789abcdef0"], Tags=many(1))
