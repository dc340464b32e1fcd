"""How the verdicts of checks become the verdict of their scenario."""

from __future__ import annotations

import types
from datetime import timedelta
from pathlib import Path
from typing import cast

import pytest

import environment
from support.checks.judged import deviates, left_out, measured, not_measured, passed_if
from support.errors import PromiseBroken
from support.experiment.experiment import Experiment
from support.experiment.identity import Identity
from support.progress import Progress
from support.promises.definition import CheckDefinition, LimitedCheck
from support.promises.delivery_consumers import RECEIVED
from support.promises.verdicts import Unmeasured, Verdicts
from support.promises.words import Words
from support.record.archive import HISTORY
from support.record.notes import NOTES
from support.record.record import Record
from support.results.limit import Limit, Operator
from support.results.schema import Check, Verdict
from support.settings import Settings
from support.stack.lifecycle import Stack
from tests.checks.histories import history, log_of

KEPT = passed_if(True, "kept", 1, "s", "below 10 s")
BROKEN = passed_if(False, "broken", 11, "s", "below 10 s")
DOUBT = not_measured("doubt", "s", "below 10 s", "nothing was sampled")
LACKING = left_out("lacking", "samples", "at least 3", "no container is named")
FIGURE = measured("figure", 3, "records")
DEVIATING = deviates("deviating", 15.2, "s", "below 10 s", "SC-002 wants 10 s; it waited for 12 s")


def defined(check: Check) -> CheckDefinition:
    """Returns a definition that always gives this check."""
    words = Words(check.name, "delivery", "A check.", "nothing", fails="", inconclusive="")
    return CheckDefinition(words, lambda _: check)


def experiment(tmp_path: Path, **settings: str) -> Experiment:
    identity, stack = Identity("feature", "scenario", ()), cast(Stack, object())
    return Experiment(identity, Settings.load(settings, {}), stack, Progress(), tmp_path, 1)


@pytest.mark.parametrize(
    ("checks", "verdict"),
    [
        ([KEPT], Verdict.PASS),
        ([KEPT, FIGURE], Verdict.PASS),
        ([FIGURE], Verdict.INCONCLUSIVE),
        ([KEPT, DEVIATING, FIGURE], Verdict.DEVIATION),
        ([KEPT, LACKING], Verdict.PASS),
        ([LACKING], Verdict.SKIPPED),
    ],
)
def test_what_is_promised_makes_the_verdict(
    tmp_path: Path, checks: list[Check], verdict: Verdict
) -> None:
    one = experiment(tmp_path)
    one.verdicts.judge(defined(BROKEN))
    one.require(*map(defined, checks))
    assert one.result().verdict is verdict


@pytest.mark.parametrize(
    ("check", "error", "verdict"),
    [(BROKEN, PromiseBroken, Verdict.FAIL), (DOUBT, Unmeasured, Verdict.INCONCLUSIVE)],
)
def test_a_promise_that_is_not_kept_raises(
    tmp_path: Path, check: Check, error: type[Exception], verdict: Verdict
) -> None:
    one = experiment(tmp_path)
    with pytest.raises(error, match=check.name):
        one.require(defined(KEPT), defined(check))
    assert one.result().verdict is verdict


def test_a_deviation_is_in_the_reason_and_red_when_strict(tmp_path: Path) -> None:
    one = experiment(tmp_path)
    one.require(defined(DEVIATING))
    assert "SC-002 wants 10 s" in one.result().reason
    strict = experiment(tmp_path, strict="yes")
    with pytest.raises(PromiseBroken):
        strict.require(defined(DEVIATING))
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
    one = experiment(tmp_path)
    one.require(defined(KEPT))
    scenario = types.SimpleNamespace(continue_after_failed_step=False)
    context = types.SimpleNamespace(trial=one, scenario=scenario, aborted=False)
    step = types.SimpleNamespace(exception=error, step_type="then", status=None)
    environment.after_step(context, step)
    assert one.result(one.trouble).verdict is verdict


def test_a_check_is_judged_again_when_the_record_has_changed(tmp_path: Path) -> None:
    record = Record(tmp_path)
    verdicts = Verdicts(record)
    words = Words("notes", "delivery", "A check.", "notes", fails="", inconclusive="")
    notes = CheckDefinition(
        words, lambda r: passed_if(r.has(NOTES), "notes", 1, "", "notes"), (NOTES,)
    )
    verdicts.judge(notes)
    assert [check.verdict for check in verdicts.checks] == [Verdict.FAIL]
    assert verdicts.recorded(notes) == ()
    record.write(NOTES, ("a note",))
    verdicts.judge(notes)
    assert [check.verdict for check in verdicts.checks] == [Verdict.PASS]
    assert verdicts.recorded(notes) == (notes,)


def test_what_was_not_recorded_is_inconclusive_and_says_so(tmp_path: Path) -> None:
    verdicts = Verdicts(Record(tmp_path))
    words = Words("notes", "delivery", "A check.", "notes", fails="", inconclusive="")
    definition = CheckDefinition(
        words, lambda r: passed_if(bool(r[NOTES]), "notes", 1, "", "notes"), (NOTES,)
    )
    with pytest.raises(Unmeasured, match="did not record its notes"):
        verdicts.require(definition)
    assert [check.verdict for check in verdicts.required] == [Verdict.INCONCLUSIVE]


def test_a_limit_travels_into_the_check(tmp_path: Path) -> None:
    words = Words("speed", "performance", "A check.", "nothing", fails="", inconclusive="")

    def judge(_: Record, limit: Limit) -> Check:
        return passed_if(limit.allows(80.0), "speed", 80.0, "ms", str(limit))

    speed = LimitedCheck(words, "ms", judge)
    check = speed.below(timedelta(seconds=0.1)).judged(Record(tmp_path))
    assert check.limit == Limit(Operator.BELOW, 100.0, "ms")
    assert check.verdict is Verdict.PASS
    assert check.used == 0.8
    assert speed.at_most(79).judged(Record(tmp_path)).verdict is Verdict.FAIL


def test_a_check_under_another_name_is_an_error(tmp_path: Path) -> None:
    words = Words("one", "delivery", "A check.", "nothing", fails="", inconclusive="")
    with pytest.raises(ValueError, match="'one' calls itself 'kept'"):
        CheckDefinition(words, lambda _: KEPT).judged(Record(tmp_path))


def test_a_check_that_is_required_again_counts_with_the_worse_verdict(tmp_path: Path) -> None:
    verdicts = Verdicts(Record(tmp_path))
    failing = passed_if(False, "kept", 11, "s", "below 10 s")
    with pytest.raises(PromiseBroken):
        verdicts.require(defined(failing))
    Record(tmp_path)
    verdicts._judged.clear()
    verdicts.require(defined(KEPT))
    assert [check.verdict for check in verdicts.required] == [Verdict.FAIL]
    assert [check.verdict for check in verdicts.checks] == [Verdict.FAIL]
    assert verdicts.verdict(trouble=False, skipped=False) is Verdict.FAIL


def test_a_group_that_received_another_number_than_the_sentence_says_fails(tmp_path: Path) -> None:
    record = Record(tmp_path)
    record.write(HISTORY, history("aa", log_of(0, 1), [log_of(0, 1)]))
    assert RECEIVED.exactly(2).judged(record).verdict is Verdict.PASS
    assert RECEIVED.exactly(5).judged(record).verdict is Verdict.FAIL


def test_a_scenario_whose_figures_can_not_be_computed_is_recorded_all_the_same(
    tmp_path: Path,
) -> None:
    one = experiment(tmp_path)
    one.require(defined(KEPT))
    one.record.folder.mkdir(parents=True)
    (one.record.folder / "faults.json").write_text("{")
    result = one.result()
    assert result.verdict is Verdict.INCONCLUSIVE
    assert "its figures could not be computed" in result.reason
    assert [check.name for check in result.checks] == ["kept"]
