"""Instance states, and what they do to ENIs."""

import pytest

from .lab import IMAGE, Lab, refused
from .sources import ERRORS, IDEMPOTENCY, LIFECYCLE, TERMINATE, source


@source(LIFECYCLE)
def test_states_take_their_time(lab: Lab) -> None:
    lab.config(pending_s=10, stopping_s=20, shutting_down_s=30)
    instance = lab.instance()
    seen = [lab.state(instance)]
    for change, seconds in (
        (None, 10),
        (lab.ec2.stop_instances, 20),
        (lab.ec2.start_instances, 10),
        (lab.ec2.terminate_instances, 30),
    ):
        if change is not None:
            change(InstanceIds=[instance])
            seen.append(lab.state(instance))
        lab.advance(seconds)
        seen.append(lab.state(instance))

    assert seen == [
        "pending",
        "running",
        "stopping",
        "stopped",
        "pending",
        "running",
        "shutting-down",
        "terminated",
    ]


@source(f"{TERMINATE}: interfaces with DeleteOnTermination are deleted")
def test_termination_deletes_what_is_marked_so(lab: Lab) -> None:
    lab.config(shutting_down_s=30)
    eni, attachment, instance = lab.attached()
    lab.modify(eni, Attachment={"AttachmentId": attachment, "DeleteOnTermination": True})
    lab.ec2.terminate_instances(InstanceIds=[instance])

    assert lab.show(eni)["Status"] == "in-use"
    lab.advance(30)
    with refused("InvalidNetworkInterfaceID.NotFound"):
        lab.show(eni)


@source(f"{TERMINATE}: other interfaces are detached and stay")
def test_termination_leaves_the_others_available(lab: Lab) -> None:
    eni, _, instance = lab.attached()

    lab.ec2.terminate_instances(InstanceIds=[instance])

    assert lab.state(instance) == "terminated"
    assert lab.show(eni)["Status"] == "available"


@source("Case ENI-01 of the field reports: terminated at +3 s, available at +5 s")
def test_an_eni_that_is_detaching_survives_the_termination(lab: Lab) -> None:
    lab.config(detach_s=5, shutting_down_s=2)
    eni, attachment, instance = lab.attached()
    lab.detach(attachment)
    lab.advance(1)
    lab.ec2.terminate_instances(InstanceIds=[instance])
    lab.advance(2)

    assert lab.state(instance) == "terminated"
    assert lab.show(eni)["Attachment"]["Status"] == "detaching"
    lab.advance(2)
    assert lab.show(eni)["Status"] == "available"


@source(f"{TERMINATE}: the primary interface is deleted by default")
def test_the_primary_interface_goes_with_the_instance(lab: Lab) -> None:
    instance = lab.instance()
    primary = lab.find("attachment.instance-id", instance)
    lab.ec2.terminate_instances(InstanceIds=[instance])

    with refused("InvalidNetworkInterfaceID.NotFound"):
        lab.show(primary[0])


@source(f"{TERMINATE}: visible for about an hour; {ERRORS}: InvalidInstanceID.NotFound")
def test_a_terminated_instance_vanishes_after_an_hour(lab: Lab) -> None:
    instance, eni = lab.instance(), lab.eni()
    lab.ec2.terminate_instances(InstanceIds=[instance])
    lab.advance(3599)
    assert lab.state(instance) == "terminated"
    lab.advance(2)

    with refused("InvalidInstanceID.NotFound"):
        lab.state(instance)
    with refused("InvalidInstanceID.NotFound"):
        lab.attach(eni, instance)
    assert lab.ec2.describe_instances()["Reservations"] == []


@source(f"{IDEMPOTENCY}: TerminateInstances is idempotent by default")
def test_terminating_twice_is_allowed(lab: Lab) -> None:
    instance = lab.instance()
    lab.ec2.terminate_instances(InstanceIds=[instance])

    answer = lab.ec2.terminate_instances(InstanceIds=[instance])

    assert answer["TerminatingInstances"][0]["PreviousState"]["Name"] == "terminated"


@source(f"{ERRORS}: IncorrectInstanceState")
def test_a_terminated_instance_cannot_be_started(lab: Lab) -> None:
    instance = lab.instance()
    lab.ec2.terminate_instances(InstanceIds=[instance])

    with refused("IncorrectInstanceState"):
        lab.ec2.start_instances(InstanceIds=[instance])


@source(f"{LIFECYCLE}: stopping keeps the interfaces")
def test_stop_and_start_keep_the_eni(lab: Lab) -> None:
    eni, attachment, instance = lab.attached()
    lab.ec2.stop_instances(InstanceIds=[instance])
    lab.ec2.start_instances(InstanceIds=[instance])

    assert lab.show(eni)["Attachment"]["AttachmentId"] == attachment


@source(f"{IDEMPOTENCY}: RunInstances")
def test_run_instances_is_idempotent_by_token(lab: Lab) -> None:
    first = lab.instance(ClientToken="r1")

    assert lab.instance(ClientToken="r1") == first
    with refused("IdempotentParameterMismatch"):
        lab.instance("m5.xlarge", ClientToken="r1")


@source("AWS API Reference, RunInstances: MaxCount")
def test_as_many_instances_as_max_count_start(lab: Lab) -> None:
    answer = lab.ec2.run_instances(
        ImageId=IMAGE, InstanceType="m5.large", MinCount=1, MaxCount=3, SubnetId=lab.subnet_a
    )

    assert len(answer["Instances"]) == 3


@source("AWS API Reference, RunInstances: NetworkInterface.N with NetworkCardIndex")
def test_an_instance_can_start_with_interfaces_on_two_cards(lab: Lab) -> None:
    interface = {"SubnetId": lab.subnet_a, "Groups": [lab.sg], "NetworkCardIndex": 0, "DeviceIndex": 0}
    instance = lab.instance(
        "c6in.32xlarge", NetworkInterfaces=[interface, {**interface, "NetworkCardIndex": 1, "DeviceIndex": 1}]
    )

    shown = lab.ec2.describe_instances(InstanceIds=[instance])["Reservations"][0]["Instances"][0]
    places = [(n["Attachment"]["NetworkCardIndex"], n["Attachment"]["DeviceIndex"]) for n in shown["NetworkInterfaces"]]
    assert sorted(places) == [(0, 0), (1, 1)]


@source("AWS API Reference, DescribeInstances: MaxResults, InstanceId.N, Filter.N")
def test_instances_come_in_pages_and_by_filter(lab: Lab) -> None:
    ids = lab.instances(7)
    lab.ec2.terminate_instances(InstanceIds=ids[:1])

    answers = list(lab.ec2.get_paginator("describe_instances").paginate(PaginationConfig={"PageSize": 5}))
    assert [sum(len(r["Instances"]) for r in answer["Reservations"]) for answer in answers] == [5, 2]

    running = lab.ec2.describe_instances(Filters=[{"Name": "instance-state-name", "Values": ["running"]}])
    assert [i["InstanceId"] for r in running["Reservations"] for i in r["Instances"]] == ids[1:]
    with refused("InvalidParameterCombination"):
        lab.ec2.describe_instances(InstanceIds=ids[:1], MaxResults=5)


@source("AWS API Reference, DescribeInstances: a read changes nothing")
def test_describing_one_instance_does_not_hide_its_siblings(lab: Lab) -> None:
    ids = lab.instances(3)
    lab.state(ids[0])

    shown = lab.ec2.describe_instances()["Reservations"]
    assert [i["InstanceId"] for r in shown for i in r["Instances"]] == ids


@source(ERRORS)
@pytest.mark.parametrize(
    ("instance", "code"),
    [("i-0123456789abcdef0", "InvalidInstanceID.NotFound"), ("mi-0abc", "InvalidInstanceID.Malformed")],
)
def test_wrong_instance_ids(lab: Lab, instance: str, code: str) -> None:
    with refused(code):
        lab.state(instance)
