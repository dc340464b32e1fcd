"""What ends a scenario's writing, and what is said of it."""

from __future__ import annotations

import io
import time
from dataclasses import dataclass, field
from typing import Any

import pytest

from support.errors import Inconclusive, PromiseBroken
from support.experiment.cdc_writing import must_write, write_for
from support.progress import Progress
from support.record.changes import Refusal, WrittenChanges
from support.results.schema import Check

REFUSAL = Refusal("update", "users", "UPDATE own.users", "55000", "no replica identity")


@dataclass
class Writer:
    """A row writer that wrote this."""

    written: WrittenChanges = field(default_factory=WrittenChanges)
    trouble: Exception | None = None
    ended: bool = False


class Trial:
    """Remembers what is judged; a promise of it is broken."""

    def __init__(self) -> None:
        self.progress = Progress(io.StringIO())
        self.judged: list[Check] = []

    def judge(self, *checks: Check) -> None:
        self.judged += checks

    def promise(self, name: str) -> None:
        raise PromiseBroken(name)


def test_a_refused_statement_breaks_a_promise_before_anything_is_broken() -> None:
    trial: Any = Trial()
    writer: Any = Writer(WrittenChanges(refusals=[REFUSAL]))
    with pytest.raises(PromiseBroken, match="statements accepted"):
        must_write(trial, writer)
    assert [check.name for check in trial.judged] == ["statements accepted"]
    assert "no replica identity (SQLSTATE 55000)" in trial.judged[0].evidence[0]


def test_a_writer_that_lives_may_go_on_and_one_that_died_is_trouble() -> None:
    trial: Any = Trial()
    living: Any = Writer()
    dead: Any = Writer(trouble=KeyError("x"))
    must_write(trial, living)
    with pytest.raises(Inconclusive, match="The row writer died"):
        must_write(trial, dead)
    assert trial.judged == []


@pytest.mark.parametrize(("ended", "at_most"), [(True, 0.2), (False, 5)])
def test_writing_ends_early_when_the_writer_has_ended(ended: bool, at_most: float) -> None:
    trial: Any = Trial()
    writer: Any = Writer(ended=ended)
    began = time.monotonic()
    write_for(trial, writer, 0.5)
    took = time.monotonic() - began
    assert (took < 0.5) == ended
    assert took < at_most
