"""What a request is checked against, and that it is what the Service Authorization Reference says."""

import json
from typing import Any

import pytest

from ec2_launcher.rights import KNOWN_CHANGES, Request, needed

from .launcher import ROOT

REFERENCE = json.loads((ROOT.parent.parent / "test/deploy/fixtures/ec2-authorization.json").read_text())["actions"]
TAGS = {"eni-1": {"Owner": "us"}, "i-1": {}, "subnet-1": {"tier": "a"}, "sg-1": {}, "sg-2": {}}
CREATE = {
    "SubnetId": "subnet-1",
    "SecurityGroupId.1": "sg-1",
    "SecurityGroupId.2": "sg-2",
    "TagSpecification.1.ResourceType": "network-interface",
    "TagSpecification.1.Tag.1.Key": "Owner",
    "TagSpecification.1.Tag.1.Value": "us",
}
ROWS = [
    ("DescribeNetworkInterfaces", {"NetworkInterfaceId.1": "eni-1"}, ["*"]),
    (
        "CreateNetworkInterface",
        CREATE,
        ["network-interface/*", "subnet/subnet-1", "security-group/sg-1", "security-group/sg-2", "network-interface/*"],
    ),
    ("CreateNetworkInterface", {"SubnetId": "subnet-1"}, ["network-interface/*", "subnet/subnet-1"]),
    (
        "AttachNetworkInterface",
        {"NetworkInterfaceId": "eni-1", "InstanceId": "i-1"},
        ["network-interface/eni-1", "instance/i-1"],
    ),
    ("DetachNetworkInterface", {"AttachmentId": "eni-attach-1"}, ["network-interface/eni-1", "instance/i-1"]),
    ("DetachNetworkInterface", {"AttachmentId": "eni-attach-2"}, []),
    ("DeleteNetworkInterface", {"NetworkInterfaceId": "eni-1"}, ["network-interface/eni-1"]),
    ("DeleteNetworkInterface", {"NetworkInterfaceId": "eni-9"}, []),
    (
        "ModifyNetworkInterfaceAttribute",
        {"NetworkInterfaceId": "eni-1", "Description.Value": "x"},
        ["network-interface/eni-1"],
    ),
    (
        "ModifyNetworkInterfaceAttribute",
        {"NetworkInterfaceId": "eni-1", "SecurityGroupId.1": "sg-1"},
        ["network-interface/eni-1", "security-group/sg-1"],
    ),
    (
        "ModifyNetworkInterfaceAttribute",
        {"NetworkInterfaceId": "eni-1", "Attachment.AttachmentId": "eni-attach-1"},
        ["network-interface/eni-1", "instance/i-1"],
    ),
    (
        "CreateTags",
        {"ResourceId.1": "eni-1", "ResourceId.2": "vol-1", "Tag.1.Key": "k", "Tag.1.Value": "v"},
        ["network-interface/eni-1", "*/vol-1"],
    ),
    ("DeleteTags", {"ResourceId.1": "eni-1", "Tag.1.Key": "k"}, ["network-interface/eni-1"]),
]


class Account:
    def tags(self, resource_id: str) -> dict[str, str] | None:
        return {} if resource_id.startswith("vol-") else TAGS.get(resource_id)

    def attachment(self, attachment_id: str) -> tuple[str, str] | None:
        return ("eni-1", "i-1") if attachment_id == "eni-attach-1" else None


def checks(action: str, params: dict[str, str]) -> Any:
    return needed(Request(action, params, "us-east-1", "1", Account()))


def short(arn: str) -> str:
    return arn.removeprefix("arn:aws:ec2:us-east-1:1:")


@pytest.mark.parametrize(("action", "params", "resources"), ROWS)
def test_a_request_is_checked_against(action: str, params: dict[str, str], resources: list[str]) -> None:
    assert [short(check.resource) for check in checks(action, params)] == resources


def test_tags_at_creation_need_the_right_to_tag_with_the_name_of_the_call() -> None:
    *others, tagging = checks("CreateNetworkInterface", CREATE)

    assert {check.action for check in others} == {"CreateNetworkInterface"}
    assert tagging.action == "CreateTags"
    assert tagging.context == {
        "ec2:region": ("us-east-1",),
        "aws:requesttag/owner": ("us",),
        "aws:tagkeys": ("Owner",),
        "ec2:createaction": ("CreateNetworkInterface",),
    }


def test_a_retag_knows_the_tags_there_are_and_those_that_come() -> None:
    (check,) = checks("CreateTags", {"ResourceId.1": "eni-1", "Tag.1.Key": "owner", "Tag.1.Value": "them"})

    assert check.context["aws:resourcetag/owner"] == check.context["ec2:resourcetag/owner"] == ("us",)
    assert check.context["aws:requesttag/owner"] == ("them",)


def test_an_action_whose_rights_are_not_known_says_so() -> None:
    assert checks("RunInstances", {}) is None


def known(action: str, params: dict[str, str]) -> list[tuple[str, str, list[str]]]:
    """Action, kind of resource and condition keys (as the reference spells them) of every check."""
    rows = []
    for check in checks(action, params):
        keys = [key.split("/")[0] + ("/${tagkey}" if "/" in key else "") for key in check.context]
        rows.append((check.action, short(check.resource).split("/")[0], keys))
    return rows


@pytest.mark.parametrize(("action", "params"), [(a, p) for a, p, _ in ROWS if a in REFERENCE and "vol-1" not in str(p)])
def test_kinds_and_keys_are_those_of_the_reference(action: str, params: dict[str, str]) -> None:
    for name, kind, keys in known(action, params):
        entry = REFERENCE[name]
        allowed = {key.lower() for key in entry["conditionKeys"]}
        if kind != "*":
            assert kind in entry["resources"]
            allowed |= {key.lower() for key in entry["resources"][kind]["conditionKeys"]}
        # The older spelling of aws:ResourceTag, which the reference lists for most types.
        assert set(keys) - {"ec2:resourcetag/${tagkey}"} <= allowed, (name, kind)


@pytest.mark.parametrize("action", [action for action in KNOWN_CHANGES if action in REFERENCE])
def test_every_kind_that_the_reference_requires_is_checked(action: str) -> None:
    required = {kind for kind, entry in REFERENCE[action]["resources"].items() if entry["required"]}

    checked = {kind for name, params, _ in ROWS if name == action for _, kind, _ in known(name, params)}

    assert required <= checked
