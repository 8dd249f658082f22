"""Faults, holds, log, journal and the bypass header, over HTTP."""

import http.client
import threading
import time
import urllib.parse
from concurrent.futures import Future, ThreadPoolExecutor
from typing import Any

import pytest
from botocore.exceptions import ConnectionClosedError, HTTPClientError

from .lab import Lab, refused, tags

LOST = (ConnectionClosedError, HTTPClientError)


def faults(lab: Lab, *rules: dict[str, Any]) -> None:
    answer = lab.launcher.post("faults", list(rules))
    assert "error" not in answer, answer


def held(lab: Lab) -> list[dict[str, Any]]:
    return lab.launcher.get("faults")["held"]


def wait_for_held(lab: Lab, count: int = 1) -> None:
    end = time.monotonic() + 5
    while len(held(lab)) != count:
        assert time.monotonic() < end, held(lab)
        time.sleep(0.01)


def in_background(call: Any, *args: Any, **kwargs: Any) -> Future:
    future: Future = Future()

    def work() -> None:
        try:
            future.set_result(call(*args, **kwargs))
        except BaseException as problem:
            future.set_exception(problem)

    threading.Thread(target=work, daemon=True).start()
    return future


def test_an_ordered_error_is_answered_without_executing(lab: Lab) -> None:
    faults(lab, {"action": "Create*", "code": "InternalError", "status": 500, "message": "An <internal> error & more"})

    with refused("InternalError", "An <internal> error & more", 500):
        lab.eni()
    assert lab.truth() == {}
    assert lab.eni()
    assert lab.launcher.get("faults")["faults"][0]["hits"] == 1


def test_a_fault_for_one_subnet_only(lab: Lab) -> None:
    code = "InsufficientFreeAddressesInSubnet"
    faults(lab, {"action": "CreateNetworkInterface", "params": {"SubnetId": lab.subnet_a}, "code": code, "times": None})

    with refused(code):
        lab.eni()
    assert lab.eni(SubnetId=lab.subnet_b)


def test_a_lost_reply_has_been_executed(lab: Lab) -> None:
    faults(lab, {"action": "CreateNetworkInterface", "reset": "after"})

    with pytest.raises(LOST):
        lab.eni(ClientToken="t1")
    (made,) = lab.truth()
    assert lab.eni(ClientToken="t1") == made
    assert [r["code"] for r in lab.launcher.get("log")["records"]] == ["LOST", None]


def test_a_lost_request_has_not(lab: Lab) -> None:
    faults(lab, {"action": "CreateNetworkInterface", "reset": "before"})

    with pytest.raises(LOST):
        lab.eni()
    assert lab.truth() == {}


@pytest.mark.parametrize(("stage", "made"), [("before", 0), ("after", 1)])
def test_a_hanging_call_ends_when_the_faults_are_cleared(lab: Lab, stage: str, made: int) -> None:
    faults(lab, {"action": "CreateNetworkInterface", "hang": stage})
    call = in_background(lab.eni)
    wait_for_held(lab)
    assert held(lab)[0] | {"seq": 0, "faultId": 0} == {
        "seq": 0,
        "action": "CreateNetworkInterface",
        "kind": "hang",
        "stage": stage,
        "faultId": 0,
        "clientGone": False,
    }

    lab.launcher.call("DELETE", "faults")

    with pytest.raises(LOST):
        call.result(timeout=5)
    assert len(lab.truth()) == made


def test_a_hanging_call_ends_when_its_client_goes(lab: Lab) -> None:
    faults(lab, {"action": "DescribeSubnets", "hang": "before"})
    connection = http.client.HTTPConnection(lab.launcher.url.removeprefix("http://"))
    body = urllib.parse.urlencode({"Action": "DescribeSubnets", "Version": "2016-11-15"})
    connection.request("POST", "/", body, {"Content-Type": "application/x-www-form-urlencoded"})
    wait_for_held(lab)

    connection.close()

    wait_for_held(lab, 0)


def test_a_paused_call_goes_on_when_released(lab: Lab) -> None:
    faults(lab, {"action": "CreateNetworkInterface", "pause": "before"})
    call = in_background(lab.eni)
    wait_for_held(lab)
    assert lab.truth() == {}

    assert lab.launcher.post("release") == {"released": 1}

    assert call.result(timeout=5) in lab.truth()


def test_a_call_paused_after_execution_can_be_dropped(lab: Lab) -> None:
    faults(lab, {"action": "CreateNetworkInterface", "pause": "after"})
    call = in_background(lab.eni)
    wait_for_held(lab)
    assert len(lab.truth()) == 1

    lab.launcher.post("release", {"drop": True})

    with pytest.raises(LOST):
        call.result(timeout=5)


def test_held_calls_do_not_hold_up_the_others(lab: Lab) -> None:
    faults(lab, {"action": "CreateNetworkInterface", "pause": "before"})
    call = in_background(lab.eni)
    wait_for_held(lab)

    assert lab.find("status", "available") == []
    lab.launcher.post("faults/clear")
    assert call.result(timeout=5)


def test_faults_are_added_and_removed_one_by_one(lab: Lab) -> None:
    first = lab.launcher.post("faults/add", {"action": "A", "code": "X"})["id"]
    second = lab.launcher.post("faults/add", {"action": "B", "code": "Y"})["id"]

    left = lab.launcher.post("faults/clear", {"id": first})["faults"]

    assert [fault["id"] for fault in left] == [second]


def test_latency_is_slept_outside_of_the_lock(lab: Lab) -> None:
    lab.config(latency_ms_by_action={"DescribeSubnets": 300})
    with ThreadPoolExecutor(20) as pool:
        started = time.monotonic()
        answers = [pool.submit(lab.ec2.describe_subnets) for _ in range(20)]
        lab.find("status", "available")
        quick = time.monotonic() - started
        assert all(answer.result() for answer in answers)

    assert quick < 0.3
    assert time.monotonic() - started < 3


def test_the_bypass_header_skips_everything_that_disturbs(lab: Lab) -> None:
    eni, attachment, _ = lab.attached()
    lab.config(stale_s=60, latency_ms=2000, denied_actions=["*"], throttle=True, buckets={"*write": [0, 0]})
    faults(lab, {"code": "X", "times": None})
    lab.launcher.post("log", {"clear": True})
    started = time.monotonic()

    lab.by_hand.detach_network_interface(AttachmentId=attachment)
    shown = lab.by_hand.describe_network_interfaces(NetworkInterfaceIds=[eni])["NetworkInterfaces"][0]

    assert shown["Status"] == "available"
    assert time.monotonic() - started < 1
    assert lab.launcher.get("log")["records"] == []
    assert lab.launcher.get("journal")["events"][-1]["event"] == "detached"


def test_by_hand_needs_no_signature(lab: Lab) -> None:
    eni = lab.eni()
    connection = http.client.HTTPConnection(lab.launcher.url.removeprefix("http://"))
    body = urllib.parse.urlencode(
        {"Action": "DeleteNetworkInterface", "Version": "2016-11-15", "NetworkInterfaceId": eni}
    )
    headers = {"Content-Type": "application/x-www-form-urlencoded", "X-Strict-Bypass": "1"}
    connection.request("POST", "/", body, headers)

    assert connection.getresponse().status == 200
    assert lab.truth() == {}


def test_the_log_counts_calls(lab: Lab) -> None:
    since = lab.launcher.get("log/counts")["lastSeq"]
    eni = lab.eni(ClientToken="t1", TagSpecifications=tags(owner="x"))
    lab.show(eni)
    with refused("InvalidNetworkInterfaceID.NotFound"):
        lab.show("eni-0123456789abcdef0")

    create, _, failed = lab.launcher.get(f"log?since={since}")["records"]
    assert create["params"] | {"SubnetId": lab.subnet_a} == create["params"]
    assert (create["params"]["ClientToken"], create["params"]["tags"]) == ("t1", {"owner": "x"})
    assert (failed["code"], failed["http"]) == ("InvalidNetworkInterfaceID.NotFound", 400)
    counts = lab.launcher.get(f"log/counts?since={since}")
    assert counts["byAction"] == {"CreateNetworkInterface": 1, "DescribeNetworkInterfaces": 2}
    assert (counts["mutating"], counts["total"], counts["throttled"]) == (1, 3, 0)
    only = lab.launcher.get("log?action=CreateNetworkInterface")["records"]
    assert [record["seq"] for record in only] == [create["seq"]]


def test_the_journal_outlives_the_log(lab: Lab) -> None:
    eni = lab.eni(TagSpecifications=tags(owner="x"))
    lab.delete(eni)
    lab.launcher.post("log", {"clear": True})

    read = lab.launcher.get("journal?tag=owner=x")

    assert [event["event"] for event in read["events"]] == ["created", "deleted"]
    assert read["createdEniIds"] == [eni]


def test_the_truth_is_told_without_a_call(lab: Lab) -> None:
    eni, attachment, instance = lab.attached(index=2, Description="d", TagSpecifications=tags(owner="x"))
    since = lab.launcher.get("log/counts")["lastSeq"]

    row = lab.truth()[eni]

    assert row["attachment"] == {
        "id": attachment,
        "instanceId": instance,
        "deviceIndex": 2,
        "networkCardIndex": 0,
        "status": "attached",
        "deleteOnTermination": False,
    }
    assert (row["subnetId"], row["groups"], row["tags"]) == (lab.subnet_a, [lab.sg], {"owner": "x"})
    assert len(lab.truth()) == 1
    assert len(lab.launcher.get("enis?primary=1")["enis"]) == 2
    assert lab.launcher.get("log/counts")["lastSeq"] == since


def test_sts_is_served_beside_ec2(lab: Lab) -> None:
    """For web-identity credentials. It is neither logged nor disturbed."""
    faults(lab, {"code": "X", "times": None})

    answer = lab.launcher.client("sts").assume_role_with_web_identity(
        RoleArn="arn:aws:iam::123456789012:role/controller", RoleSessionName="test", WebIdentityToken="token"
    )

    assert answer["Credentials"]["SessionToken"]
    assert lab.launcher.get("log")["records"] == []


def test_what_is_hidden_is_missing_in_one_answer(lab: Lab) -> None:
    there, hidden = lab.instances(2)
    faults(lab, {"action": "DescribeInstances", "hide": hidden})

    def shown(*ids: str) -> list[str]:
        answer = lab.ec2.describe_instances(Filters=[{"Name": "instance-id", "Values": list(ids)}])
        return sorted(i["InstanceId"] for r in answer["Reservations"] for i in r["Instances"])

    assert shown(there) == [there]
    assert shown(there, hidden) == [there]
    assert shown(there, hidden) == sorted([there, hidden])


def test_what_is_hidden_is_not_found_by_its_id(lab: Lab) -> None:
    eni, _, instance = lab.attached()
    faults(lab, {"hide": eni, "times": None}, {"hide": "i-*"})

    assert lab.find("network-interface-id", eni) == []
    with refused("InvalidNetworkInterfaceID.NotFound", eni):
        lab.show(eni)
    with refused("InvalidInstanceID.NotFound", instance):
        lab.state(instance)
    assert lab.state(instance) == "running"
    assert lab.by_hand.describe_network_interfaces(NetworkInterfaceIds=[eni])["NetworkInterfaces"]
