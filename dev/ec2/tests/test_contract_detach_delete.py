"""DetachNetworkInterface and DeleteNetworkInterface."""

from .lab import Lab, refused
from .sources import DELETE, DETACH, ERRORS, INTERFACES, REPORTED, source


@source(DETACH)
def test_a_detached_eni_is_available_again(lab: Lab) -> None:
    eni, attachment, _ = lab.attached()

    lab.detach(attachment)

    assert lab.show(eni)["Status"] == "available"
    assert "Attachment" not in lab.show(eni)


@source(f"{DETACH}; duration observed: seconds, more than 200 s seen")
def test_detaching_takes_time(lab: Lab) -> None:
    lab.config(detach_s=20)
    eni, attachment, instance = lab.attached()
    lab.detach(attachment)

    assert lab.show(eni)["Attachment"]["Status"] == "detaching"
    assert lab.show(eni)["Status"] == "in-use"
    with refused("InvalidParameterValue", "already has an interface"):
        lab.attach(lab.eni(), instance, 1)
    lab.advance(20)
    assert lab.show(eni)["Status"] == "available"


@source(f"{INTERFACES}: you cannot detach a primary network interface; code observed")
def test_the_primary_interface_cannot_be_detached(lab: Lab) -> None:
    instance = lab.instance()
    shown = lab.ec2.describe_instances(InstanceIds=[instance])["Reservations"][0]["Instances"][0]

    with refused("OperationNotPermitted", "device index 0"):
        lab.detach(shown["NetworkInterfaces"][0]["Attachment"]["AttachmentId"])


@source(f"{ERRORS}: InvalidAttachmentID.NotFound")
def test_an_unknown_attachment_is_not_found(lab: Lab) -> None:
    with refused("InvalidAttachmentID.NotFound"):
        lab.detach("eni-attach-0123456789abcdef0")


@source(f"{ERRORS}: InvalidAttachmentID.NotFound")
def test_an_attachment_can_be_detached_once(lab: Lab) -> None:
    _, attachment, _ = lab.attached()
    lab.detach(attachment)

    with refused("InvalidAttachmentID.NotFound"):
        lab.detach(attachment)


@source(f"{ERRORS}: InvalidNetworkInterfaceAttachmentId.Malformed")
def test_a_malformed_attachment_id_is_refused(lab: Lab) -> None:
    with refused("InvalidNetworkInterfaceAttachmentId.Malformed"):
        lab.detach("eni-0123456789abcdef0")


@source("Not documented; a second Detach while detaching is refused in this fake")
def test_a_second_detach_while_detaching_is_refused(lab: Lab) -> None:
    lab.config(detach_s=20)
    _, attachment, _ = lab.attached()
    lab.detach(attachment)

    with refused("IncorrectState"):
        lab.detach(attachment)


@source(f"{DETACH}: Force")
def test_a_forced_detach_ends_a_slow_one(lab: Lab) -> None:
    lab.config(detach_s=1000)
    eni, attachment, _ = lab.attached()
    lab.detach(attachment)

    lab.detach(attachment, Force=True)

    assert lab.show(eni)["Status"] == "available"


@source("Observed: an attachment that stays in attaching can be detached")
def test_an_eni_that_is_still_attaching_can_be_detached(lab: Lab) -> None:
    lab.config(attach_s=10_000)
    eni, attachment, _ = lab.attached()

    lab.detach(attachment)

    assert lab.show(eni)["Status"] == "available"
    lab.advance(10_000)
    assert lab.show(eni)["Status"] == "available"


@source(DELETE)
def test_a_deleted_eni_is_not_found(lab: Lab) -> None:
    eni = lab.eni()
    lab.delete(eni)

    with refused("InvalidNetworkInterfaceID.NotFound", f"'{eni}' does not exist"):
        lab.show(eni)
    with refused("InvalidNetworkInterfaceID.NotFound"):
        lab.delete(eni)


@source(f"{DELETE}: you must detach the network interface before you can delete it; {REPORTED}")
def test_an_attached_or_detaching_eni_cannot_be_deleted(lab: Lab) -> None:
    lab.config(detach_s=20)
    eni, attachment, _ = lab.attached()

    with refused("InvalidParameterValue", "currently in use"):
        lab.delete(eni)
    lab.detach(attachment)
    with refused("InvalidParameterValue", "currently in use"):
        lab.delete(eni)
    lab.advance(20)
    lab.delete(eni)


@source(f"{ERRORS}: InvalidNetworkInterfaceId.Malformed")
def test_a_malformed_eni_id_is_refused(lab: Lab) -> None:
    with refused("InvalidNetworkInterfaceId.Malformed"):
        lab.delete("eni-nope")


@source(f"{ERRORS}: DryRunOperation")
def test_dry_runs_change_nothing(lab: Lab) -> None:
    eni, attachment, _ = lab.attached()

    with refused("DryRunOperation"):
        lab.detach(attachment, DryRun=True)
    assert lab.show(eni)["Status"] == "in-use"
