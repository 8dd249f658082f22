"""What EC2 checks before it looks at a request: the caller's clock, keys and permissions."""

from __future__ import annotations

import re
import time
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from fnmatch import fnmatchcase

from . import iam
from .config import Config
from .policies import PolicyBook
from .rights import Request
from .runtime import ACCOUNT
from .throttle import is_read

# Source: IAM User Guide, "Signature Version 4": a request must reach AWS within five minutes of its time stamp.
MAX_SKEW_S = 300
NOT_VALIDATED = "AWS was not able to validate the provided access credentials"
_CREDENTIAL = re.compile(r"Credential=([^/,\s]+)/\d+/([^/]+)/")
_RESOURCES = {
    "NetworkInterface": ("network-interface", "NetworkInterfaceId"),
    "Instance": ("instance", "InstanceId"),
    "Subnet": ("subnet", "SubnetId"),
    "SecurityGroup": ("security-group", "GroupId"),
}


@dataclass(frozen=True)
class Refusal:
    status: int
    code: str
    message: str
    denied: str | None = None  # for the log: the right that is missing


def caller(authorization: str) -> tuple[str, str]:
    """Access key and Region of a signed request."""
    found = _CREDENTIAL.search(authorization)
    return (found[1], found[2]) if found else ("-", "us-east-1")


def check(
    config: Config, action: str, params: Mapping[str, str], authorization: str, amz_date: str | None
) -> Refusal | None:
    key, region = caller(authorization)
    if (refusal := check_clock(config.clock_skew_s, amz_date)) is not None:
        return refusal
    if any(fnmatchcase(key, pattern) for pattern in config.refused_access_keys):
        return Refusal(401, "AuthFailure", NOT_VALIDATED)
    denied = denied_action(config.denied_actions, action, params)
    return None if denied is None else _refusal(denied, _resource(action, params, region))


def check_policy(policies: PolicyBook, access_key: str, request: Request) -> Refusal | None:
    """What the policy of this access key does not allow; a key without a policy may do everything."""
    lacking = policies.refused(access_key, request) if policies.has(access_key) else None
    if lacking is None:
        return None
    lacked, decision = lacking
    return _refusal(lacked.action, lacked.resource, decision)


def _refusal(denied: str, resource: str, decision: iam.Decision | None = None) -> Refusal:
    explicit = decision is not None and decision.explicit
    return Refusal(403, "UnauthorizedOperation", denial(denied, resource, explicit), f"ec2:{denied} on {resource}")


def check_clock(skew_s: float, amz_date: str | None) -> Refusal | None:
    """Only with a configured skew: our clock is `skew_s` ahead, as the Date header of the answer says."""
    if not skew_s or not amz_date:
        return None
    now = time.time() + skew_s
    signed = datetime.strptime(amz_date, "%Y%m%dT%H%M%SZ").replace(tzinfo=UTC).timestamp()
    if abs(now - signed) <= MAX_SKEW_S:
        return None
    return Refusal(401, "AuthFailure", NOT_VALIDATED)


def denied_action(patterns: list[str], action: str, params: Mapping[str, str]) -> str | None:
    """Which permission is missing.

    Source: Amazon EC2 User Guide, "Grant permission to tag Amazon EC2 resources during creation": a create call
    with tags needs ec2:CreateTags too.
    """
    if _listed(action, patterns):
        return action
    tags_at_create = any(key.startswith("TagSpecification.") for key in params)
    return "CreateTags" if tags_at_create and _listed("CreateTags", patterns) else None


def _listed(action: str, patterns: list[str]) -> bool:
    return any(fnmatchcase(action, pattern.removeprefix("ec2:")) for pattern in patterns)


def denial(denied: str, resource: str, explicit: bool = False) -> str:
    """Source: Amazon EC2 API Reference, "Error codes", UnauthorizedOperation; the form since 2023 names the action.

    Its end is that of IAM User Guide, "Troubleshoot access denied error messages".
    """
    cause = f"because no identity-based policy allows the ec2:{denied} action"
    return (
        f"You are not authorized to perform this operation. User: arn:aws:iam::{ACCOUNT}:user/controller "
        f"is not authorized to perform: ec2:{denied} on resource: {resource} "
        f"{'with an explicit deny in an identity-based policy' if explicit else cause}. "
        "Encoded authorization failure message: c3RyaWN0LWVjMg"
    )


def _resource(action: str, params: Mapping[str, str], region: str) -> str:
    for name, (kind, id_parameter) in _RESOURCES.items():
        if name in action and not is_read(action):
            return f"arn:aws:ec2:{region}:{ACCOUNT}:{kind}/{params.get(id_parameter, '*')}"
    return "*" if is_read(action) else f"arn:aws:ec2:{region}:{ACCOUNT}:*/*"
