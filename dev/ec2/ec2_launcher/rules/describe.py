"""DescribeNetworkInterfaces: by ids, or a filtered list in pages."""

from __future__ import annotations

from typing import Any

from moto.core.responses import ActionResult
from moto.ec2.responses.elastic_network_interfaces import ElasticNetworkInterfaces

from ..patching import replaces
from . import filters
from .ids import check_form, enis_not_found
from .listing import check_filters, check_page, page
from .state import state
from .views import all_seen, find_seen


@replaces(ElasticNetworkInterfaces, "describe_network_interfaces")
def answer_describe(self: Any) -> ActionResult:
    param, backend = self._get_param, self.ec2_backend
    ids, wanted = param("NetworkInterfaceIds", []), param("Filters", [])
    size = check_page(ids, param("MaxResults"), "networkInterfaceIdSet")
    check_filters(wanted)
    self.error_on_dryrun()
    if ids:
        return ActionResult({"NetworkInterfaces": filters.apply(wanted, _by_ids(backend, ids))})
    rows = filters.apply(wanted, list(all_seen(backend)))
    rows.sort(key=lambda eni: state(eni).seq)
    part, token = page(rows, lambda eni: state(eni).seq, size, param("NextToken"))
    return ActionResult({"NetworkInterfaces": part, "NextToken": token})


def _by_ids(backend: Any, ids: list[str]) -> list[Any]:
    found = {eni_id: find_seen(backend, check_form("eni", eni_id)) for eni_id in ids}
    if unknown := [eni_id for eni_id, eni in found.items() if eni is None]:
        raise enis_not_found(unknown)
    return list(found.values())
