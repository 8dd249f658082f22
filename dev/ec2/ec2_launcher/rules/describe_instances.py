"""DescribeInstances: pages count instances, not reservations; a read changes nothing (moto's does)."""

from __future__ import annotations

import copy
from typing import Any

from moto.core.responses import ActionResult
from moto.ec2.exceptions import InvalidInstanceIdError
from moto.ec2.responses.instances import InstanceResponse
from moto.ec2.utils import filter_reservations

from ..context import is_hidden
from ..patching import replaces
from .ids import check_form
from .listing import check_filters, check_page, page
from .state import world


@replaces(InstanceResponse, "describe_instances")
def answer_describe_instances(self: Any) -> ActionResult:
    param, backend = self._get_param, self.ec2_backend
    ids: list[str] = param("InstanceIds", [])
    size = check_page(ids, param("MaxResults"), "instancesSet")
    check_filters(param("Filters", []))
    self.error_on_dryrun()
    instances = _by_ids(backend, ids) if ids else _known(backend)
    wanted = self._filters_from_querystring()
    shown = {i.id for r in filter_reservations(_grouped(backend, instances), wanted) for i in r.instances}
    rows = sorted((i for i in instances if i.id in shown), key=lambda instance: instance.strict_seq)
    if ids:
        return ActionResult({"Reservations": _grouped(backend, rows)})
    part, token = page(rows, lambda instance: instance.strict_seq, size, param("NextToken"))
    return ActionResult({"Reservations": _grouped(backend, part), "NextToken": token})


def _known(backend: Any) -> list[Any]:
    return [instance for instance in world(backend).instances.values() if not is_hidden(instance.id)]


def _by_ids(backend: Any, ids: list[str]) -> list[Any]:
    if hidden := [i for i in ids if is_hidden(i)]:
        raise InvalidInstanceIdError(hidden)
    return backend.get_multi_instances_by_id([check_form("i", i) for i in dict.fromkeys(ids)])


def _grouped(backend: Any, instances: Any) -> list[Any]:
    """Copies of the reservations, each with only these instances."""
    wanted = {instance.id for instance in instances}
    groups = []
    for reservation in backend.reservations.values():
        members = [instance for instance in reservation.instances if instance.id in wanted]
        if members:
            group = copy.copy(reservation)
            group.instances = members
            groups.append(group)
    return groups
