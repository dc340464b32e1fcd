"""What a benchmark says when it could not measure, or the broker did not carry it."""

from __future__ import annotations

import dataclasses
import io
from collections.abc import Iterator, Mapping
from datetime import timedelta
from pathlib import Path

import pytest

from support.clients.usage import Usage
from support.errors import Inconclusive
from support.experiment.benchmark_trial import BenchmarkTrial
from support.experiment.experiment import Identity, Trial, Unmeasured
from support.progress import Progress
from support.results.schema import Check, Verdict
from support.settings import Settings
from support.stack.embedded.stack import EmbeddedStack
from support.stack.ports import Component
from tests.contract.running import running_stack, take_apart

SECOND = timedelta(seconds=1)


class Blinded(EmbeddedStack):
    """The real stack, with instruments that can be taken away."""

    jmx_gone = sampler_gone = False

    def jmx_url(self) -> str:
        return "http://127.0.0.1:9/jolokia/" if self.jmx_gone else super().jmx_url()

    def usage(self) -> Mapping[Component, Usage]:
        if self.sampler_gone:
            raise RuntimeError("no list of processes")
        return super().usage()


@pytest.fixture(scope="module")
def stack() -> Iterator[Blinded]:
    settings = Settings.load({"scale": "0.05"})
    with running_stack(Blinded(settings, Progress(io.StringIO()))) as running:
        yield running


def trial(stack: EmbeddedStack, folder: Path, **settings: str) -> Iterator[Trial]:
    chosen = Settings.load({"scale": "0.05", **settings})
    identity = Identity("a feature", "a scenario", ("performance",))
    made = Trial(identity, chosen, stack, Progress(io.StringIO()), folder, 1)
    yield made
    made.close()


@pytest.fixture
def benchmark(stack: Blinded, tmp_path: Path) -> Iterator[BenchmarkTrial]:
    for made in trial(stack, tmp_path):
        yield BenchmarkTrial(made)
    stack.jmx_gone = stack.sampler_gone = False


def verdicts(benchmark: BenchmarkTrial) -> dict[str, Check]:
    return {check.name: check for check in take_apart(benchmark).result().checks}


@pytest.fixture
def endless_queue(stack: Blinded) -> Iterator[None]:
    """The producer's, so that the generator alone is what limits a load."""
    baseline = stack.baseline
    endless = {"queue.buffering.max.messages": "0", "queue.buffering.max.kbytes": "2097151"}
    stack.baseline = dataclasses.replace(baseline, producer={**baseline.producer, **endless})
    yield
    stack.baseline = baseline


@pytest.mark.usefixtures("endless_queue")
def test_a_rate_that_the_machine_can_t_generate_is_inconclusive(benchmark: BenchmarkTrial) -> None:
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
    stack: Blinded, benchmark: BenchmarkTrial, gone: str, check: str
) -> None:
    setattr(stack, gone, True)
    benchmark.run_steady(200, SECOND)
    benchmark.settle()
    assert verdicts(benchmark)[check].verdict is Verdict.INCONCLUSIVE
    assert verdicts(benchmark)["accepted"].verdict is Verdict.PASS
    with pytest.raises(Unmeasured, match=check):
        take_apart(benchmark).promise(check)


def test_a_disk_too_small_for_the_replay_is_refused_before_it_starts(
    stack: Blinded, tmp_path: Path
) -> None:
    for made in trial(stack, tmp_path, stop_free_disk="900000GB"):
        with pytest.raises(Inconclusive, match="disk is too small") as refused:
            BenchmarkTrial(made).replay(895_000)
        assert "900000.6 GB" in str(refused.value)
