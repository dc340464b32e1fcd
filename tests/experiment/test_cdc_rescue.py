"""Changes that stay away: what is said of the help that they were given."""

from __future__ import annotations

import io
from contextlib import nullcontext
from datetime import timedelta
from types import SimpleNamespace
from typing import Any

import pytest

from support.clock import NS_PER_S
from support.experiment import cdc_trial
from support.experiment.cdc_trial import CdcTrial
from support.faults.timeline import FaultTimeline
from support.progress import Progress
from support.results.schema import Check, Verdict

MINUTE = timedelta(seconds=60)
FAULT: Any = SimpleNamespace(name="crash")


class Trial:
    """Keeps the last verdict of each check."""

    def __init__(self) -> None:
        self.progress = Progress(io.StringIO())
        self.settings = SimpleNamespace(patience=1)
        self.stack = None
        self.checks: dict[str, Check] = {}

    def scaled(self, count: float, least: int) -> int:
        return least

    def judge(self, *checks: Check) -> None:
        self.checks.update({check.name: check for check in checks})

    def promise_worked_again(self, _fault: FaultTimeline) -> None:
        pass


@pytest.fixture
def judged(monkeypatch: pytest.MonkeyPatch) -> Any:
    """The check of a run through a crash, by what each look for new changes tells."""
    restarts: list[object] = []
    monkeypatch.setattr(cdc_trial, "write_for", lambda *_: None)
    monkeypatch.setattr(cdc_trial, "must_write", lambda *_: None)
    monkeypatch.setattr(cdc_trial, "committed_offset", lambda *_: None)
    monkeypatch.setattr(cdc_trial, "restart_worker", lambda *_: restarts.append(1))
    timeline = FaultTimeline("crash", NS_PER_S, [(NS_PER_S, 2 * NS_PER_S)], 3 * NS_PER_S)
    monkeypatch.setattr(cdc_trial, "broken_by", lambda *_: nullcontext(timeline))

    def run(rescue: timedelta | None, *arrives: bool) -> tuple[Check, int]:
        trial, looks = Trial(), iter(arrives)
        cdc: Any = CdcTrial.__new__(CdcTrial)
        cdc._trial, cdc._writer = trial, SimpleNamespace(ended=False)
        cdc._pipeline = SimpleNamespace(slot=lambda: None, own=SimpleNamespace(watch=None))
        cdc._rescued = ""
        cdc._arriving = SimpleNamespace(await_new=lambda *_: next(looks))
        cdc.run_through(FAULT, rescue=rescue)
        return trial.checks["back without help"], len(restarts)

    return run


def test_a_worker_that_the_suite_restarted_did_not_come_back_without_help(judged: Any) -> None:
    check, restarts = judged(MINUTE, False, True)
    assert (check.verdict, check.measured, restarts) == (Verdict.DEVIATION, 1, 1)
    assert "the worker was restarted after" in check.evidence[0]


def test_changes_that_arrive_before_the_rescue_came_back_by_themselves(judged: Any) -> None:
    check, restarts = judged(MINUTE, True)
    assert (check.verdict, restarts) == (Verdict.PASS, 0)
    check, restarts = judged(None, False)
    assert (check.verdict, restarts) == (Verdict.PASS, 0)
