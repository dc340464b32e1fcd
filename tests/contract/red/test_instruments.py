"""What a benchmark says when it could not measure, or the broker did not carry it."""

from __future__ import annotations

from datetime import timedelta

import pytest

from support.errors import Inconclusive
from support.experiment.benchmark_trial import BenchmarkTrial
from support.experiment.experiment import Trial, Unmeasured
from support.results.schema import Check, Verdict
from support.settings import Settings
from tests.contract.red.stack import SabotagedStack
from tests.contract.running import take_apart

SECOND = timedelta(seconds=1)


@pytest.fixture
def benchmark(trial: Trial) -> BenchmarkTrial:
    trial.settings = Settings.load({"scale": "0.05"})
    return BenchmarkTrial(trial)


def verdicts(benchmark: BenchmarkTrial) -> dict[str, Check]:
    return {check.name: check for check in take_apart(benchmark).result().checks}


ENDLESS_QUEUE = {"queue.buffering.max.messages": "0", "queue.buffering.max.kbytes": "2097151"}
"""The generator alone limits a load."""


def test_a_rate_that_the_machine_can_t_generate_is_inconclusive(
    stack: SabotagedStack, benchmark: BenchmarkTrial
) -> None:
    stack.configure(producer=ENDLESS_QUEUE)
    benchmark.run_steady(300_000, SECOND)
    benchmark.settle()
    benchmark.judge_pacing(0.1)
    rate = verdicts(benchmark)["achieved rate"]
    assert rate.verdict is Verdict.INCONCLUSIVE
    assert "of 300,000 records/s with" in rate.evidence[0]
    with pytest.raises(Unmeasured):
        take_apart(benchmark).promise("achieved rate")


@pytest.mark.parametrize(
    ("gone", "check"), [("jmx_gone", "JMX measured"), ("sampler_gone", "resources measured")]
)
def test_an_instrument_that_died_is_inconclusive(
    stack: SabotagedStack, benchmark: BenchmarkTrial, gone: str, check: str
) -> None:
    setattr(stack, gone, True)
    benchmark.run_steady(200, SECOND)
    benchmark.settle()
    assert verdicts(benchmark)[check].verdict is Verdict.INCONCLUSIVE
    assert verdicts(benchmark)["accepted"].verdict is Verdict.PASS
    with pytest.raises(Unmeasured, match=check):
        take_apart(benchmark).promise(check)


def test_a_disk_too_small_for_the_replay_is_refused_before_it_starts(
    benchmark: BenchmarkTrial,
) -> None:
    take_apart(benchmark).settings = Settings.load({"scale": "0.05", "stop_free_disk": "900000GB"})
    with pytest.raises(Inconclusive, match="disk is too small") as refused:
        benchmark.replay(895_000)
    assert "900000.6 GB" in str(refused.value)
