"""A regression is named, noise is not, and only an acceptance result becomes the baseline."""

from __future__ import annotations

import dataclasses
from pathlib import Path

import msgspec
import pytest

from support.errors import StackError
from support.report.accepted import accepted_of, judged_by_accepted
from support.report.compare import main
from support.report.comparison import against_accepted, comparison
from support.report.difference import Change, compare
from support.report.figures import Figure, figures_of
from support.results.schema import RunResult, ScenarioResult, Verdict
from support.results.store import ResultsStore
from tests.results.examples import RESTART, RUN, SCALED, THROUGHPUT


def change(base: Figure, now: Figure) -> Change:
    (found,) = compare({"s | f": base}, {"s | f": now})
    return found.change


def ms(*values: float) -> Figure:
    return Figure(values, "ms")


@pytest.mark.parametrize(
    ("base", "now", "expected"),
    [
        (ms(50), ms(70), Change.WORSE),
        (ms(50), ms(60), Change.NONE),
        (ms(50), ms(30), Change.BETTER),
        (ms(4), ms(8), Change.NONE),
        (ms(30, 60, 90), ms(110), Change.NONE),
        (Figure((1000,), "records/s", True), Figure((700,), "records/s", True), Change.WORSE),
        (Figure((1000,), "records/s", True), Figure((1400,), "records/s", True), Change.BETTER),
        (Figure((0,), "records", exact=True), Figure((1,), "records", exact=True), Change.WORSE),
        (Figure((0,), "records", exact=True), Figure((0,), "records", exact=True), Change.NONE),
        (
            Figure((0,), "records", exact=True),
            Figure((0, 0, 1), "records", exact=True),
            Change.WORSE,
        ),
    ],
    ids=[
        "worse",
        "noise",
        "better",
        "below the least",
        "repeats are wide",
        "slower",
        "faster",
        "one lost",
        "none lost",
        "one lost in one repeat",
    ],
)
def test_a_difference_counts_beyond_noise_only(base: Figure, now: Figure, expected: Change) -> None:
    assert change(base, now) is expected


def slower(run: RunResult) -> RunResult:
    assert THROUGHPUT.latency is not None
    ack = dataclasses.replace(THROUGHPUT.latency.intended_to_ack, p95_ms=90.0)
    latency = dataclasses.replace(THROUGHPUT.latency, intended_to_ack=ack)
    changed = dataclasses.replace(THROUGHPUT, latency=latency)
    return dataclasses.replace(run, run_id="later", scenarios=(changed, RESTART))


def test_a_slower_run_is_worse(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    ResultsStore(tmp_path / "base").write_run(RUN)
    ResultsStore(tmp_path / "now").write_run(slower(RUN))
    assert main([str(tmp_path / "base"), str(tmp_path / "now")]) == 1
    output = capsys.readouterr().out
    first = next(line for line in output.splitlines() if line.startswith("| ✖"))
    assert first.startswith(f"| ✖ worse | {THROUGHPUT.name} | latency p95 | 6.25 ms | 90.00 ms")
    assert main([str(tmp_path / "base"), str(tmp_path / "base")]) == 0
    assert main([str(tmp_path / "nowhere"), str(tmp_path / "base")]) == 2


def test_repeats_become_one_figure() -> None:
    twice = tuple(
        dataclasses.replace(THROUGHPUT, name=f"{THROUGHPUT.name} [{n} of 2]") for n in (1, 2)
    )
    run = dataclasses.replace(RUN, scenarios=twice)
    figures = figures_of(run)
    assert figures[f"{THROUGHPUT.name} | latency p95"].values == (6.25, 6.25)
    text, as_good = comparison("a", figures, run)
    assert "(of 2)" in text
    assert as_good


def test_only_an_acceptance_result_becomes_the_baseline() -> None:
    good = dataclasses.replace(RUN, verdict=Verdict.PASS, scale=1.0)
    assert accepted_of(good).figures == figures_of(good)
    for bad in (RUN, SCALED):
        with pytest.raises(StackError, match="can't become the accepted baseline"):
            accepted_of(bad)


def test_settings_that_describe_their_stack_do_not_change_the_baseline() -> None:
    """README prescribes these for attach; everywhere else they change what is tested."""
    described = {"connector.topic.prefix": "shop", "topic.replication.factor": "3"}
    good = dataclasses.replace(RUN, verdict=Verdict.PASS, scale=1.0)
    changed = dataclasses.replace(
        good, provenance=dataclasses.replace(good.provenance, settings=described)
    )
    theirs = dataclasses.replace(changed, target="attach")
    assert accepted_of(theirs).target == "attach"
    with pytest.raises(StackError, match=r"connector\.topic\.prefix=shop"):
        accepted_of(changed)
    tuned = {**described, "producer.acks": "1"}
    provenance = dataclasses.replace(theirs.provenance, settings=tuned)
    with pytest.raises(StackError, match=r"acks=1") as refused:
        accepted_of(dataclasses.replace(theirs, provenance=provenance))
    assert "prefix" not in str(refused.value)


def test_an_accepted_baseline_is_read_back_and_compared(tmp_path: Path) -> None:
    good = dataclasses.replace(RUN, verdict=Verdict.PASS, scale=1.0)
    path = tmp_path / "figures.json"
    assert against_accepted(good, path) == ""
    path.write_bytes(msgspec.json.encode(accepted_of(good)))
    text = against_accepted(slower(good), path)
    assert f"against `{RUN.run_id} (accepted" in text
    assert "| ✖ worse |" in text
    assert against_accepted(SCALED, path) == ""


def test_a_regression_makes_a_run_red_where_that_is_wanted(tmp_path: Path) -> None:
    good = dataclasses.replace(RUN, verdict=Verdict.PASS, scale=1.0)
    path = tmp_path / "figures.json"
    path.write_bytes(msgspec.json.encode(accepted_of(good)))
    assert judged_by_accepted(good, path) == good
    red = judged_by_accepted(slower(good), path)
    assert red.verdict is Verdict.FAIL
    assert "latency p95: 6.25 ms -> 90.00 ms" in red.trouble


def test_a_run_that_was_red_is_worse_even_without_a_figure() -> None:
    broken = dataclasses.replace(
        THROUGHPUT, verdict=Verdict.INCONCLUSIVE, load=None, latency=None, resources={}
    )
    good, red = (dataclasses.replace(RUN, scenarios=(s,)) for s in (THROUGHPUT, broken))
    text, as_good = comparison("a", figures_of(good), red)
    assert not as_good
    assert f"| ✖ worse | {THROUGHPUT.name} | not passed | 0 runs | 1 run |" in text


def skipping(run: RunResult) -> RunResult:
    left_out = ScenarioResult(
        THROUGHPUT.feature, THROUGHPUT.name, THROUGHPUT.tags, Verdict.SKIPPED, "No Docker.", 0.0
    )
    return dataclasses.replace(run, run_id="later", scenarios=(left_out, RESTART))


def test_a_run_that_skips_a_scenario_is_not_as_good(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    ResultsStore(tmp_path / "base").write_run(RUN)
    ResultsStore(tmp_path / "now").write_run(skipping(RUN))
    assert main([str(tmp_path / "base"), str(tmp_path / "now")]) == 1
    output = capsys.readouterr().out
    assert "No longer measured" in output
    row = next(line for line in output.splitlines() if line.startswith(f"| {THROUGHPUT.name} |"))
    assert "latency p95" in row
    assert "SKIPPED: No Docker." in row


def test_where_regressions_count_a_skipped_scenario_is_no_pass(tmp_path: Path) -> None:
    good = dataclasses.replace(RUN, verdict=Verdict.PASS, scale=1.0)
    path = tmp_path / "figures.json"
    path.write_bytes(msgspec.json.encode(accepted_of(good)))
    judged = judged_by_accepted(skipping(good), path)
    assert judged.verdict is Verdict.INCONCLUSIVE
    assert f"no longer measured, unlike in the accepted baseline: {THROUGHPUT.name}: " in (
        judged.trouble
    )


def test_a_scenario_that_the_run_was_not_asked_for_is_named_and_no_trouble(tmp_path: Path) -> None:
    good = dataclasses.replace(RUN, verdict=Verdict.PASS, scale=1.0)
    part = dataclasses.replace(good, scenarios=(RESTART,))
    text, as_good = comparison("a", figures_of(good), part)
    assert as_good
    assert f"Not in this run: {THROUGHPUT.name}" in text
    path = tmp_path / "figures.json"
    path.write_bytes(msgspec.json.encode(accepted_of(good)))
    assert judged_by_accepted(part, path) == part


def test_runs_of_different_scales_are_not_compared(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    ResultsStore(tmp_path / "base").write_run(RUN)
    ResultsStore(tmp_path / "now").write_run(SCALED)
    assert main([str(tmp_path / "base"), str(tmp_path / "now")]) == 2
    assert "These runs can't be compared" in capsys.readouterr().err


def test_settings_of_another_configuration_are_not_accepted() -> None:
    tried = dataclasses.replace(RUN.provenance, settings={"producer.acks": "0", "repeat": "3"})
    with pytest.raises(StackError, match="Baseline Configuration") as refused:
        accepted_of(dataclasses.replace(RUN, verdict=Verdict.PASS, provenance=tried))
    assert "producer.acks=0" in str(refused.value)
    assert "repeat" not in str(refused.value)


@pytest.mark.parametrize("content", [b"{", b'{"run_id": "x"}', b"[]"])
def test_an_unreadable_baseline_is_reported_and_the_run_is_not_green(
    content: bytes, tmp_path: Path
) -> None:
    good = dataclasses.replace(RUN, verdict=Verdict.PASS, scale=1.0)
    path = tmp_path / "figures.json"
    path.write_bytes(content)
    assert "make accept-baseline" in against_accepted(good, path)
    judged = judged_by_accepted(good, path)
    assert judged.verdict is Verdict.INCONCLUSIVE
    assert "can't be read" in judged.trouble


def test_another_machine_is_named(tmp_path: Path) -> None:
    good = dataclasses.replace(RUN, verdict=Verdict.PASS, scale=1.0)
    path = tmp_path / "figures.json"
    accepted = dataclasses.replace(accepted_of(good), host="Linux, 64 cores")
    path.write_bytes(msgspec.json.encode(accepted))
    assert "on another machine" in against_accepted(good, path)
    path.write_bytes(msgspec.json.encode(accepted_of(good)))
    assert "on another machine" not in against_accepted(good, path)
