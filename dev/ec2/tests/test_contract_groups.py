"""Security groups and subnets: what depends on what."""

from .lab import Lab, refused
from .sources import ERRORS, source


@source(f"{ERRORS}: DependencyViolation; AWS API Reference, DeleteSecurityGroup")
def test_a_group_in_use_cannot_be_deleted(lab: Lab) -> None:
    eni = lab.eni()

    with refused("DependencyViolation"):
        lab.ec2.delete_security_group(GroupId=lab.sg)
    lab.modify(eni, Groups=[lab.sg2])
    lab.ec2.delete_security_group(GroupId=lab.sg)


@source(f"{ERRORS}: DependencyViolation; AWS API Reference, DeleteSubnet")
def test_a_subnet_with_an_eni_cannot_be_deleted(lab: Lab) -> None:
    eni = lab.eni()

    with refused("DependencyViolation"):
        lab.ec2.delete_subnet(SubnetId=lab.subnet_a)
    lab.delete(eni)
    lab.ec2.delete_subnet(SubnetId=lab.subnet_a)


@source("Case ENI-02 of the field reports")
def test_a_detaching_eni_still_holds_subnet_and_group(lab: Lab) -> None:
    lab.config(detach_s=20)
    eni, attachment, _ = lab.attached(SubnetId=lab.subnet_a)
    lab.detach(attachment)

    with refused("DependencyViolation"):
        lab.ec2.delete_security_group(GroupId=lab.sg)
    lab.advance(20)
    lab.delete(eni)
    lab.ec2.delete_security_group(GroupId=lab.sg)


@source("AWS API Reference, DescribeSecurityGroups: GroupId.N")
def test_groups_are_described_by_id(lab: Lab) -> None:
    shown = lab.ec2.describe_security_groups(GroupIds=[lab.sg, lab.sg2])["SecurityGroups"]

    assert {group["GroupId"] for group in shown} == {lab.sg, lab.sg2}
    assert {group["VpcId"] for group in shown} == {lab.vpc}


@source(f"{ERRORS}: InvalidGroup.NotFound, InvalidGroupId.Malformed")
def test_unknown_groups(lab: Lab) -> None:
    with refused("InvalidGroup.NotFound", "sg-0123456789abcdef0"):
        lab.ec2.describe_security_groups(GroupIds=[lab.sg, "sg-0123456789abcdef0"])
    with refused("InvalidGroupId.Malformed"):
        lab.ec2.describe_security_groups(GroupIds=["web"])


@source("AWS API Reference, DescribeSecurityGroups: filters group-name, vpc-id, tag")
def test_groups_are_found_by_name_and_vpc(lab: Lab) -> None:
    other = lab.ec2.create_vpc(CidrBlock="10.9.0.0/16")["Vpc"]["VpcId"]
    lab.group("g1", other)
    filters = [{"Name": "group-name", "Values": ["g1"]}, {"Name": "vpc-id", "Values": [lab.vpc]}]

    shown = lab.ec2.describe_security_groups(Filters=filters)["SecurityGroups"]

    assert [group["GroupId"] for group in shown] == [lab.sg]


@source(f"{ERRORS}: InvalidSubnetID.NotFound")
def test_an_unknown_subnet_is_not_found(lab: Lab) -> None:
    with refused("InvalidSubnetID.NotFound"):
        lab.ec2.describe_subnets(SubnetIds=["subnet-0123456789abcdef0"])
