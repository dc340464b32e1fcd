"""A pipeline is dropped as a whole: what can't be removed does not keep the rest."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import pytest

from support.errors import NotInTime, StackError
from support.stack import leftovers

NAME = "kafka_validation_run_20250101_000000_1_1"


class Pipeline:
    """Implements what is called of a Database and of a ConnectClient; removes what is not in
    `stuck`."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch, stuck: Sequence[str]) -> None:
        self.left = {"connector", "slot", "PUBLICATION", "SCHEMA"}
        self._stuck = stuck
        monkeypatch.setattr(leftovers, "drop_slot", lambda *_: self._remove("slot"))

    def delete(self, _name: str) -> None:
        self._remove("connector")

    def execute(self, statement: str) -> None:
        self._remove(statement.split()[1])

    def _remove(self, what: str) -> None:
        if what in self._stuck:
            error = StackError if what == "connector" else NotInTime
            raise error(f"{what} is left")
        self.left.remove(what)


def drop(pipeline: Any) -> None:
    leftovers.drop_pipeline(pipeline, pipeline, NAME)


def test_everything_is_dropped(monkeypatch: pytest.MonkeyPatch) -> None:
    pipeline = Pipeline(monkeypatch, [])
    drop(pipeline)
    assert pipeline.left == set()


@pytest.mark.parametrize("stuck", ["connector", "slot", "PUBLICATION", "SCHEMA"])
def test_what_can_not_be_dropped_is_named_and_all_else_is_dropped(
    monkeypatch: pytest.MonkeyPatch, stuck: str
) -> None:
    pipeline = Pipeline(monkeypatch, [stuck])
    with pytest.raises((StackError, NotInTime), match=f"{stuck} is left"):
        drop(pipeline)
    assert pipeline.left == {stuck}


def test_every_failure_is_in_the_message(monkeypatch: pytest.MonkeyPatch) -> None:
    pipeline = Pipeline(monkeypatch, ["connector", "slot"])
    line = leftovers._removed("pipeline", NAME, lambda _: drop(pipeline))
    assert "connector is left" in line
    assert "slot is left" in line
    assert pipeline.left == {"connector", "slot"}
