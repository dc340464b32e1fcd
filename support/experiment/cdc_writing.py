"""While the row writer of a trial writes: how long, and whether it still does."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

from support import clock
from support.checks.cdc_writer import NAME, statements_accepted
from support.errors import Inconclusive
from support.experiment.experiment import Trial
from support.generate.row_writer import RowWriter
from support.waiting import wait_until


def write_for(
    trial: Trial, writer: RowWriter, seconds: float, meanwhile: Callable[[], None] = lambda: None
) -> None:
    """Let it write for a while; shorter when it ends by itself. `meanwhile` is called often."""
    until = clock.now_ns() + int(seconds * clock.NS_PER_S)

    def over() -> bool:
        meanwhile()
        return clock.now_ns() >= until or writer.ended

    with trial.progress.phase(f"writing changes for {seconds:g} s"):
        wait_until(over, bool, timedelta(seconds=seconds + 60), "time")


def must_write(trial: Trial, writer: RowWriter) -> None:
    """Raises when there is no load to break: PromiseBroken for a refused statement."""
    must_live(writer)
    if writer.written.refusals:
        trial.judge(statements_accepted(writer.written))
        trial.promise(NAME)


def must_live(writer: RowWriter) -> None:
    """Raises Inconclusive when an error in it ended it."""
    if writer.trouble is not None:
        raise Inconclusive("The row writer died.", seen=repr(writer.trouble))
