"""Lets the row writer write for some time, and finds out whether it still does."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

from support import clock
from support.errors import Inconclusive
from support.experiment.experiment import Experiment
from support.generate.row_writer import RowWriter
from support.promises.cdc import STATEMENTS_ACCEPTED
from support.record.changes import CHANGES
from support.waiting import wait_until


def write_for(
    experiment: Experiment,
    writer: RowWriter,
    seconds: float,
    meanwhile: Callable[[], None] = lambda: None,
) -> None:
    """Lets it write for `seconds`, or until it ends by itself. `meanwhile` is called often."""
    until = clock.now_ns() + int(seconds * clock.NS_PER_S)

    def over() -> bool:
        meanwhile()
        return clock.now_ns() >= until or writer.ended

    with experiment.progress.phase(f"writing changes for {seconds:g} s"):
        wait_until(over, bool, timedelta(seconds=seconds + 60), "time")


def must_write(experiment: Experiment, writer: RowWriter) -> None:
    """Makes sure that there is a load to break.

    Raises PromiseBroken when PostgreSQL refused a statement, Inconclusive when the writer died.
    """
    must_live(writer)
    if writer.written.refusals:
        experiment.record.write(CHANGES, writer.written)
        experiment.require(STATEMENTS_ACCEPTED)


def must_live(writer: RowWriter) -> None:
    """Raises Inconclusive when the writer ended with an error."""
    if writer.trouble is not None:
        raise Inconclusive("The row writer died.", seen=repr(writer.trouble))
