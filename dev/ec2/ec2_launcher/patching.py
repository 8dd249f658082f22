"""How the rules get into moto: every replaced name is declared, so that the self-check can miss none."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from types import ModuleType
from typing import Any

Function = Callable[..., Any]


@dataclass(frozen=True)
class Patch:
    owner: type | ModuleType
    name: str
    present: bool

    def __str__(self) -> str:
        if isinstance(self.owner, ModuleType):
            return f"{self.owner.__name__}.{self.name}"
        return f"{self.owner.__module__}.{self.owner.__qualname__}.{self.name}"


PATCHES: list[Patch] = []


def replaces(owner: type | ModuleType, name: str) -> Callable[[Any], Any]:
    """Decorator: put the function (or property) in the place of `owner.name`."""

    def install(replacement: Any) -> Any:
        PATCHES.append(Patch(owner, name, hasattr(owner, name)))
        setattr(owner, name, replacement)
        return replacement

    return install


def extends(owner: type | ModuleType, name: str) -> Callable[[Function], Function]:
    """Decorator: like `replaces`, but the function gets moto's original as its first argument."""
    original = getattr(owner, name, None)

    def install(replacement: Function) -> Function:
        PATCHES.append(Patch(owner, name, original is not None))

        def patched(*args: Any, **kwargs: Any) -> Any:
            return replacement(original, *args, **kwargs)

        setattr(owner, name, patched)
        return replacement

    return install


def missing() -> list[str]:
    """Names that the rules replace and this moto does not have."""
    return [str(patch) for patch in PATCHES if not patch.present]
