"""ModifyNetworkInterfaceAttribute: one attribute a call.

Source: Amazon EC2 API Reference, ModifyNetworkInterfaceAttribute: "You can specify only one attribute at a time. [...]
If modifying the delete on termination attribute, you must specify the ID of the interface attachment."
The code for several attributes is not documented; it is the one that ModifyInstanceAttribute answers.
"""

from __future__ import annotations

from typing import Any

from moto.core.responses import ActionResult, EmptyResult
from moto.ec2.responses.elastic_network_interfaces import ElasticNetworkInterfaces

from ..context import all_params
from ..errors import refuse
from ..patching import replaces
from ..runtime import JOURNAL
from .ids import check_form, need, the_eni
from .limits import check_groups
from .views import remember

ATTRIBUTES = ("Attachment", "Description", "SourceDestCheck", "SecurityGroupId")


@replaces(ElasticNetworkInterfaces, "modify_network_interface_attribute")
def answer_modify(self: Any) -> ActionResult:
    eni = the_eni(self.ec2_backend, self._get_param("NetworkInterfaceId"))
    attribute = _the_attribute()
    change = _CHANGES[attribute]
    value = change(self, eni)
    self.error_on_dryrun()
    remember(eni)
    setattr(eni, _FIELDS[attribute], value)
    JOURNAL.note("modified", eni.id, attribute=attribute, value=_plain(value))
    return EmptyResult()


def _the_attribute() -> str:
    named = {key.split(".")[0] for key in all_params()} & set(ATTRIBUTES)
    if not named:
        raise refuse("InvalidParameterCombination", "No attributes specified.")
    if len(named) > 1:
        listed = ", ".join(sorted(named))
        raise refuse("InvalidParameterCombination", f"Fields for multiple attribute types specified: {listed}")
    return named.pop()


def _groups(self: Any, eni: Any) -> list[Any]:
    group_ids = list(dict.fromkeys(self._get_param("Groups", [])))
    check_groups(self.ec2_backend, eni.vpc_id, group_ids)
    return [self.ec2_backend.get_security_group_from_id(group_id) for group_id in group_ids]


def _delete_on_termination(self: Any, eni: Any) -> bool:
    wanted = self._get_param("Attachment") or {}
    attachment_id = check_form("eni-attach", need(wanted.get("AttachmentId"), "attachmentId"))
    if eni.instance is None or eni.attachment_id != attachment_id:
        raise refuse("InvalidAttachmentID.NotFound", f"The attachment '{attachment_id}' does not exist.")
    return _truth(wanted.get("DeleteOnTermination", eni.delete_on_termination))


def _truth(value: Any) -> bool:
    return value in (True, "true", "True")


_CHANGES = {
    "Attachment": _delete_on_termination,
    "Description": lambda self, eni: self._get_param("Description.Value") or "",
    "SourceDestCheck": lambda self, eni: _truth(self._get_param("SourceDestCheck.Value")),
    "SecurityGroupId": _groups,
}
_FIELDS = {
    "Attachment": "delete_on_termination",
    "Description": "description",
    "SourceDestCheck": "source_dest_check",
    "SecurityGroupId": "_group_set",
}


def _plain(value: Any) -> Any:
    return [group.id for group in value] if isinstance(value, list) else value
