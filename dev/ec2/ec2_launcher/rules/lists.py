"""Pages, filter limits and unknown ids for the other lists that the controller reads."""

from __future__ import annotations

from typing import Any

from moto.core.responses import ActionResult
from moto.ec2.responses.security_groups import SecurityGroups
from moto.ec2.responses.subnets import Subnets

from ..errors import refuse
from ..patching import extends
from .ids import check_form
from .listing import check_filters, check_page, page


def _paged(self: Any, original: Any, rows_key: str, ids: list[str], id_parameter: str) -> ActionResult:
    size = check_page(ids, self._get_param("MaxResults"), id_parameter)
    check_filters(self._get_param("Filters", []) or [])
    answer = original(self)
    if ids:
        return answer
    rows = list(enumerate(answer.result[rows_key]))
    part, token = page(rows, lambda row: row[0], size, self._get_param("NextToken"))
    return ActionResult({**answer.result, rows_key: [row for _, row in part], "NextToken": token})


@extends(Subnets, "describe_subnets")
def answer_describe_subnets(original: Any, self: Any) -> ActionResult:
    ids = [check_form("subnet", subnet_id) for subnet_id in self._get_param("SubnetIds", [])]
    return _paged(self, original, "Subnets", ids, "subnetSet")


@extends(SecurityGroups, "describe_security_groups")
def answer_describe_security_groups(original: Any, self: Any) -> ActionResult:
    ids = [check_form("sg", group_id) for group_id in self._get_param("GroupIds", [])]
    for group_id in ids:
        if self.ec2_backend.get_security_group_from_id(group_id) is None:
            raise refuse("InvalidGroup.NotFound", f"The security group '{group_id}' does not exist")
    return _paged(self, original, "SecurityGroups", ids, "groupIdSet")
