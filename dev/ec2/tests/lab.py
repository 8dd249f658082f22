"""A VPC with two zones, and short forms of the calls that the tests make."""

from __future__ import annotations

from typing import Any

import pytest
from botocore.exceptions import ClientError

from .launcher import Launcher

IMAGE = "ami-12c6146b"


class Lab:
    def __init__(self, launcher: Launcher) -> None:
        self.launcher = launcher
        self.ec2 = launcher.client()
        self.by_hand = launcher.client(bypass=True)
        hand = self.by_hand
        self.vpc = hand.create_vpc(CidrBlock="10.0.0.0/16")["Vpc"]["VpcId"]
        self.subnet_a = self.subnet("10.0.1.0/24", "us-east-1a")
        self.subnet_b = self.subnet("10.0.2.0/24", "us-east-1b")
        self.sg = self.group("g1")
        self.sg2 = self.group("g2")

    def subnet(self, cidr: str, zone: str = "us-east-1a") -> str:
        answer = self.by_hand.create_subnet(VpcId=self.vpc, CidrBlock=cidr, AvailabilityZone=zone)
        return answer["Subnet"]["SubnetId"]

    def group(self, name: str, vpc: str | None = None) -> str:
        return self.by_hand.create_security_group(GroupName=name, Description=name, VpcId=vpc or self.vpc)["GroupId"]

    def instance(self, instance_type: str = "m5.large", subnet: str | None = None, **more: Any) -> str:
        return self.instances(1, instance_type, subnet, **more)[0]

    def instances(
        self, count: int, instance_type: str = "m5.large", subnet: str | None = None, **more: Any
    ) -> list[str]:
        if "NetworkInterfaces" not in more:
            more["SubnetId"] = subnet or self.subnet_a
        answer = self.by_hand.run_instances(
            ImageId=IMAGE, InstanceType=instance_type, MinCount=count, MaxCount=count, **more
        )
        return [instance["InstanceId"] for instance in answer["Instances"]]

    def create(self, **more: Any) -> dict[str, Any]:
        wanted = {"SubnetId": self.subnet_a, "Groups": [self.sg], **more}
        return self.ec2.create_network_interface(**wanted)["NetworkInterface"]

    def eni(self, **more: Any) -> str:
        return self.create(**more)["NetworkInterfaceId"]

    def attach(self, eni: str, instance: str, index: int = 1, card: int | None = 0) -> str:
        more = {} if card is None else {"NetworkCardIndex": card}
        answer = self.ec2.attach_network_interface(
            NetworkInterfaceId=eni, InstanceId=instance, DeviceIndex=index, **more
        )
        return answer["AttachmentId"]

    def attached(self, index: int = 1, **more: Any) -> tuple[str, str, str]:
        """An ENI attached to a new instance: (eni, attachment, instance)."""
        eni, instance = self.eni(**more), self.instance()
        return eni, self.attach(eni, instance, index), instance

    def detach(self, attachment: str, **more: Any) -> None:
        self.ec2.detach_network_interface(AttachmentId=attachment, **more)

    def delete(self, eni: str) -> None:
        self.ec2.delete_network_interface(NetworkInterfaceId=eni)

    def modify(self, eni: str, **change: Any) -> None:
        self.ec2.modify_network_interface_attribute(NetworkInterfaceId=eni, **change)

    def show(self, eni: str) -> dict[str, Any]:
        return self.ec2.describe_network_interfaces(NetworkInterfaceIds=[eni])["NetworkInterfaces"][0]

    def find(self, name: str, *values: str) -> list[str]:
        answer = self.ec2.describe_network_interfaces(Filters=[{"Name": name, "Values": list(values)}])
        return [eni["NetworkInterfaceId"] for eni in answer["NetworkInterfaces"]]

    def state(self, instance: str) -> str:
        answer = self.ec2.describe_instances(InstanceIds=[instance])
        return answer["Reservations"][0]["Instances"][0]["State"]["Name"]

    def config(self, **keys: Any) -> Any:
        return self.launcher.post("config", keys)

    def advance(self, seconds: float) -> None:
        self.launcher.post("clock", {"advance": seconds})

    def truth(self) -> dict[str, dict[str, Any]]:
        return {row["id"]: row for row in self.launcher.get("enis")["enis"]}


def tags(**pairs: str) -> list[dict[str, Any]]:
    spec = [{"Key": key, "Value": value} for key, value in pairs.items()]
    return [{"ResourceType": "network-interface", "Tags": spec}]


class Refused:
    """`with refused("Code", "part of the message") as error:`; the SDK's exception is in `error.value`."""

    def __init__(self, code: str, text: str = "", status: int | None = None) -> None:
        self.code, self.text, self.status = code, text, status

    def __enter__(self) -> pytest.ExceptionInfo[ClientError]:
        self.raised = pytest.raises(ClientError)
        return self.raised.__enter__()

    def __exit__(self, *problem: Any) -> bool:
        caught = self.raised.__exit__(*problem)
        response = problem[1].response
        assert response["Error"]["Code"] == self.code, response["Error"]
        assert self.text in response["Error"]["Message"]
        assert self.status in (None, response["ResponseMetadata"]["HTTPStatusCode"])
        return bool(caught)


refused = Refused
