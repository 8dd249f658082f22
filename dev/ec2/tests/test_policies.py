"""The policy of the controller over HTTP: what its key may do, and what a key without a policy may."""

import copy
import http.client
import json
import urllib.parse
from email.utils import parsedate_to_datetime
from typing import Any

import pytest

from .lab import Lab, refused, tags
from .launcher import ROOT

TEXT = (ROOT.parent.parent / "deploy/iam/policy.json").read_text()
POLICY = json.loads(TEXT.replace("CLUSTER_NAME", "blue"))
KEY = "controller"
CLUSTER = "networking.k8s.aws/cluster"
OURS = tags(**{CLUSTER: "blue", "other": "x"})
THEIRS = tags(**{CLUSTER: "green"})


@pytest.fixture
def bound(lab: Lab) -> Lab:
    """The lab, in which `ec2` is bound by the policy, and `by_hand` is not."""
    load(lab, POLICY)
    lab.ec2 = lab.launcher.client(key=KEY)
    return lab


def load(lab: Lab, document: Any) -> None:
    answer = lab.launcher.post("policies", {"accessKey": KEY, "document": document})
    assert "error" not in answer, answer


def theirs(lab: Lab, **more: Any) -> str:
    answer = lab.by_hand.create_network_interface(SubnetId=lab.subnet_a, **more)
    return answer["NetworkInterface"]["NetworkInterfaceId"]


def test_the_life_of_an_eni_of_ours_is_allowed(bound: Lab) -> None:
    eni = bound.eni(TagSpecifications=OURS)
    attachment = bound.attach(eni, bound.instance())
    bound.modify(eni, Groups=[bound.sg2])
    bound.modify(eni, Attachment={"AttachmentId": attachment, "DeleteOnTermination": True})
    bound.ec2.create_tags(Resources=[eni], Tags=[{"Key": "other", "Value": "y"}])
    bound.detach(attachment)
    bound.delete(eni)

    relied = {(row["sid"], row["action"]) for row in bound.launcher.get("policies")[KEY]["relied"]}
    assert {("RetagOurs", "CreateTags"), ("TagAtCreate", "CreateTags"), ("AttachTo", "DetachNetworkInterface")} < relied
    assert bound.truth() == {}


def test_a_refusal_names_action_and_resource_and_is_in_the_log(bound: Lab) -> None:
    eni = theirs(bound)
    arn = f"arn:aws:ec2:us-east-1:123456789012:network-interface/{eni}"
    text = (
        "You are not authorized to perform this operation. User: arn:aws:iam::123456789012:user/controller is not "
        f"authorized to perform: ec2:DeleteNetworkInterface on resource: {arn} because no identity-based policy "
        "allows the ec2:DeleteNetworkInterface action."
    )

    with refused("UnauthorizedOperation", text, 403):
        bound.delete(eni)
    (record,) = bound.launcher.get("log?action=DeleteNetworkInterface")["records"]
    assert record["denied"] == f"ec2:DeleteNetworkInterface on {arn}"
    assert list(bound.truth()) == [eni]


@pytest.mark.parametrize("specs", [[], THEIRS])
def test_the_enis_of_others_are_refused_to_it(bound: Lab, specs: Any) -> None:
    eni = theirs(bound, **({"TagSpecifications": specs} if specs else {}))
    instance = bound.instance()
    attachment = bound.by_hand.attach_network_interface(NetworkInterfaceId=eni, InstanceId=instance, DeviceIndex=1)
    before = bound.truth()

    for call in (
        lambda: bound.detach(attachment["AttachmentId"]),
        lambda: bound.delete(eni),
        lambda: bound.attach(eni, instance, 2),
        lambda: bound.modify(eni, Description={"Value": "x"}),
        lambda: bound.ec2.create_tags(Resources=[eni], Tags=[{"Key": CLUSTER, "Value": "blue"}]),
    ):
        with refused("UnauthorizedOperation", eni, 403):
            call()
    assert bound.truth() == before


@pytest.mark.parametrize("specs", [None, THEIRS, tags(other="x")])
def test_it_creates_nothing_without_the_tag_of_the_cluster(bound: Lab, specs: Any) -> None:
    with refused("UnauthorizedOperation", "ec2:CreateNetworkInterface on resource: arn:aws:ec2:us-east-1", 403):
        bound.eni(**({"TagSpecifications": specs} if specs else {}))
    assert bound.truth() == {}


def test_the_tag_of_the_cluster_can_be_neither_changed_nor_taken_away(bound: Lab) -> None:
    eni = bound.eni(TagSpecifications=OURS)
    with refused("UnauthorizedOperation", "ec2:CreateTags"):
        bound.ec2.create_tags(Resources=[eni], Tags=[{"Key": CLUSTER, "Value": "green"}])
    with refused("UnauthorizedOperation", "ec2:DeleteTags"):
        bound.ec2.delete_tags(Resources=[eni], Tags=[{"Key": CLUSTER}])

    assert bound.truth()[eni]["tags"][CLUSTER] == "blue"


def take_over(lab: Lab) -> None:
    lab.ec2.create_tags(Resources=[theirs(lab)], Tags=[{"Key": CLUSTER, "Value": "blue"}])


def give_away(lab: Lab) -> None:
    eni = theirs(lab, TagSpecifications=OURS)
    lab.ec2.create_tags(Resources=[eni], Tags=[{"Key": CLUSTER, "Value": "green"}])


def tag_others(lab: Lab) -> None:
    lab.ec2.create_tags(Resources=[theirs(lab)], Tags=[{"Key": "other", "Value": "x"}])


@pytest.mark.parametrize(
    ("sid", "key", "harm"),
    [
        ("CreateOurs", f"aws:RequestTag/{CLUSTER}", lambda lab: lab.eni()),
        ("TagAtCreate", "ec2:CreateAction", take_over),
        ("RetagOurs", f"aws:ResourceTag/{CLUSTER}", tag_others),
        ("RetagOurs", f"aws:RequestTag/{CLUSTER}", give_away),
        ("ChangeOurs", f"aws:ResourceTag/{CLUSTER}", lambda lab: lab.delete(theirs(lab))),
    ],
)
def test_each_condition_keeps_it_from_something(bound: Lab, sid: str, key: str, harm: Any) -> None:
    with refused("UnauthorizedOperation"):
        harm(bound)
    document = copy.deepcopy(POLICY)
    (statement,) = (each for each in document["Statement"] if each["Sid"] == sid)
    dropped = [keys.pop(key) for keys in statement["Condition"].values() if key in keys]
    load(bound, document)

    harm(bound)

    assert len(dropped) == 1


def test_what_the_policy_does_not_name_is_refused_and_what_is_gone_is_not_found(bound: Lab) -> None:
    with refused("UnauthorizedOperation", "ec2:TerminateInstances on resource: *"):
        bound.ec2.terminate_instances(InstanceIds=[bound.instance()])
    with refused("UnauthorizedOperation", "ec2:DescribeVpcs on resource: *"):
        bound.ec2.describe_vpcs()
    with refused("InvalidNetworkInterfaceID.NotFound"):
        bound.delete("eni-0123456789abcdef0")
    load(bound, {**POLICY, "Statement": POLICY["Statement"][:1]})
    with refused("UnauthorizedOperation", "ec2:DeleteNetworkInterface on resource: *"):
        bound.delete("eni-0123456789abcdef0")


def test_an_explicit_deny_is_told_as_one(bound: Lab) -> None:
    document = copy.deepcopy(POLICY)
    document["Statement"].append({"Effect": "Deny", "Action": "ec2:Describe*", "Resource": "*"})
    load(bound, document)

    with refused("UnauthorizedOperation", "with an explicit deny in an identity-based policy. ", 403):
        bound.ec2.describe_network_interfaces()


def test_another_key_may_do_everything_and_so_may_this_one_without_the_policy(bound: Lab) -> None:
    assert bound.launcher.client(key="someone").describe_vpcs()

    load(bound, None)

    assert bound.ec2.describe_vpcs()
    assert bound.launcher.get("policies") == {}


def test_a_policy_that_is_refused_leaves_the_last_one(bound: Lab) -> None:
    document = {"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Action": "ec2:Foo", "Resource": "*"}]}

    answer = bound.launcher.post("policies", {"accessKey": KEY, "document": document})

    assert answer["status"] == 400
    assert "statement 1: the fake does not know what 'ec2:Foo' is checked against" in answer["error"]
    assert bound.launcher.get("policies")[KEY]["document"] == POLICY
    assert 'expected {"accessKey"' in bound.launcher.post("policies", {"document": None})["error"]


@pytest.mark.parametrize("skew", [0, 1200, -1200])
def test_an_answer_has_one_date_that_of_the_fakes_clock(lab: Lab, skew: int) -> None:
    lab.config(clock_skew_s=skew)
    address = urllib.parse.urlparse(lab.launcher.url)
    connection = http.client.HTTPConnection(address.hostname or "", address.port)
    body = "Action=DescribeVpcs&Version=2016-11-15"
    kind = "application/x-www-form-urlencoded"
    now = "20260101T000000Z"

    connection.request("POST", "/", body, {"Content-Type": kind, "X-Amz-Date": now})
    answer = connection.getresponse()
    dates = answer.headers.get_all("Date")
    connection.close()

    assert answer.status == (401 if skew else 200)
    assert len(dates) == 1
    real = lab.launcher.get("clock")["now"]
    assert abs(parsedate_to_datetime(dates[0]).timestamp() - skew - real) < 10
