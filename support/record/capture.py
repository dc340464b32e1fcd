"""A connector that captured tables in a scenario: its beginning, its end, and its offsets."""

from __future__ import annotations

from dataclasses import dataclass

from support.record.section import json_section


@dataclass(frozen=True)
class CaptureRecord:
    """The beginning of a capture; reports count from `began_ns` (monotonic).

    The first snapshot has to show `rows_before` rows; None where rows changed meanwhile.
    """

    began_ns: int
    rows_before: int | None


@dataclass(frozen=True)
class TaskRecord:
    """The states of a connector and its tasks at the end, as Kafka Connect reports them.

    `trace` is that of the first failure. `trouble` says why Connect gave no states; empty when it
    did. A connector can be RUNNING while its task is not.
    """

    connector: str
    tasks: tuple[str, ...]
    trace: str = ""
    trouble: str = ""

    @property
    def running(self) -> bool:
        """Whether the connector and at least one task run, and no task does not."""
        return self.connector == "RUNNING" and bool(self.tasks) and set(self.tasks) == {"RUNNING"}


@dataclass(frozen=True)
class CatchingUp:
    """The wait for the event of the last change, in seconds.

    `hopeless` says why the event can never arrive; empty while it can.
    """

    waited_s: float
    hopeless: str = ""


@dataclass(frozen=True)
class ReturnRecord:
    """The wait for changes to arrive again after a fault.

    `hopeless` says why none can ever arrive; empty while one can. No fault of this kind is shorter
    than `least_outage_s`. `rescued_after_s` is when the Connect worker was restarted because no
    change had arrived, in seconds after the heal; None when it was not.
    """

    hopeless: str = ""
    least_outage_s: float = 0.0
    rescued_after_s: float | None = None


@dataclass(frozen=True)
class CommittedOffset:
    """The source offset (LSN) that Connect had committed before a restart; None without one.

    `unknown` says why this version of Connect does not report it; empty when it does. `flush_ms`
    is the worker's offset.flush.interval.ms.
    """

    lsn: int | None
    unknown: str
    flush_ms: int


CAPTURE = json_section("capture", CaptureRecord)
TASK = json_section("task", TaskRecord)
CATCHING_UP = json_section("catching_up", CatchingUp)
RETURN = json_section("return", ReturnRecord)
COMMITTED_OFFSET = json_section("committed_offset", CommittedOffset)
