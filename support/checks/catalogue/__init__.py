"""Every check of the suite in words: what it says, what it needs, and when it is not green.

`python -m support.checks.catalogue` writes them to docs/checks.md. A new check has one entry here,
and a test in tests/contract that has seen it red against the real stack.
"""

from __future__ import annotations

from support.checks.catalogue import (
    cdc,
    delivery_consumers,
    delivery_faults,
    delivery_log,
    edge,
    performance,
    reports,
)
from support.checks.catalogue.entry import CheckEntry

ENTRIES: tuple[CheckEntry, ...] = (
    *delivery_log.ENTRIES,
    *delivery_consumers.ENTRIES,
    *delivery_faults.ENTRIES,
    *cdc.ENTRIES,
    *performance.ENTRIES,
    *edge.ENTRIES,
    *reports.ENTRIES,
)
