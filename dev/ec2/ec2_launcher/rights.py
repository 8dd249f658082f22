"""Which rights an EC2 request needs: the resources that its action is checked against, and the condition keys of each.

Source: AWS Service Authorization Reference, "Actions, resources, and condition keys for Amazon EC2"; an extract of it,
with which tests/test_rights.py compares this file, is test/deploy/fixtures/ec2-authorization.json. The reference does
not say when an optional resource of ModifyNetworkInterfaceAttribute is checked; here: when the request names it. For
security groups that is what users see (a public pull request, deckhouse/deckhouse#10854, quotes EC2's message).
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Protocol

from .iam import Check, Context, wildcard
from .throttle import is_read

Tags = Mapping[str, str]

KINDS = {"eni": "network-interface", "i": "instance", "subnet": "subnet", "sg": "security-group", "vpc": "vpc"}


class Lookup(Protocol):
    """What is in the account now."""

    def tags(self, resource_id: str) -> Tags | None:
        """None for a resource that does not exist."""

    def attachment(self, attachment_id: str) -> tuple[str, str] | None:
        """The ENI and the instance."""


@dataclass(frozen=True)
class Request:
    action: str
    params: Mapping[str, str]
    region: str
    account: str
    lookup: Lookup

    def on(self, resource_id: str | None, more: Context | None = None) -> Iterator[Check]:
        """The right to an existing resource. None for one that does not exist: EC2 answers NotFound then.

        That this comes before the refusal is a choice of the fake; the documentation is silent.
        """
        tags = self.lookup.tags(resource_id) if resource_id else None
        if resource_id is None or tags is None:
            return
        kind = KINDS.get(resource_id.split("-")[0], "*")
        own = {**_by_tag("aws:resourcetag", tags.items()), **_by_tag("ec2:resourcetag", tags.items())}
        yield Check(self.action, self._arn(kind, resource_id), {**self._region(), **own, **(more or {})})

    def on_new(self, kind: str, more: Context, action: str | None = None) -> Check:
        """The right to what the request makes, which has no id and no tags yet."""
        return Check(action or self.action, self._arn(kind, "*"), {**self._region(), **more})

    def on_all(self) -> Check:
        return Check(self.action, "*", self._region())

    def listed(self, name: str) -> list[str]:
        """`name.1`, `name.2` and so on."""
        return [value for key, value in self.params.items() if re.fullmatch(rf"{re.escape(name)}\.\d+", key)]

    def tag_context(self, prefix: str) -> Context:
        """Keys of the tags in the request, under `prefix.1.Key` and so on; no keys at all without tags."""
        found = [
            (value, self.params.get(f"{key.removesuffix('Key')}Value", ""))
            for key, value in self.params.items()
            if re.fullmatch(rf"{prefix}\.\d+\.Key", key)
        ]
        return {**_by_tag("aws:requesttag", found), "aws:tagkeys": tuple(key for key, _ in found)} if found else {}

    def _region(self) -> Context:
        return {"ec2:region": (self.region,)}

    def _arn(self, kind: str, resource_id: str) -> str:
        return f"arn:aws:ec2:{self.region}:{self.account}:{kind}/{resource_id}"


def _by_tag(name: str, tags: Iterable[tuple[str, str]]) -> Context:
    """Of tags whose keys differ in case alone, all values: a condition has to hold for each of them."""
    context: dict[str, tuple[str, ...]] = {}
    for key, value in tags:
        found = f"{name}/{key.lower()}"
        context[found] = (*context.get(found, ()), value)
    return context


def _create(request: Request) -> Iterator[Check]:
    """Source: EC2 User Guide, "Grant permission to tag resources during creation": tags need ec2:CreateTags too."""
    tags = request.tag_context(r"TagSpecification\.\d+\.Tag")
    yield request.on_new("network-interface", tags)
    yield from request.on(request.params.get("SubnetId"))
    for group in request.listed("SecurityGroupId"):
        yield from request.on(group)
    if tags:
        at_creation = {**tags, "ec2:createaction": (request.action,)}
        yield request.on_new("network-interface", at_creation, action="CreateTags")


def _attach(request: Request) -> Iterator[Check]:
    yield from request.on(request.params.get("NetworkInterfaceId"))
    yield from request.on(request.params.get("InstanceId"))


def _detach(request: Request) -> Iterator[Check]:
    for resource_id in request.lookup.attachment(request.params.get("AttachmentId", "")) or ():
        yield from request.on(resource_id)


def _modify(request: Request) -> Iterator[Check]:
    yield from request.on(request.params.get("NetworkInterfaceId"))
    for group in request.listed("SecurityGroupId"):
        yield from request.on(group)
    attached = request.lookup.attachment(request.params.get("Attachment.AttachmentId", ""))
    if attached:
        yield from request.on(attached[1])


def _delete(request: Request) -> Iterator[Check]:
    yield from request.on(request.params.get("NetworkInterfaceId"))


def _tag(request: Request) -> Iterator[Check]:
    tags = request.tag_context("Tag")
    for resource_id in request.listed("ResourceId"):
        yield from request.on(resource_id, tags)


_CHANGES: dict[str, Callable[[Request], Iterator[Check]]] = {
    "AttachNetworkInterface": _attach,
    "CreateNetworkInterface": _create,
    "CreateTags": _tag,
    "DeleteNetworkInterface": _delete,
    "DeleteTags": _tag,
    "DetachNetworkInterface": _detach,
    "ModifyNetworkInterfaceAttribute": _modify,
}
KNOWN_CHANGES = tuple(_CHANGES)


def is_known(pattern: str) -> bool:
    """Whether the rights of an action are known, or of one at least that a pattern means."""
    matcher = wildcard(pattern, ignore_case=True)
    return is_read(pattern) or any(matcher.fullmatch(action) for action in _CHANGES)


def needed(request: Request) -> list[Check] | None:
    """In the order in which EC2 is asked for them here; None for an action whose rights are not known."""
    if is_read(request.action):
        return [request.on_all()]
    rights = _CHANGES.get(request.action)
    return None if rights is None else list(rights(request))
