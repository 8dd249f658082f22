"""ModifyNetworkInterfaceAttribute, DescribeNetworkInterfaceAttribute."""

import pytest

from .lab import Lab, refused
from .sources import ERRORS, MODIFY, QUOTAS, source


@source(f"{MODIFY}: SecurityGroupId.N replaces the current set")
def test_groups_are_replaced(lab: Lab) -> None:
    eni, _, _ = lab.attached()

    lab.modify(eni, Groups=[lab.sg2])

    assert [group["GroupId"] for group in lab.show(eni)["Groups"]] == [lab.sg2]


@source(f"{MODIFY}: Attachment")
def test_delete_on_termination_is_set_with_the_attachment_id(lab: Lab) -> None:
    eni, attachment, _ = lab.attached()

    lab.modify(eni, Attachment={"AttachmentId": attachment, "DeleteOnTermination": True})
    assert lab.show(eni)["Attachment"]["DeleteOnTermination"] is True

    lab.modify(eni, Attachment={"AttachmentId": attachment, "DeleteOnTermination": False})
    assert lab.show(eni)["Attachment"]["DeleteOnTermination"] is False


@source(f"{MODIFY}: you must specify the ID of the interface attachment")
def test_delete_on_termination_needs_the_right_attachment(lab: Lab) -> None:
    eni, _, _ = lab.attached()

    with refused("MissingParameter", "attachmentId"):
        lab.modify(eni, Attachment={"DeleteOnTermination": True})
    with refused("InvalidAttachmentID.NotFound"):
        lab.modify(eni, Attachment={"AttachmentId": "eni-attach-0123456789abcdef0", "DeleteOnTermination": True})


@source(f"{ERRORS}: InvalidAttachmentID.NotFound")
def test_delete_on_termination_of_an_unattached_eni_is_refused(lab: Lab) -> None:
    eni, attachment, _ = lab.attached()
    lab.detach(attachment)

    with refused("InvalidAttachmentID.NotFound"):
        lab.modify(eni, Attachment={"AttachmentId": attachment, "DeleteOnTermination": True})


@source(f"{MODIFY}: you can specify only one attribute at a time; code as of ModifyInstanceAttribute")
def test_two_attributes_in_one_call_are_refused(lab: Lab) -> None:
    eni = lab.eni()

    with refused("InvalidParameterCombination", "multiple attribute types"):
        lab.modify(eni, Groups=[lab.sg2], Description={"Value": "d"})
    assert [group["GroupId"] for group in lab.show(eni)["Groups"]] == [lab.sg]


@source("Code as of ModifyInstanceAttribute")
def test_no_attribute_is_refused(lab: Lab) -> None:
    with refused("InvalidParameterCombination", "No attributes"):
        lab.modify(lab.eni())


@source(f"{MODIFY}: SourceDestCheck, Description")
def test_source_dest_check_and_description(lab: Lab) -> None:
    eni = lab.eni()
    lab.modify(eni, SourceDestCheck={"Value": False})
    lab.modify(eni, Description={"Value": "changed"})

    shown = lab.show(eni)
    assert (shown["SourceDestCheck"], shown["Description"]) == (False, "changed")


@source(f"{MODIFY}: SecurityGroupId.N; {QUOTAS}")
def test_unknown_or_too_many_groups_change_nothing(lab: Lab) -> None:
    eni = lab.eni()

    with refused("InvalidSecurityGroupID.NotFound"):
        lab.modify(eni, Groups=["sg-0123456789abcdef0"])
    with refused("SecurityGroupsPerInterfaceLimitExceeded"):
        lab.modify(eni, Groups=[lab.group(f"n{number}") for number in range(6)])
    assert [group["GroupId"] for group in lab.show(eni)["Groups"]] == [lab.sg]


@source("AWS API Reference, DescribeNetworkInterfaceAttribute")
@pytest.mark.parametrize(
    ("attribute", "key", "value"),
    [("description", "Description", {"Value": "d"}), ("sourceDestCheck", "SourceDestCheck", {"Value": True})],
)
def test_one_attribute_can_be_described(lab: Lab, attribute: str, key: str, value: dict) -> None:
    eni = lab.eni(Description="d")

    answer = lab.ec2.describe_network_interface_attribute(NetworkInterfaceId=eni, Attribute=attribute)

    assert answer[key] == value
