"""Restarts a part of change data capture that does not come back, as an operator would."""

from __future__ import annotations

from support import clock
from support.faults.capture import Capture
from support.faults.timeline import FaultTimeline
from support.stack.lifecycle import PartControl

ASK_AGAIN_S = 5


class CaptureHelp:
    """Restarts what does not come back, and records in the timeline that it did."""

    def __init__(
        self,
        named: str,
        capture: Capture,
        part: PartControl | None,
        timeline: FaultTimeline,
        *,
        may_start_twice: bool,
    ) -> None:
        """`named`: the part, in words. `may_start_twice`: its first start may fail, because
        processes of a crashed PostgreSQL server keep its shared memory for a moment."""
        self._named, self._capture, self._part = named, capture, part
        self._timeline, self._may_start_twice = timeline, may_start_twice
        self._asked_ns = 0

    def start_what_ended(self) -> None:
        """Starts the process again if it was started and has ended."""
        if self._part is None or self._part.alive():
            return
        if self._may_start_twice:
            self._may_start_twice = False
            self._timeline.proofs.append(
                "started again: at its first start processes of the crashed server still existed"
            )
        else:
            self._timeline.had_to_start_again(
                f"{self._named} ended after it was started, and was started again by the suite"
            )
        self._part.start()

    def restart_task_after(self, failure: str) -> None:
        """Restarts a FAILED task every few seconds; an empty `failure`: it has not FAILED."""
        if failure and clock.now_ns() - self._asked_ns > ASK_AGAIN_S * clock.NS_PER_S:
            self._capture.restart_task()
            self._asked_ns = clock.now_ns()
            self._timeline.had_to_restart(
                f"its task had FAILED and was restarted by the suite: {failure}"
            )
