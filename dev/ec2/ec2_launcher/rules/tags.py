"""Tags: the restrictions, and the tagging of ENIs.

Source: Amazon EC2 User Guide, "Tag your Amazon EC2 resources", section "Tag restrictions": 50 tags a resource,
keys up to 128 and values up to 256 characters, the prefix `aws:` is reserved.
"""

from __future__ import annotations

from typing import Any

from moto.core.responses import ActionResult
from moto.ec2.models.tags import TagBackend
from moto.ec2.responses.tags import TagResponse

from ..errors import refuse
from ..patching import extends
from ..runtime import JOURNAL
from .ids import the_eni
from .views import remember

MAX_TAGS = 50
MAX_KEY = 128
MAX_VALUE = 256


def check_tags(tags: dict[str, str]) -> dict[str, str]:
    for key, value in tags.items():
        if key.lower().startswith("aws:"):
            raise refuse(
                "InvalidParameterValue",
                f"Invalid value '{key}' for tag key. Tag keys starting with 'aws:' are reserved for internal use",
            )
        if not 0 < len(key) <= MAX_KEY:
            raise refuse("InvalidParameterValue", f"Tag key exceeds the maximum length of {MAX_KEY} characters")
        if len(value or "") > MAX_VALUE:
            raise refuse("InvalidParameterValue", f"Tag value exceeds the maximum length of {MAX_VALUE} characters")
    if len(tags) > MAX_TAGS:
        raise refuse("TagLimitExceeded", "The maximum number of Tags for a resource has been reached.")
    return tags


@extends(TagResponse, "create_tags")
def answer_create_tags(original: Any, self: Any) -> ActionResult:
    check_tags({tag["Key"]: tag.get("Value", "") for tag in self._get_param("Tags", [])})
    _check_enis(self)
    return original(self)


@extends(TagResponse, "delete_tags")
def answer_delete_tags(original: Any, self: Any) -> ActionResult:
    check_tags({tag["Key"]: "" for tag in self._get_param("Tags", [])})
    _check_enis(self)
    return original(self)


def _check_enis(self: Any) -> None:
    for resource_id in self._get_param("Resources", []):
        if resource_id.startswith("eni-"):
            the_eni(self.ec2_backend, resource_id)


@extends(TagBackend, "create_tags")
def create_tags(original: Any, self: Any, resource_ids: list[str], tags: dict[str, str]) -> bool:
    _remember(self, resource_ids)
    done = original(self, resource_ids, tags)
    for eni_id in _enis(self, resource_ids):
        JOURNAL.note("tagged", eni_id, tags=dict(tags))
    return done


@extends(TagBackend, "delete_tags")
def delete_tags(original: Any, self: Any, resource_ids: list[str], tags: dict[str, Any]) -> bool:
    _remember(self, resource_ids)
    done = original(self, resource_ids, tags)
    for eni_id in _enis(self, resource_ids):
        JOURNAL.note("tagged", eni_id, removed=sorted(tags))
    return done


def _enis(backend: Any, resource_ids: list[str]) -> list[str]:
    """Of the ids, the ENIs that exist; one that is just being created is not yet among them."""
    enis = getattr(backend, "enis", {})
    return [resource_id for resource_id in resource_ids if resource_id in enis]


def _remember(backend: Any, resource_ids: list[str]) -> None:
    for eni_id in _enis(backend, resource_ids):
        remember(backend.enis[eni_id])
