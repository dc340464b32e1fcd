"""From the verdict of a check to the verdict of its scenario."""

from __future__ import annotations

import types
from pathlib import Path
from typing import cast

import pytest

import environment
from support.checks.judged import deviates, measured, not_measured, passed_if
from support.errors import PromiseBroken
from support.experiment.experiment import Identity, Trial, Unmeasured
from support.progress import Progress
from support.results.schema import Check, Verdict
from support.settings import Settings
from support.stack.lifecycle import Stack

KEPT = passed_if(True, "kept", 1, "s", "below 10 s")
BROKEN = passed_if(False, "broken", 11, "s", "below 10 s")
DOUBT = not_measured("doubt", "s", "below 10 s", "nothing was sampled")
FIGURE = measured("figure", 3, "records")
DEVIATING = deviates("deviating", 15.2, "s", "below 10 s", "SC-002 wants 10 s; it waited for 12 s")


def trial(tmp_path: Path, **settings: str) -> Trial:
    identity, stack = Identity("feature", "scenario", ()), cast(Stack, object())
    return Trial(identity, Settings.load(settings, {}), stack, Progress(), tmp_path, 1)


@pytest.mark.parametrize(
    ("checks", "verdict"),
    [
        ([KEPT], Verdict.PASS),
        ([KEPT, FIGURE], Verdict.PASS),
        ([FIGURE], Verdict.INCONCLUSIVE),
        ([KEPT, DEVIATING, FIGURE], Verdict.DEVIATION),
    ],
)
def test_what_is_promised_makes_the_verdict(
    tmp_path: Path, checks: list[Check], verdict: Verdict
) -> None:
    one = trial(tmp_path)
    one.judge(*checks, BROKEN)
    one.promise_all(*(check.name for check in checks))
    assert one.result().verdict is verdict


@pytest.mark.parametrize(
    ("check", "error", "verdict"),
    [(BROKEN, PromiseBroken, Verdict.FAIL), (DOUBT, Unmeasured, Verdict.INCONCLUSIVE)],
)
def test_a_promise_that_is_not_kept_raises(
    tmp_path: Path, check: Check, error: type[Exception], verdict: Verdict
) -> None:
    one = trial(tmp_path)
    one.judge(KEPT, check)
    with pytest.raises(error, match=check.name):
        one.promise_all("kept", check.name)
    assert one.result().verdict is verdict


def test_a_deviation_is_in_the_reason_and_red_when_strict(tmp_path: Path) -> None:
    one = trial(tmp_path)
    one.judge(DEVIATING)
    one.promise("deviating")
    assert "SC-002 wants 10 s" in one.result().reason
    strict = trial(tmp_path, strict="yes")
    strict.judge(DEVIATING)
    with pytest.raises(PromiseBroken):
        strict.promise("deviating")
    assert strict.result().verdict is Verdict.FAIL


@pytest.mark.parametrize(
    ("error", "verdict"),
    [
        (AssertionError("an internal one"), Verdict.INCONCLUSIVE),
        (KeyError("name"), Verdict.INCONCLUSIVE),
        (PromiseBroken("broken: FAIL"), Verdict.PASS),
    ],
)
def test_only_a_broken_promise_is_no_trouble(
    tmp_path: Path, error: Exception, verdict: Verdict
) -> None:
    one = trial(tmp_path)
    one.judge(KEPT)
    one.promise("kept")
    scenario = types.SimpleNamespace(continue_after_failed_step=False)
    context = types.SimpleNamespace(trial=one, scenario=scenario, aborted=False)
    step = types.SimpleNamespace(exception=error, step_type="then", status=None)
    environment.after_step(context, step)
    assert one.result(one.trouble).verdict is verdict
