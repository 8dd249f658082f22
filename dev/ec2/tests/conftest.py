"""One launcher process for the session; every test starts from a reset."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from .lab import Lab
from .launcher import Launcher


@pytest.fixture(scope="session")
def launcher() -> Iterator[Launcher]:
    with Launcher() as running:
        yield running


@pytest.fixture
def lab(launcher: Launcher) -> Lab:
    launcher.post("reset")
    return Lab(launcher)
