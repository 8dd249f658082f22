"""How a policy is evaluated, and what is refused as one. Each row of the tables is one rule of the IAM User Guide."""

from typing import Any

import pytest

from ec2_launcher.iam import Check, Context, Decision, Policy, PolicyError, arn_matches, parse
from ec2_launcher.rights import is_known

ENI = "arn:aws:ec2:us-east-1:123456789012:network-interface/eni-1"
OWNED = {"aws:resourcetag/owner": ("us",)}


def statement(**more: Any) -> dict[str, Any]:
    return {"Sid": "One", "Effect": "Allow", "Action": "ec2:DeleteNetworkInterface", "Resource": "*", **more}


def policy(*statements: dict[str, Any], **more: Any) -> Policy:
    return parse({"Version": "2012-10-17", "Statement": list(statements), **more}, is_known)


def decide(rules: Policy, context: Context | None = None, resource: str = ENI) -> Decision:
    return rules.decide(Check("DeleteNetworkInterface", resource, context or {}))


def test_what_no_statement_allows_is_refused() -> None:
    assert decide(policy(statement(Action="ec2:DetachNetworkInterface"))) == Decision(allowed=False)


def test_a_deny_wins_wherever_it_stands() -> None:
    deny = statement(Sid="No", Effect="Deny")

    assert decide(policy(deny, statement())) == Decision(allowed=False, explicit=True, sids=("No",))
    assert decide(policy(statement(), deny)) == Decision(allowed=False, explicit=True, sids=("No",))


def test_every_statement_that_allows_is_named() -> None:
    assert decide(policy(statement(Sid="A"), statement(Sid="B"))) == Decision(allowed=True, sids=("A", "B"))


@pytest.mark.parametrize(
    ("action", "allowed"),
    [
        ("ec2:DeleteNetworkInterface", True),
        ("EC2:deletenetworkinterface", True),
        ("ec2:Delete*", True),
        ("ec2:?eleteNetworkInterface", True),
        ("ec2:*", True),
        (["ec2:CreateTags", "ec2:DeleteNetworkInterface"], True),
        ("ec2:DeleteTags", False),
        ("ec2:AttachNetworkInterface", False),
    ],
)
def test_an_action_is_matched_without_regard_to_case(action: Any, allowed: bool) -> None:
    assert decide(policy(statement(Action=action))).allowed is allowed


@pytest.mark.parametrize(
    ("pattern", "matches"),
    [
        ("*", True),
        (ENI, True),
        ("arn:aws:ec2:*:*:network-interface/*", True),
        ("arn:aws:ec2:us-east-?:123456789012:network-interface/eni-*", True),
        ("arn:aws:ec2:us-east-1:*:*", True),
        ("arn:aws:ec2:*:network-interface/*", False),
        ("arn:aws:ec2:*:*:NETWORK-INTERFACE/*", False),
        ("arn:aws:ec2:eu-west-1:*:network-interface/*", False),
        ("arn:aws:ec2:*:*:subnet/*", False),
        ("arn:aws:ec2:*:*:network-interface/eni-[1]", False),
    ],
)
def test_a_resource_is_matched_segment_by_segment(pattern: str, matches: bool) -> None:
    assert arn_matches(pattern, ENI) is matches


def test_only_a_star_covers_what_has_no_resource() -> None:
    assert decide(policy(statement()), resource="*").allowed
    assert not decide(policy(statement(Resource="arn:aws:ec2:*:*:*")), resource="*").allowed


@pytest.mark.parametrize(
    ("operator", "wanted", "with_us", "with_them", "without"),
    [
        ("StringEquals", "us", True, False, False),
        ("StringEquals", ["them", "us"], True, True, False),
        ("StringEquals", "u*", False, False, False),
        ("StringEquals", "US", False, False, False),
        ("StringEqualsIfExists", "us", True, False, True),
        ("StringEqualsIgnoreCase", "US", True, False, False),
        ("StringNotEquals", "us", False, True, True),
        ("StringNotEquals", ["them", "us"], False, False, True),
        ("StringNotEqualsIfExists", "us", False, True, True),
        ("StringLike", "u?", True, False, False),
        ("StringLike", "*", True, True, False),
        ("StringLikeIfExists", "u*", True, False, True),
        ("StringNotLike", "u*", False, True, True),
        ("Null", "true", False, False, True),
        ("Null", "false", True, True, False),
    ],
)
def test_a_condition_on_a_tag(operator: str, wanted: Any, with_us: bool, with_them: bool, without: bool) -> None:
    rules = policy(statement(Condition={operator: {"AWS:ResourceTag/Owner": wanted}}))

    found = [decide(rules, {"aws:resourcetag/owner": (value,)}).allowed for value in ("us", "them")]
    assert [*found, decide(rules).allowed] == [with_us, with_them, without]


@pytest.mark.parametrize(
    ("operator", "both", "one", "none", "missing"),
    [
        ("ForAllValues:StringEquals", True, True, False, True),
        ("ForAnyValue:StringEquals", True, True, False, False),
        ("ForAllValues:StringLike", True, True, False, True),
        ("ForAnyValue:StringNotEquals", False, False, True, False),
    ],
)
def test_a_condition_on_all_tag_keys(operator: str, both: bool, one: bool, none: bool, missing: bool) -> None:
    rules = policy(statement(Condition={operator: {"aws:TagKeys": ["a", "b"]}}))

    contexts = [{"aws:tagkeys": keys} for keys in (("a", "b"), ("b",), ("c",))]
    assert [decide(rules, context).allowed for context in [*contexts, {}]] == [both, one, none, missing]


def test_some_of_the_values_are_not_all() -> None:
    every = policy(statement(Condition={"ForAllValues:StringEquals": {"aws:TagKeys": "a"}}))
    some = policy(statement(Condition={"ForAnyValue:StringEquals": {"aws:TagKeys": "a"}}))

    assert not decide(every, {"aws:tagkeys": ("a", "c")}).allowed
    assert decide(some, {"aws:tagkeys": ("a", "c")}).allowed


def test_all_conditions_must_hold() -> None:
    rules = policy(
        statement(
            Condition={
                "StringEquals": {"aws:ResourceTag/owner": "us", "ec2:Region": "us-east-1"},
                "Null": {"aws:RequestTag/owner": "true"},
            }
        )
    )

    here = {**OWNED, "ec2:region": ("us-east-1",)}
    assert decide(rules, here).allowed
    assert not decide(rules, OWNED).allowed
    assert not decide(rules, {**here, "aws:requesttag/owner": ("us",)}).allowed


def test_a_tag_given_twice_in_different_case_must_fit_each_time() -> None:
    rules = policy(statement(Condition={"StringEquals": {"aws:ResourceTag/owner": "us"}}))

    assert not decide(rules, {"aws:resourcetag/owner": ("us", "them")}).allowed


@pytest.mark.parametrize(
    ("more", "message"),
    [
        ({"Action": "ec2:RunInstances"}, r"statement 1 \(One\): the fake does not know what 'ec2:RunInstances' is"),
        ({"Action": "sts:GetCallerIdentity"}, "does not know what 'sts:GetCallerIdentity'"),
        ({"Action": "*"}, r"does not know what '\*'"),
        ({"Action": []}, "Action must be a string or a list of strings"),
        ({"NotAction": "ec2:CreateTags"}, "does not evaluate NotAction"),
        ({"Principal": "*"}, "does not evaluate Principal"),
        ({"Effect": "allow"}, "Effect must be Allow or Deny, it is 'allow'"),
        ({"Resource": "network-interface/*"}, "is neither an ARN nor"),
        ({"Resource": None}, "Resource must be a string"),
        ({"Condition": {"DateLessThan": {"ec2:Region": "x"}}}, "does not evaluate the operator 'DateLessThan'"),
        ({"Condition": {"ForSomeValues:StringEquals": {"aws:TagKeys": "x"}}}, "operator 'ForSomeValues:StringEquals'"),
        ({"Condition": {"StringEquals": {"ec2:Vpc": "x"}}}, "does not know the condition key 'ec2:Vpc'"),
        ({"Condition": {"StringEquals": {"aws:ResourceTag/": "x"}}}, "condition key 'aws:ResourceTag/'"),
        ({"Condition": {"StringEquals": {"aws:TagKeys": "x"}}}, "aws:TagKeys has many values"),
        ({"Condition": {"Null": {"ec2:Region": "yes"}}}, "must be true or false"),
        ({"Condition": {"StringEquals": {"ec2:Region": 1}}}, "must be a string or a list of strings"),
        ({"Condition": {"StringEquals": {"ec2:Region": "${aws:username}"}}}, "policy variable"),
        ({"Condition": []}, "Condition must be a JSON object"),
    ],
)
def test_what_is_not_evaluated_is_refused_by_name(more: dict[str, Any], message: str) -> None:
    with pytest.raises(PolicyError, match=message):
        policy(statement(**more))


@pytest.mark.parametrize(
    ("document", "message"),
    [
        ([], "the policy must be a JSON object"),
        ({"Version": "2008-10-17", "Statement": [statement()]}, "'2008-10-17'"),
        ({"Statement": [statement()]}, "needs .*2012-10-17"),
        ({"Version": "2012-10-17", "Statement": []}, "has no Statement"),
        ({"Version": "2012-10-17"}, "statement 1 must be a JSON object"),
        ({"Version": "2012-10-17", "Statement": [statement()], "Else": 1}, "does not evaluate Else"),
    ],
)
def test_what_is_no_policy_is_refused(document: Any, message: str) -> None:
    with pytest.raises(PolicyError, match=message):
        parse(document, is_known)


def test_a_statement_may_stand_alone() -> None:
    rules = parse({"Version": "2012-10-17", "Id": "x", "Statement": statement()}, is_known)

    assert decide(rules).allowed
