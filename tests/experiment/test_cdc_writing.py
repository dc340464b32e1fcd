"""Causes that end a scenario's writing, and what is said about them."""

from __future__ import annotations

import io
import time
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest

from support.errors import Inconclusive, PromiseBroken
from support.experiment.cdc_writing import must_write, write_for
from support.progress import Progress
from support.promises.verdicts import Verdicts
from support.record.changes import Refusal, WrittenChanges
from support.record.record import Record

REFUSAL = Refusal("update", "users", "UPDATE own.users", "55000", "no replica identity")


@dataclass
class Writer:
    """A row writer that wrote this."""

    written: WrittenChanges = field(default_factory=WrittenChanges)
    trouble: Exception | None = None
    ended: bool = False


class Experiment:
    """Records and requires below a folder."""

    def __init__(self, folder: Path) -> None:
        self.progress = Progress(io.StringIO())
        self.record = Record(folder)
        self.verdicts = Verdicts(self.record)
        self.require = self.verdicts.require


def test_a_refused_statement_breaks_a_promise_before_anything_is_broken(tmp_path: Path) -> None:
    trial: Any = Experiment(tmp_path)
    writer: Any = Writer(WrittenChanges(refusals=[REFUSAL]))
    with pytest.raises(PromiseBroken, match="statements accepted"):
        must_write(trial, writer)
    (check,) = trial.verdicts.required
    assert "no replica identity (SQLSTATE 55000)" in check.evidence[0]


def test_a_writer_that_lives_may_go_on_and_one_that_died_is_trouble(tmp_path: Path) -> None:
    trial: Any = Experiment(tmp_path)
    living: Any = Writer()
    dead: Any = Writer(trouble=KeyError("x"))
    must_write(trial, living)
    with pytest.raises(Inconclusive, match="The row writer died"):
        must_write(trial, dead)
    assert trial.verdicts.checks == ()


@pytest.mark.parametrize(("ended", "at_most"), [(True, 0.2), (False, 5)])
def test_writing_ends_early_when_the_writer_has_ended(
    ended: bool, at_most: float, tmp_path: Path
) -> None:
    trial: Any = Experiment(tmp_path)
    writer: Any = Writer(ended=ended)
    began = time.monotonic()
    write_for(trial, writer, 0.5)
    took = time.monotonic() - began
    assert (took < 0.5) == ended
    assert took < at_most
