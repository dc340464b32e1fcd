"""A broker that ended is noticed, also when another one runs already."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager, nullcontext
from datetime import timedelta
from types import SimpleNamespace
from typing import Any, cast

import pytest

from support.errors import PromiseBroken
from support.experiment.broker_watch import BrokerWatch
from support.experiment.cdc_faults import broken_by
from support.experiment.experiment import Trial
from support.experiment.load_trial import LoadTrial
from support.faults.capture_restart import CaptureRestart, How
from support.faults.timeline import FaultTimeline
from support.record.history import History
from support.results.schema import Check, Verdict
from tests.checks.histories import history, log_of


class Watched:
    """A stack whose broker is whichever process is said."""

    def __init__(self, incarnation: str | None) -> None:
        self.incarnation = incarnation

    def broker_incarnation(self) -> str | None:
        return self.incarnation

    def broker_last_words(self) -> str:
        return "No space left\n"


class Judged:
    """The part of a trial that a watch needs."""

    def __init__(self, stack: object) -> None:
        self.stack = stack
        self.checks: list[Check] = []

    def judge(self, *checks: Check) -> None:
        self.checks += checks

    def promise(self, name: str) -> None:
        check = self.checks[-1]
        assert (check.name, check.verdict) == (name, Verdict.FAIL)
        raise PromiseBroken(str(check.measured))


def watch(stack: object) -> tuple[BrokerWatch, Judged]:
    trial = Judged(stack)
    return BrokerWatch(cast(Trial, trial)), trial


@pytest.mark.parametrize(
    ("now", "told"),
    [("", "ended at 5 of 9"), ("started 2", "ended and was started again at 5 of 9")],
)
def test_a_broker_that_did_not_stay_is_a_broken_promise(now: str, told: str) -> None:
    stack = Watched("started 1")
    looking, trial = watch(stack)
    looking.look("4 of 9")
    stack.incarnation = now
    with pytest.raises(PromiseBroken, match=f"^{told}$"):
        looking.look("5 of 9")
    assert trial.checks[0].evidence == ("No space left",)


def test_a_broker_that_was_gone_from_the_start_is_one_too() -> None:
    looking, _ = watch(Watched(""))
    with pytest.raises(PromiseBroken):
        looking.look("0 of 9")


@pytest.mark.parametrize("stack", [Watched(None), object()])
def test_where_nobody_can_tell_nothing_is_said(stack: object) -> None:
    looking, trial = watch(stack)
    looking.look("4 of 9")
    assert trial.checks == []


def test_one_that_could_not_be_seen_at_first_is_no_other_one() -> None:
    stack = Watched(None)
    looking, trial = watch(stack)
    stack.incarnation = "started 1"
    looking.look("4 of 9")
    assert trial.checks == []
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
    """A pipeline of a trial, of which nothing but the watch is used."""
    judged = Judged(stack)
    looking = BrokerWatch(cast(Trial, judged))
    return SimpleNamespace(broker=looking), judged


def test_the_worker_s_restart_excuses_no_restart_of_the_broker() -> None:
    stack = Watched("started 1")
    stack.shared = False  # type: ignore[attr-defined]
    pipeline, judged = cdc(stack)
    trial: Any = SimpleNamespace(stack=stack, settings=SimpleNamespace(patience=1.0))

    class Worker(CaptureRestart):
        @contextmanager
        def injected(self, capture: object) -> Iterator[FaultTimeline]:
            yield FaultTimeline("worker")
            stack.incarnation = "started 2"

    fault = Worker(How.WORKER, timedelta(seconds=1))
    with broken_by(fault, pipeline, trial):
        pass
    with pytest.raises(PromiseBroken, match="ended and was started again at the end"):
        pipeline.broker.look("the end")
    assert [check.verdict for check in judged.checks] == [Verdict.FAIL]


def test_a_load_has_one_watch_from_its_beginning_to_its_end() -> None:
    """Also where nothing is followed: between two phases, and when all is read back."""
    stack = Watched("started 1")
    judged: Any = Judged(stack)
    judged.create_topic = lambda _: "t"
    stack.endpoints = SimpleNamespace(bootstrap="")  # type: ignore[attr-defined]
    judged.progress = SimpleNamespace(phase=lambda _: nullcontext(), update=lambda _: None)
    judged.facts = {}

    class Load(LoadTrial):
        """Whose history is of no interest."""

        def _history(self) -> History:
            return history("a", log_of(0))

        def _client_errors(self) -> dict[str, int]:
            return {}

        def _load_facts(self, history: History) -> dict[str, Any]:
            return {}

        def _running(self) -> Any:
            return SimpleNamespace(how_far=lambda: "9 of 9")

    load = Load(judged)
    stack.incarnation = "started 2"
    with pytest.raises(PromiseBroken, match="ended and was started again at 9 of 9"):
        load.settle()
    assert "delivery" in judged.facts
