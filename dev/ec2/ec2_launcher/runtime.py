"""The parts that the whole process shares. One process is one fake EC2."""

from __future__ import annotations

import threading

from .calllog import CallLog
from .clock import Clock
from .config import Config
from .faults import FaultBook
from .holds import Holds
from .journal import Journal
from .policies import PolicyBook
from .throttle import TokenBuckets

ACCOUNT = "123456789012"

CONFIG = Config()
CLOCK = Clock()
LOG = CallLog()
JOURNAL = Journal(CLOCK)
FAULTS = FaultBook()
HOLDS = Holds()
POLICIES = PolicyBook()
BUCKETS = TokenBuckets()

# One EC2 request at a time: moto is not written for concurrent mutation. Never sleep while holding it.
LOCK = threading.RLock()
