"""The IAM policies that tests have loaded, one for an access key; a key without one may do everything."""

from __future__ import annotations

from typing import Any

from . import iam
from .rights import Request, is_known, needed


class PolicyBook:
    """Not locked: control and gateway call it under the process's lock."""

    def __init__(self) -> None:
        self._policies: dict[str, tuple[iam.Policy, Any]] = {}
        self._relied: dict[str, set[tuple[str, str, str]]] = {}

    def put(self, access_key: str, document: Any) -> None:
        """Put the policy in the place of the key's last one; None takes it away. @raises PolicyError, and keeps all."""
        if document is None:
            self._policies.pop(access_key, None)
        else:
            self._policies[access_key] = iam.parse(document, is_known), document
        self._relied.pop(access_key, None)

    def clear(self) -> None:
        self._policies.clear()
        self._relied.clear()

    def has(self, access_key: str) -> bool:
        return access_key in self._policies

    def refused(self, access_key: str, request: Request) -> tuple[iam.Check, iam.Decision] | None:
        """The first right that the request lacks."""
        policy, _ = self._policies[access_key]
        checks = needed(request)
        if checks is None or (not checks and not policy.names(request.action)):
            return request.on_all(), iam.Decision(allowed=False)
        decided = [(check, policy.decide(check)) for check in checks]
        if lacking := next((each for each in decided if not each[1].allowed), None):
            return lacking
        for check, decision in decided:
            if len(decision.sids) == 1:
                self._relied.setdefault(access_key, set()).add((decision.sids[0], check.action, kind_of(check)))
        return None

    def to_json(self) -> dict[str, Any]:
        """`relied`: rights that a call needed and one statement alone gave, so that it is lost with the statement."""
        return {
            key: {
                "document": document,
                "relied": [
                    {"sid": sid, "action": action, "resource": kind}
                    for sid, action, kind in sorted(self._relied.get(key, ()))
                ],
            }
            for key, (_, document) in self._policies.items()
        }


def kind_of(check: iam.Check) -> str:
    """`network-interface` and the like; `*` for a read."""
    return check.resource.split(":", 5)[-1].split("/")[0]
