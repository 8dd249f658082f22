import re

import pytest

from ec2_launcher import patching, selfcheck
from ec2_launcher.selfcheck import PINNED_MOTO, SelfCheckError

from .launcher import ROOT


def test_this_installation_is_the_pinned_one() -> None:
    assert selfcheck.run() >= 40


def test_the_pin_is_the_one_of_the_requirements() -> None:
    pins = dict(re.findall(r"^([\w.-]+)==(.+)$", (ROOT / "requirements.txt").read_text(), re.MULTILINE))

    assert pins["moto"] == PINNED_MOTO
    assert {"boto3", "dill", "Flask", "pytest", "ruff", "Werkzeug"} <= pins.keys()


def test_another_version_is_refused_with_advice() -> None:
    with pytest.raises(SelfCheckError, match=r"moto 5\.9\.9 is installed.*pip install -r"):
        selfcheck.check_version("5.9.9")


def test_a_name_that_is_gone_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    class Backend:
        """Stands for a class of moto."""

    monkeypatch.setattr(patching, "PATCHES", [])
    patching.replaces(Backend, "gone")(lambda self: None)
    patching.extends(Backend, "gone_too")(lambda original, self: None)

    with pytest.raises(SelfCheckError, match=r"Backend\.gone, .*Backend\.gone_too"):
        selfcheck.check_patches()
