import pytest

from ec2_launcher.config import DEFAULT_BUCKETS
from ec2_launcher.throttle import TokenBuckets, bucket_of, is_narrowed, is_read

KEY = ("us-east-1", "X")


def test_a_bucket_empties_and_refills() -> None:
    buckets = TokenBuckets()

    assert [buckets.take(KEY, 2, 1, now=0.0) for _ in range(3)] == [True, True, False]
    assert not buckets.take(KEY, 2, 1, now=0.5)
    assert buckets.take(KEY, 2, 1, now=1.5)


def test_a_bucket_never_holds_more_than_its_size() -> None:
    buckets = TokenBuckets()
    buckets.take(KEY, 2, 1, now=0.0)

    assert [buckets.take(KEY, 2, 1, now=1000.0) for _ in range(3)] == [True, True, False]


def test_the_share_of_time_is_kept_when_refused() -> None:
    buckets = TokenBuckets()
    buckets.take(KEY, 1, 0.5, now=0.0)

    granted = [buckets.take(KEY, 1, 0.5, now=moment / 10) for moment in range(1, 41)]

    assert sum(granted) == 2


@pytest.mark.parametrize(
    ("action", "params", "bucket", "limits"),
    [
        ("CreateNetworkInterface", {}, "CreateNetworkInterface", (100, 5)),
        ("AttachNetworkInterface", {}, "AttachNetworkInterface", (50, 5)),
        ("DescribeNetworkInterfaces", {}, "DescribeNetworkInterfaces#unfiltered", (50, 10)),
        ("DescribeNetworkInterfaces", {"Filter.1.Name": "x"}, "DescribeNetworkInterfaces", (100, 20)),
        ("DescribeNetworkInterfaces", {"MaxResults": "5"}, "DescribeNetworkInterfaces", (100, 20)),
        ("DescribeInstances", {"InstanceId.1": "i-1"}, "DescribeInstances", (100, 20)),
        ("DescribeSubnets", {}, "DescribeSubnets", (100, 20)),
    ],
)
def test_the_bucket_of_an_action(action: str, params: dict, bucket: str, limits: tuple) -> None:
    assert bucket_of(action, params, DEFAULT_BUCKETS) == (bucket, limits)


def test_reads_and_narrowed_lists() -> None:
    assert is_read("DescribeTags")
    assert not is_read("DetachNetworkInterface")
    assert is_narrowed({"NextToken": "x"})
    assert not is_narrowed({"Action": "DescribeSubnets", "Version": "2016-11-15"})
