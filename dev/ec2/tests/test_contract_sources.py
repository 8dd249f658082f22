import pytest


def test_every_contract_test_names_its_source(request: pytest.FixtureRequest) -> None:
    contract = [
        i
        for i in request.session.items
        if "test_contract_" in i.path.name and i.path.name != "test_contract_sources.py"
    ]

    silent = [item.nodeid for item in contract if not any(m.args and m.args[0] for m in item.iter_markers("source"))]

    assert silent == []
