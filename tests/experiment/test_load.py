"""After a load has settled, its columns and journal are in the history, and only there."""

from __future__ import annotations

from contextlib import nullcontext
from pathlib import Path
from types import SimpleNamespace
from typing import Any, cast

import pytest

from support.experiment.experiment import Experiment
from support.experiment.load import Load
from support.promises.verdicts import Verdicts
from support.record.archive import HISTORY
from support.record.attempts import AttemptColumns, Attempts, Outcome
from support.record.history import History
from support.record.load import LOAD, LoadNews, LoadOrder
from support.record.record import Record
from tests.checks.histories import history, log_of


def experiment_in(folder: Path) -> Experiment:
    record = Record(folder)
    made = SimpleNamespace(
        folder=folder,
        record=record,
        verdicts=Verdicts(record),
        stack=SimpleNamespace(endpoints=SimpleNamespace(kafka="")),
        progress=SimpleNamespace(phase=lambda _: nullcontext()),
        create_topic=lambda _: "t",
    )
    return cast(Experiment, made)


def test_the_columns_of_a_settled_load_are_kept_once(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    columns = AttemptColumns.create(tmp_path / "load", 2)
    columns.outcome[0] = columns.outcome[1] = Outcome.ACKED
    columns.offset[1] = 1
    (tmp_path / "log.journal").touch()
    running: Any = SimpleNamespace(
        # As of a real load: read from the columns.
        how_far=lambda: f"{len(Attempts.open(tmp_path / 'load'))} of 2 sent",
        news=LoadNews("done"),
        order=LoadOrder("", "t", {}, (), 1, (1, 2), str(tmp_path / "load"), None, "", 0),
    )
    read = History(Attempts.open(tmp_path / "load"), history("aa", log_of(0, 1)).log)
    monkeypatch.setattr(Load, "_read_back", lambda *_: read)
    monkeypatch.setattr(Load, "running", running)
    experiment = experiment_in(tmp_path)
    assert Load(experiment).settle().attempts.count(Outcome.ACKED) == 2
    assert experiment.record.has(LOAD)
    assert not list(tmp_path.glob("load/*"))
    assert not (tmp_path / "log.journal").exists()
    assert len(Record(tmp_path)[HISTORY].attempts) == 2
