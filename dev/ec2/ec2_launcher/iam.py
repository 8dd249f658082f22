"""IAM policies, evaluated as IAM does: a right is refused unless a statement allows it, and a Deny wins. Pure.

Sources: IAM User Guide, "Policy evaluation logic", "IAM JSON policy elements: Condition operators" and "Set operators
for multivalued context keys". What is not understood is refused when the policy is read, so that it is never allowed.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

# A request's condition keys, in lower case ("Condition key names are not case-sensitive"), with their values.
Context = Mapping[str, tuple[str, ...]]

SINGLE_KEYS = ("ec2:createaction", "ec2:region")
TAG_KEYS = ("aws:requesttag/", "aws:resourcetag/", "ec2:resourcetag/")
MULTIVALUED_KEYS = ("aws:tagkeys",)


class PolicyError(ValueError):
    """The document is no policy, or has something that the fake does not evaluate; the text says where."""


@dataclass(frozen=True)
class Check:
    """One right that a request needs: an action (without `ec2:`) on one resource (an ARN, or `*`)."""

    action: str
    resource: str
    context: Context


@dataclass(frozen=True)
class Decision:
    """`explicit` for a Deny; `sids` are those of the statements that decided, none for an implicit deny."""

    allowed: bool
    explicit: bool = False
    sids: tuple[str, ...] = ()


@lru_cache(maxsize=1024)
def wildcard(pattern: str, ignore_case: bool = False) -> re.Pattern[str]:
    text = "".join({"*": ".*", "?": "."}.get(char) or re.escape(char) for char in pattern)
    return re.compile(text, re.DOTALL | (re.IGNORECASE if ignore_case else 0))


def arn_matches(pattern: str, arn: str) -> bool:
    """Segment by segment.

    Source: IAM User Guide, "IAM JSON policy elements: Resource": a wildcard stays within its segment.
    """
    if pattern == "*":
        return True
    patterns, segments = pattern.split(":", 5), arn.split(":", 5)
    if len(patterns) != len(segments):
        return False
    return all(wildcard(one).fullmatch(segment) for one, segment in zip(patterns, segments, strict=True))


def _like(value: str, wanted: str) -> bool:
    return wildcard(wanted).fullmatch(value) is not None


_COMPARISONS: dict[str, tuple[Callable[[str, str], bool], bool]] = {
    "StringEquals": (str.__eq__, False),
    "StringNotEquals": (str.__eq__, True),
    "StringEqualsIgnoreCase": (lambda value, wanted: value.lower() == wanted.lower(), False),
    "StringNotEqualsIgnoreCase": (lambda value, wanted: value.lower() == wanted.lower(), True),
    "StringLike": (_like, False),
    "StringNotLike": (_like, True),
}
_OPERATOR = re.compile(r"(?:(ForAllValues|ForAnyValue):)?([A-Za-z]+?)(IfExists)?")


@dataclass(frozen=True)
class Condition:
    """One key of one operator. All conditions of a statement must hold; of `wanted`, one value is enough."""

    operator: str
    key: str
    wanted: tuple[str, ...]

    def holds(self, context: Context) -> bool:
        values = context.get(self.key, ())
        if self.operator == "Null":
            return (not values) == (self.wanted[0] == "true")
        set_operator, name, if_exists = _OPERATOR.fullmatch(self.operator).groups()  # type: ignore[union-attr]
        compare, negated = _COMPARISONS[name]
        fits = [any(compare(value, wanted) for wanted in self.wanted) != negated for value in values]
        if not fits:
            return bool(if_exists) or set_operator == "ForAllValues" or (negated and set_operator is None)
        return any(fits) if set_operator == "ForAnyValue" else all(fits)


@dataclass(frozen=True)
class Statement:
    sid: str
    deny: bool
    actions: tuple[str, ...]
    resources: tuple[str, ...]
    conditions: tuple[Condition, ...]

    def names(self, action: str) -> bool:
        return any(wildcard(pattern, ignore_case=True).fullmatch(f"ec2:{action}") for pattern in self.actions)

    def fits(self, check: Check) -> bool:
        return (
            self.names(check.action)
            and any(arn_matches(pattern, check.resource) for pattern in self.resources)
            and all(condition.holds(check.context) for condition in self.conditions)
        )


@dataclass(frozen=True)
class Policy:
    statements: tuple[Statement, ...]

    def decide(self, check: Check) -> Decision:
        fitting = [statement for statement in self.statements if statement.fits(check)]
        if denying := tuple(statement.sid for statement in fitting if statement.deny):
            return Decision(allowed=False, explicit=True, sids=denying)
        return Decision(allowed=bool(fitting), sids=tuple(statement.sid for statement in fitting))

    def names(self, action: str) -> bool:
        """Whether any resource may be allowed."""
        return any(statement.names(action) for statement in self.statements if not statement.deny)


def parse(document: Any, is_known: Callable[[str], bool]) -> Policy:
    """Read a policy document. `is_known` says of an action or pattern, without `ec2:`, whether its rights are known."""
    body = _object(document, "the policy")
    _only(body, "the policy", {"Version", "Id", "Statement"})
    if body.get("Version") != "2012-10-17":
        raise PolicyError(f'the policy needs "Version": "2012-10-17", it has {body.get("Version")!r}')
    listed = body.get("Statement")
    statements = listed if isinstance(listed, list) else [listed]
    if not statements:
        raise PolicyError("the policy has no Statement")
    return Policy(tuple(_statement(each, f"statement {n}", is_known) for n, each in enumerate(statements, 1)))


def _statement(value: Any, where: str, is_known: Callable[[str], bool]) -> Statement:
    body = _object(value, where)
    sid = str(body.get("Sid", where))
    where = f"{where} ({sid})" if "Sid" in body else where
    _only(body, where, {"Sid", "Effect", "Action", "Resource", "Condition"})
    if body.get("Effect") not in ("Allow", "Deny"):
        raise PolicyError(f"{where}: Effect must be Allow or Deny, it is {body.get('Effect')!r}")
    actions = _texts(body.get("Action"), f"{where}: Action")
    for action in actions:
        service, _, name = action.partition(":")
        if service.lower() != "ec2" or not is_known(name):
            raise PolicyError(f"{where}: the fake does not know what {action!r} is checked against")
    resources = _texts(body.get("Resource"), f"{where}: Resource")
    for resource in resources:
        if resource != "*" and (not resource.startswith("arn:") or resource.count(":") < 5):
            raise PolicyError(f"{where}: Resource {resource!r} is neither an ARN nor *")
    conditions = tuple(_conditions(body.get("Condition", {}), where))
    return Statement(sid, body["Effect"] == "Deny", actions, resources, conditions)


def _conditions(value: Any, where: str) -> list[Condition]:
    return [
        _condition(operator, key, _texts(wanted, f"{where}: {operator} {key}"), where)
        for operator, keys in _object(value, f"{where}: Condition").items()
        for key, wanted in _object(keys, f"{where}: {operator}").items()
    ]


def _condition(operator: str, key: str, wanted: tuple[str, ...], where: str) -> Condition:
    found = _OPERATOR.fullmatch(operator)
    if operator != "Null" and (found is None or found[2] not in _COMPARISONS):
        raise PolicyError(f"{where}: the fake does not evaluate the operator {operator!r}")
    if operator == "Null" and wanted not in (("true",), ("false",)):
        raise PolicyError(f"{where}: Null {key} must be true or false")
    lower = key.lower()
    many = lower in MULTIVALUED_KEYS
    if not many and lower not in SINGLE_KEYS and not any(lower.startswith(k) and lower != k for k in TAG_KEYS):
        raise PolicyError(f"{where}: the fake does not know the condition key {key!r}")
    if many and operator != "Null" and found is not None and found[1] is None:
        raise PolicyError(f"{where}: {key} has many values, so {operator} needs ForAnyValue: or ForAllValues:")
    return Condition(operator, lower, wanted)


def _object(value: Any, where: str) -> dict[str, Any]:
    if not isinstance(value, dict):
        raise PolicyError(f"{where} must be a JSON object, it is {value!r}")
    return value


def _only(body: dict[str, Any], where: str, known: set[str]) -> None:
    if unknown := sorted(body.keys() - known):
        raise PolicyError(f"{where}: the fake does not evaluate {', '.join(unknown)}")


def _texts(value: Any, where: str) -> tuple[str, ...]:
    values = value if isinstance(value, list) else [value]
    if not values or not all(isinstance(each, str) for each in values):
        raise PolicyError(f"{where} must be a string or a list of strings, it is {value!r}")
    for each in values:
        if "${" in each:
            raise PolicyError(f"{where}: the fake does not evaluate the policy variable in {each!r}")
    return tuple(values)
