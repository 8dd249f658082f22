"""Ids: their form, and what EC2 answers for one that it does not know.

Source: Amazon EC2 API Reference, "Error codes" (the `.Malformed` and `.NotFound` families).
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Any

from ..errors import refuse
from .views import is_visible

_MALFORMED = {
    "eni": "InvalidNetworkInterfaceId.Malformed",
    "eni-attach": "InvalidNetworkInterfaceAttachmentId.Malformed",
    "i": "InvalidInstanceID.Malformed",
    "subnet": "InvalidSubnetID.Malformed",
    "sg": "InvalidGroupId.Malformed",
}


def check_form(kind: str, value: str | None) -> str:
    if not re.fullmatch(kind + r"-[0-9a-f]{8,17}", value or ""):
        raise refuse(_MALFORMED[kind], f'Invalid id: "{value}" (expecting "{kind}-...")')
    return value or ""


def need(value: Any, name: str) -> Any:
    if value in (None, "", []):
        raise refuse("MissingParameter", f"The request must contain the parameter {name}")
    return value


def enis_not_found(eni_ids: Iterable[str]) -> Exception:
    ids = list(eni_ids)
    if len(ids) == 1:
        text = f"The networkInterface ID '{ids[0]}' does not exist"
    else:
        text = f"The networkInterface IDs '{', '.join(ids)}' do not exist"
    return refuse("InvalidNetworkInterfaceID.NotFound", text)


def the_eni(backend: Any, eni_id: str | None) -> Any:
    """The ENI to act on. A fresh id may be unknown for a while (`visible_s`), as in EC2."""
    eni = backend.enis.get(check_form("eni", need(eni_id, "networkInterfaceId")))
    if eni is None or not is_visible(eni):
        raise enis_not_found([eni_id or ""])
    return eni


def the_instance(backend: Any, instance_id: str | None) -> Any:
    return backend.get_instance(check_form("i", need(instance_id, "instanceId")))
