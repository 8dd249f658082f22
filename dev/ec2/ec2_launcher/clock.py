"""Virtual time: Unix seconds that flow as usual and can be advanced by a test."""

from __future__ import annotations

import time
from datetime import UTC, datetime


class Clock:
    """Never goes backwards; `advance` is how a test skips the time EC2 would need."""

    def __init__(self) -> None:
        self._epoch = time.time() - time.monotonic()
        self._offset = 0.0

    def now(self) -> float:
        return self._epoch + time.monotonic() + self._offset

    def advance(self, seconds: float) -> float:
        """Skip `seconds`; raises ValueError on a negative value."""
        if seconds < 0:
            raise ValueError("the clock cannot go back")
        self._offset += seconds
        return self.now()

    def jump_to(self, moment: float) -> None:
        """Go forward to `moment` (the time of a restored snapshot); does nothing when that is already past."""
        self._offset += max(0.0, moment - self.now())

    def reset(self) -> None:
        self._offset = 0.0

    def datetime(self) -> datetime:
        return datetime.fromtimestamp(self.now(), UTC).replace(tzinfo=None)
