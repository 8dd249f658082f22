import pytest

from ec2_launcher.faults import FaultBook, FaultError


def book(*faults: dict) -> FaultBook:
    made = FaultBook()
    made.replace(list(faults))
    return made


def hits(made: FaultBook, *actions: str, **params: str) -> list[str | None]:
    return [fault.code if (fault := made.match(action, params)) else None for action in actions]


def test_a_fault_strikes_once_by_default() -> None:
    assert hits(book({"action": "Detach*", "code": "X"}), "Attach", "Detach", "Detach") == [None, "X", None]


def test_times_null_is_always() -> None:
    assert hits(book({"code": "X", "times": None}), *["A"] * 4) == ["X"] * 4


def test_skip_lets_the_first_ones_pass() -> None:
    assert hits(book({"code": "X", "skip": 2}), *["A"] * 4) == [None, None, "X", None]


def test_params_are_patterns() -> None:
    made = book({"code": "X", "params": {"SubnetId": "subnet-a*"}, "times": None})

    assert hits(made, "A", SubnetId="subnet-abc") == ["X"]
    assert hits(made, "A", SubnetId="subnet-b") == [None]
    assert hits(made, "A") == [None]


def test_hiding_fits_calls_that_name_what_is_hidden() -> None:
    made = book({"hide": "i-a*", "code": "X", "times": None})

    assert hits(made, "A", **{"Filter.1.Value.2": "i-abc"}) == ["X"]
    assert hits(made, "A", **{"Filter.1.Value.2": "i-b"}) == [None]
    assert hits(made, "A") == [None]


def test_the_first_that_fits_is_used_then_the_next() -> None:
    assert hits(book({"code": "X"}, {"code": "Y"}), "A", "A", "A") == ["X", "Y", None]


def test_probability_is_reproducible() -> None:
    made = book({"code": "X", "times": None, "p": 0.5})

    struck = sum(code is not None for code in hits(made, *["A"] * 200))

    assert 70 < struck < 130
    assert struck == sum(c is not None for c in hits(book({"code": "X", "times": None, "p": 0.5}), *["A"] * 200))


def test_hits_and_ids_are_reported() -> None:
    made = book({"code": "X"})
    added = made.add({"code": "Y"})
    made.match("A", {})

    assert [(row["id"], row["hits"]) for row in made.to_json()] == [(1, 1), (2, 0)]
    assert added.id == 2
    assert made.remove(1)
    assert not made.remove(1)


@pytest.mark.parametrize(
    ("fault", "message"),
    [({"cod": "X"}, "unknown fault key"), ({"hang": "during"}, "'before' or 'after'"), ("X", "must be an object")],
)
def test_nonsense_is_refused(fault: object, message: str) -> None:
    with pytest.raises(FaultError, match=message):
        FaultBook().add(fault)
