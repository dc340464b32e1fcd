"""A broker that ended is noticed, even if another one runs already."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator
from contextlib import contextmanager, nullcontext
from datetime import timedelta
from pathlib import Path
from types import SimpleNamespace
from typing import Any, cast

import pytest

from support.errors import PromiseBroken
from support.experiment.broker_watch import BrokerWatch
from support.experiment.cdc_faults import broken_by
from support.experiment.experiment import Experiment
from support.experiment.load import Load
from support.faults.capture_restart import CaptureRestart, How
from support.faults.timeline import FaultTimeline
from support.promises.verdicts import Verdicts
from support.record.archive import HISTORY
from support.record.load import LoadNews, LoadOrder
from support.record.record import Record
from support.results.schema import Check, Verdict
from tests.checks.histories import history, log_of


class Watched:
    """Implements BrokerLife with an incarnation that the test sets."""

    def __init__(self, incarnation: str | None) -> None:
        self.incarnation = incarnation

    def broker_incarnation(self) -> str | None:
        return self.incarnation

    def broker_last_words(self) -> str:
        return "No space left\n"


class Judged:
    """Implements the part of an experiment that a watch needs."""

    def __init__(self, stack: object) -> None:
        self.stack = stack
        self.record = Record(Path(tempfile.mkdtemp()))
        self.verdicts = Verdicts(self.record)
        self.require = self.verdicts.require

    @property
    def checks(self) -> tuple[Check, ...]:
        return self.verdicts.checks


def watch(stack: object) -> tuple[BrokerWatch, Judged]:
    experiment = Judged(stack)
    return BrokerWatch(cast(Experiment, experiment)), experiment


@pytest.mark.parametrize(
    ("now", "told"),
    [("", "ended at 5 of 9"), ("started 2", "ended and was started again at 5 of 9")],
)
def test_a_broker_that_did_not_stay_is_a_broken_promise(now: str, told: str) -> None:
    stack = Watched("started 1")
    looking, experiment = watch(stack)
    looking.look("4 of 9")
    stack.incarnation = now
    with pytest.raises(PromiseBroken, match=f"measured: {told}\n"):
        looking.look("5 of 9")
    assert experiment.checks[0].evidence == ("No space left",)


def test_a_broker_that_was_gone_from_the_start_is_one_too() -> None:
    looking, _ = watch(Watched(""))
    with pytest.raises(PromiseBroken):
        looking.look("0 of 9")


@pytest.mark.parametrize("stack", [Watched(None), object()])
def test_a_broker_that_cannot_be_watched_is_not_reported(stack: object) -> None:
    looking, experiment = watch(stack)
    looking.look("4 of 9")
    assert experiment.checks == ()


def test_one_that_could_not_be_seen_at_first_is_no_other_one() -> None:
    stack = Watched(None)
    looking, experiment = watch(stack)
    stack.incarnation = "started 1"
    looking.look("4 of 9")
    assert experiment.checks == ()
    stack.incarnation = "started 2"
    with pytest.raises(PromiseBroken):
        looking.look("5 of 9")


def test_only_what_the_suite_broke_itself_may_be_another_one() -> None:
    stack = Watched("started 1")
    looking, _ = watch(stack)
    with looking.excused():
        stack.incarnation = "started 2"
    looking.look("4 of 9")
    stack.incarnation = "started 3"
    with pytest.raises(PromiseBroken), looking.excused():
        raise AssertionError("The fault must not begin.")


def cdc(stack: Watched) -> tuple[Any, Judged]:
    """Returns a pipeline of which only the watch is used, and its experiment."""
    judged = Judged(stack)
    looking = BrokerWatch(cast(Experiment, judged))
    return SimpleNamespace(broker=looking), judged


def test_the_worker_s_restart_excuses_no_restart_of_the_broker() -> None:
    stack = Watched("started 1")
    stack.shared = False  # type: ignore[attr-defined]
    pipeline, judged = cdc(stack)
    experiment: Any = SimpleNamespace(stack=stack, settings=SimpleNamespace(patience=1.0))

    class Worker(CaptureRestart):
        @contextmanager
        def injected(self, capture: object) -> Iterator[FaultTimeline]:
            yield FaultTimeline("worker")
            stack.incarnation = "started 2"

    fault = Worker(How.WORKER, timedelta(seconds=1))
    with broken_by(fault, pipeline, experiment):
        pass
    with pytest.raises(PromiseBroken, match="ended and was started again at the end"):
        pipeline.broker.look("the end")
    assert [check.verdict for check in judged.checks] == [Verdict.FAIL]


def test_a_load_has_one_watch_from_its_beginning_to_its_end(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Between two phases, and while everything is read back, as well."""
    stack = Watched("started 1")
    judged: Any = Judged(stack)
    judged.folder = tmp_path
    judged.create_topic = lambda _: "t"
    stack.endpoints = SimpleNamespace(kafka="")  # type: ignore[attr-defined]
    judged.progress = SimpleNamespace(phase=lambda _: nullcontext(), update=lambda _: None)
    load = Load(judged)
    running = SimpleNamespace(
        how_far=lambda: "9 of 9",
        news=LoadNews("done"),
        order=LoadOrder("", "t", {}, (), 1, (1, 2), str(tmp_path), None, "", 0),
    )
    monkeypatch.setattr(Load, "_read_back", lambda *_: history("a", log_of(0)))
    monkeypatch.setattr(Load, "running", running)
    stack.incarnation = "started 2"
    with pytest.raises(PromiseBroken, match="ended and was started again at 9 of 9"):
        load.settle()
    assert judged.record.has(HISTORY)
