"""Throttling, permissions, keys and clocks."""

import pytest

from .lab import Lab, refused, tags
from .sources import ERRORS, THROTTLING, source


@source(f"{THROTTLING}; {ERRORS}: RequestLimitExceeded")
def test_an_empty_bucket_answers_503(lab: Lab) -> None:
    lab.config(throttle=True, buckets={"CreateNetworkInterface": [2, 1]})
    lab.eni()
    lab.eni()

    with refused("RequestLimitExceeded", status=503):
        lab.eni()
    lab.advance(1)
    assert lab.eni()


@source(f"{THROTTLING}: each API has its own bucket")
def test_one_action_does_not_empty_the_bucket_of_another(lab: Lab) -> None:
    lab.config(throttle=True, buckets={"CreateNetworkInterface": [1, 0]})
    eni = lab.eni()
    with refused("RequestLimitExceeded"):
        lab.eni()

    assert lab.show(eni)


@source(f"{THROTTLING}: per Region")
def test_one_region_does_not_empty_the_bucket_of_another(lab: Lab) -> None:
    lab.config(throttle=True, buckets={"DescribeNetworkInterfaces": [1, 0]})
    elsewhere = lab.launcher.client(region="eu-west-1")
    lab.find("status", "available")

    with refused("RequestLimitExceeded"):
        lab.find("status", "available")
    assert elsewhere.describe_network_interfaces()


@source(f"{THROTTLING}: unfiltered and unpaginated reads have a smaller bucket")
def test_unfiltered_lists_have_a_bucket_of_their_own(lab: Lab) -> None:
    lab.config(throttle=True, buckets={"*unfiltered": [1, 0], "*read": [5, 0]})
    lab.ec2.describe_network_interfaces()

    with refused("RequestLimitExceeded"):
        lab.ec2.describe_network_interfaces()
    assert lab.find("status", "available") == []


@source(f"{ERRORS}: UnauthorizedOperation")
def test_a_denied_action_is_named(lab: Lab) -> None:
    lab.config(denied_actions=["Detach*"])
    _, attachment, _ = lab.attached()

    with refused("UnauthorizedOperation", "You are not authorized to perform this operation.", 403) as error:
        lab.detach(attachment)
    assert "is not authorized to perform: ec2:DetachNetworkInterface on resource: arn:aws:ec2:us-east-1" in str(
        error.value
    )


@source("EC2 User Guide, Grant permission to tag resources during creation")
def test_tags_at_creation_need_the_permission_to_tag(lab: Lab) -> None:
    lab.config(denied_actions=["CreateTags"])

    with refused("UnauthorizedOperation", "ec2:CreateTags", 403):
        lab.eni(TagSpecifications=tags(owner="x"))
    assert lab.truth() == {}
    assert lab.eni()


@source(f"{ERRORS}: DryRunOperation; otherwise UnauthorizedOperation")
def test_a_dry_run_shows_a_missing_permission(lab: Lab) -> None:
    lab.config(denied_actions=["CreateNetworkInterface"])

    with refused("UnauthorizedOperation"):
        lab.eni(DryRun=True)


@source(f"{ERRORS}: AuthFailure; IAM User Guide, Signature Version 4: within 5 minutes")
@pytest.mark.parametrize("skew", [1200, -1200])
def test_a_skewed_clock_is_an_auth_failure_with_the_servers_date(lab: Lab, skew: int) -> None:
    lab.config(clock_skew_s=skew)

    with refused("AuthFailure", status=401) as error:
        lab.eni()
    assert "date" in error.value.response["ResponseMetadata"]["HTTPHeaders"]


@source("IAM User Guide, Signature Version 4: within 5 minutes")
def test_a_small_skew_is_tolerated(lab: Lab) -> None:
    lab.config(clock_skew_s=200)

    assert lab.eni()


@source(f"{ERRORS}: AuthFailure")
def test_a_refused_key_is_an_auth_failure(lab: Lab) -> None:
    lab.config(refused_access_keys=["AKIAOLD*"])

    with refused("AuthFailure", "validate the provided access credentials", 401):
        lab.launcher.client(key="AKIAOLD1").describe_network_interfaces()
    assert lab.launcher.client(key="AKIANEW1").describe_network_interfaces()
