"""AttachNetworkInterface."""

import pytest

from .lab import Lab, refused
from .sources import ATTACH, DESCRIBE, ERRORS, INTERFACES, REPORTED, source


@source(ATTACH)
def test_an_attached_eni_is_in_use(lab: Lab) -> None:
    eni, attachment, instance = lab.attached(index=2)

    shown = lab.show(eni)
    assert shown["Status"] == "in-use"
    assert shown["Attachment"]["AttachmentId"] == attachment
    assert shown["Attachment"]["InstanceId"] == instance
    assert (shown["Attachment"]["DeviceIndex"], shown["Attachment"]["Status"]) == (2, "attached")


@source(f"{ATTACH} has no such parameter; {INTERFACES}: attachments default to false")
def test_a_new_attachment_does_not_delete_on_termination(lab: Lab) -> None:
    eni, _, _ = lab.attached()

    assert lab.show(eni)["Attachment"]["DeleteOnTermination"] is False


@source(f"{DESCRIBE}: attachment.status (attaching | attached | detaching | detached)")
def test_attaching_takes_time(lab: Lab) -> None:
    lab.config(attach_s=3)
    eni, _, _ = lab.attached()

    assert lab.show(eni)["Attachment"]["Status"] == "attaching"
    assert lab.find("attachment.status", "attaching") == [eni]
    lab.advance(3)
    assert lab.show(eni)["Attachment"]["Status"] == "attached"


@source(REPORTED)
def test_a_second_attach_of_the_same_eni_is_refused(lab: Lab) -> None:
    eni, _, instance = lab.attached()

    with refused("InvalidParameterValue", "is currently in use"):
        lab.attach(eni, instance, 2)


@source(f"{ERRORS}: InvalidNetworkInterface.InUse, the other code for the same")
def test_in_use_has_two_codes(lab: Lab) -> None:
    lab.config(in_use_code="InvalidNetworkInterface.InUse")
    eni, _, instance = lab.attached()

    with refused("InvalidNetworkInterface.InUse"):
        lab.attach(eni, instance, 2)
    with refused("InvalidNetworkInterface.InUse"):
        lab.delete(eni)


@source(REPORTED)
@pytest.mark.parametrize("index", [0, 1])
def test_a_taken_device_index_is_refused(lab: Lab, index: int) -> None:
    _, _, instance = lab.attached(index=1)

    with refused("InvalidParameterValue", f"already has an interface attached at device index '{index}'"):
        lab.attach(lab.eni(), instance, index)


@source(f"{INTERFACES}: same Availability Zone; code observed")
def test_an_eni_of_another_zone_is_refused(lab: Lab) -> None:
    with refused("InvalidParameterCombination", "same availability zone"):
        lab.attach(lab.eni(SubnetId=lab.subnet_b), lab.instance())


@source(f"{ERRORS}: AttachmentLimitExceeded; EC2 User Guide, Maximum IP addresses per network interface (m5.large: 3)")
def test_more_enis_than_the_type_allows_are_refused(lab: Lab) -> None:
    _, _, instance = lab.attached(index=1)
    lab.attach(lab.eni(), instance, 2)

    with refused("AttachmentLimitExceeded", "Interface count 4 exceeds the limit for m5.large"):
        lab.attach(lab.eni(), instance, 3)


@source(f"{ERRORS}: InvalidNetworkInterfaceID.NotFound, InvalidInstanceID.NotFound")
def test_unknown_ids_are_not_found(lab: Lab) -> None:
    with refused("InvalidNetworkInterfaceID.NotFound"):
        lab.attach("eni-0123456789abcdef0", lab.instance())
    with refused("InvalidInstanceID.NotFound"):
        lab.attach(lab.eni(), "i-0123456789abcdef0")


@source(f"{ERRORS}: InvalidInstanceID.Malformed")
def test_a_malformed_instance_id_is_refused(lab: Lab) -> None:
    with refused("InvalidInstanceID.Malformed"):
        lab.attach(lab.eni(), "fargate-ip-10-0-0-1")


@source(f"{ERRORS}: IncorrectState; message observed")
def test_a_pending_instance_takes_no_eni(lab: Lab) -> None:
    lab.config(pending_s=20)
    instance, eni = lab.instance(), lab.eni()

    with refused("IncorrectState", "is not 'running' or 'stopped'"):
        lab.attach(eni, instance)
    lab.advance(20)
    assert lab.attach(eni, instance)


@source(f"{INTERFACES}: hot, warm and cold attach")
def test_a_stopped_instance_takes_an_eni(lab: Lab) -> None:
    instance = lab.instance()
    lab.ec2.stop_instances(InstanceIds=[instance])

    assert lab.attach(lab.eni(), instance)


@source(f"{ERRORS}: IncorrectState")
@pytest.mark.parametrize("shutting_down_s", [0, 30])
def test_a_terminating_or_terminated_instance_takes_no_eni(lab: Lab, shutting_down_s: int) -> None:
    lab.config(shutting_down_s=shutting_down_s)
    instance, eni = lab.instance(), lab.eni()
    lab.ec2.terminate_instances(InstanceIds=[instance])

    with refused("IncorrectState"):
        lab.attach(eni, instance)


@source("EC2 User Guide, Network cards; AWS API Reference, NetworkCardInfo")
def test_device_indexes_are_per_network_card(lab: Lab) -> None:
    instance = lab.instance("c6in.32xlarge")
    on_card_1, on_card_0 = lab.eni(), lab.eni()

    lab.attach(on_card_1, instance, 1, card=1)
    lab.attach(on_card_0, instance, 1, card=0)

    assert lab.show(on_card_1)["Attachment"]["NetworkCardIndex"] == 1
    with refused("InvalidParameterValue", "device index '1'"):
        lab.attach(lab.eni(), instance, 1, card=1)


@source(f"{ATTACH}: NetworkCardIndex")
def test_a_card_that_the_type_does_not_have_is_refused(lab: Lab) -> None:
    with refused("InvalidParameterValue", "Network card index 1"):
        lab.attach(lab.eni(), lab.instance(), 1, card=1)


@source(f"{ATTACH}: NetworkCardIndex, default 0; strict option of the fake for case ENI-08")
def test_the_fake_can_insist_on_an_explicit_network_card(lab: Lab) -> None:
    eni, instance = lab.eni(), lab.instance()
    assert lab.attach(lab.eni(), instance, 2, card=None)
    lab.config(require_network_card_index=True)

    with refused("MissingParameter", "networkCardIndex"):
        lab.attach(eni, instance, 1, card=None)
    assert lab.attach(eni, instance, 1, card=0)


@source("AWS API Reference, DescribeInstances: networkInterfaceSet")
def test_the_instance_shows_its_interfaces(lab: Lab) -> None:
    eni, _, instance = lab.attached(index=2)

    shown = lab.ec2.describe_instances(InstanceIds=[instance])["Reservations"][0]["Instances"][0]
    indexes = {n["NetworkInterfaceId"]: n["Attachment"]["DeviceIndex"] for n in shown["NetworkInterfaces"]}
    assert indexes[eni] == 2
    assert sorted(indexes.values()) == [0, 2]
