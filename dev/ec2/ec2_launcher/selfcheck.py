"""Checks at start: the pinned moto is installed, and every name that the rules replace exists in it."""

from __future__ import annotations

import importlib
import os
from importlib import metadata

from . import patching

PINNED_MOTO = "5.2.5"


class SelfCheckError(RuntimeError):
    """This process must not play EC2: it would answer like bare moto in places."""


def check_version(installed: str | None = None) -> None:
    try:
        version = installed or metadata.version("moto")
    except metadata.PackageNotFoundError:
        raise SelfCheckError("moto is not installed: pip install -r dev/ec2/requirements.txt") from None
    if version != PINNED_MOTO:
        raise SelfCheckError(
            f"moto {version} is installed, but the rules are written for {PINNED_MOTO}: "
            "pip install -r dev/ec2/requirements.txt (or port ec2_launcher/rules and change PINNED_MOTO)"
        )


def check_patches() -> int:
    """Load the rules and return how many names they replace."""
    os.environ.setdefault("MOTO_EC2_LOAD_DEFAULT_AMIS", "false")  # 1,300 images cost 0.1 s at every reset
    try:
        importlib.import_module("ec2_launcher.rules")
    except (ImportError, AttributeError) as problem:
        raise SelfCheckError(f"the rules do not load on this moto: {problem}") from problem
    if gone := patching.missing():
        raise SelfCheckError(f"moto no longer has: {', '.join(gone)}")
    return len(patching.PATCHES)


def run() -> int:
    check_version()
    return check_patches()
