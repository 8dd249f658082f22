"""Bounds that a slow machine keeps too; the README has what was measured."""

import time

from .lab import Lab, tags

ENIS = 500


def test_a_filtered_list_stays_quick_among_many_enis(lab: Lab) -> None:
    lab.config(eni_per_region=10_000)
    big = lab.by_hand.create_subnet(VpcId=lab.vpc, CidrBlock="10.0.64.0/18", AvailabilityZone="us-east-1a")
    subnet = big["Subnet"]["SubnetId"]
    for number in range(ENIS):
        lab.by_hand.create_network_interface(
            SubnetId=subnet, Groups=[lab.sg], TagSpecifications=tags(owner="x", n=str(number))
        )
    started = time.monotonic()

    assert len(lab.find("tag:n", "300")) == 1

    assert time.monotonic() - started < 0.2
