"""DetachNetworkInterface: never the primary interface; takes `detach_s`, unless it is forced.

Source: Amazon EC2 API Reference, DetachNetworkInterface. That a forced detach is immediate is a choice of this fake.
"""

from __future__ import annotations

from typing import Any

from moto.core.responses import ActionResult, EmptyResult
from moto.ec2.responses.elastic_network_interfaces import ElasticNetworkInterfaces

from ..errors import refuse
from ..patching import replaces
from ..runtime import CONFIG, JOURNAL
from . import timers
from .ids import check_form, need
from .state import DETACHING, state
from .views import remember


@replaces(ElasticNetworkInterfaces, "detach_network_interface")
def answer_detach(self: Any) -> ActionResult:
    attachment_id = check_form("eni-attach", need(self._get_param("AttachmentId"), "attachmentId"))
    forced = bool(self._get_bool_param("Force", False))
    self.error_on_dryrun()
    eni = _attached(self.ec2_backend, attachment_id)
    if eni.device_index == 0 and state(eni).card == 0:
        raise refuse(
            "OperationNotPermitted",
            "The network interface at device index 0 and networkCard index 0 cannot be detached.",
        )
    if state(eni).phase == DETACHING and not forced:
        raise refuse("IncorrectState", f"Network interface '{eni.id}' is already detaching.")
    begin_detach(self.ec2_backend, eni, 0 if forced else CONFIG.detach_s)
    return EmptyResult()


def _attached(backend: Any, attachment_id: str) -> Any:
    for eni in backend.enis.values():
        if eni.attachment_id == attachment_id:
            return eni
    raise refuse("InvalidAttachmentID.NotFound", f"The attachment '{attachment_id}' does not exist.")


def begin_detach(backend: Any, eni: Any, seconds: float) -> None:
    if seconds > 0:
        remember(eni)
        state(eni).phase = DETACHING
        JOURNAL.note("detaching", eni.id, instanceId=eni.instance.id, deviceIndex=eni.device_index)
    timers.after(backend, seconds, "eni-detached", eni.id, eni.attachment_id)
