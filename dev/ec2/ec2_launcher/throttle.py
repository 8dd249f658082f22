"""Token buckets per Region and action, as EC2 meters its API.

Source: Amazon EC2 Developer Guide, "Request throttling for the Amazon EC2 API": each API has a bucket of its own,
per account and Region; reads that are neither filtered nor paged share a smaller class.
"""

from __future__ import annotations

import re
from collections.abc import Mapping

# The guide's list of "unfiltered and unpaginated non-mutating actions", as far as this fake serves them.
UNFILTERED = {
    "DescribeInstances",
    "DescribeInstanceStatus",
    "DescribeNetworkInterfaces",
    "DescribeSecurityGroups",
    "DescribeVolumes",
}
_READ = re.compile(r"Describe|Get|List|Search")
_NARROWED = re.compile(r"Filter\.|MaxResults$|NextToken$|(NetworkInterface|Instance|Group|Volume|Subnet)Id\.")


def is_read(action: str) -> bool:
    return _READ.match(action) is not None


def is_narrowed(params: Mapping[str, str]) -> bool:
    """True when a Describe names ids, filters or a page size."""
    return any(_NARROWED.match(key) for key in params)


def bucket_of(
    action: str, params: Mapping[str, str], buckets: Mapping[str, list[float]]
) -> tuple[str, tuple[float, float]]:
    """The bucket's name and its [size, refill]."""
    if action in buckets:
        return action, _pair(buckets[action])
    if not is_read(action):
        return action, _pair(buckets["*write"])
    if action in UNFILTERED and not is_narrowed(params):
        return f"{action}#unfiltered", _pair(buckets["*unfiltered"])
    return action, _pair(buckets["*read"])


def _pair(bucket: list[float]) -> tuple[float, float]:
    return bucket[0], bucket[1]


class TokenBuckets:
    """Not locked: the gateway calls it under its own lock."""

    def __init__(self) -> None:
        self._levels: dict[tuple[str, str], tuple[float, float]] = {}

    def take(self, key: tuple[str, str], size: float, refill: float, now: float) -> bool:
        """Take one token; False when the bucket is empty."""
        level, at = self._levels.get(key, (size, now))
        level = min(size, level + (now - at) * refill)
        granted = level >= 1
        self._levels[key] = (level - 1 if granted else level, now)
        return granted

    def reset(self) -> None:
        self._levels.clear()
