"""Benchmarks that can't measure are INCONCLUSIVE, or are refused before they start."""

from __future__ import annotations

import dataclasses
import io
from collections.abc import Iterator, Mapping
from datetime import timedelta
from pathlib import Path

import pytest

from support.clients.usage import Usage
from support.errors import Inconclusive
from support.experiment import benchmark
from support.experiment.experiment import Experiment
from support.experiment.identity import Identity
from support.experiment.load import Load
from support.progress import Progress
from support.promises.definition import CheckDefinition
from support.promises.delivery_log import ACCEPTED
from support.promises.performance import (
    ACHIEVED_RATE,
    JMX_MEASURED,
    RESOURCES_MEASURED,
    SCHEDULE_DELAY,
)
from support.promises.verdicts import Unmeasured
from support.results.schema import Check, Verdict
from support.settings import Settings
from support.stack.embedded.stack import EmbeddedStack
from support.stack.lifecycle import Component
from tests.contract.running import running_stack

SECOND = timedelta(seconds=1)


class Blinded(EmbeddedStack):
    """The real stack, with instruments that a test can break."""

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


def started(stack: EmbeddedStack, folder: Path, **settings: str) -> Iterator[Experiment]:
    chosen = Settings.load({"scale": "0.05", **settings})
    identity = Identity("a feature", "a scenario", ("performance",))
    made = Experiment(identity, chosen, stack, Progress(io.StringIO()), folder, 1)
    yield made
    made.close()


@pytest.fixture
def experiment(stack: Blinded, tmp_path: Path) -> Iterator[Experiment]:
    yield from started(stack, tmp_path)
    stack.jmx_gone = stack.sampler_gone = False


def verdicts(experiment: Experiment) -> dict[str, Check]:
    return {check.name: check for check in experiment.result().checks}


@pytest.fixture
def endless_queue(stack: Blinded) -> Iterator[None]:
    """Gives the producer a queue without limits, so that only the generator limits a load."""
    baseline = stack.baseline
    endless = {"queue.buffering.max.messages": "0", "queue.buffering.max.kbytes": "2097151"}
    stack.baseline = dataclasses.replace(baseline, producer={**baseline.producer, **endless})
    yield
    stack.baseline = baseline


@pytest.mark.usefixtures("endless_queue")
def test_a_rate_that_the_machine_can_t_generate_is_inconclusive(experiment: Experiment) -> None:
    benchmark.run_steady(Load(experiment), 300_000, SECOND)
    experiment.verdicts.judge(ACHIEVED_RATE.at_most(0.1), SCHEDULE_DELAY)
    rate = verdicts(experiment)["achieved rate"]
    assert rate.verdict is Verdict.INCONCLUSIVE
    assert "of 300,000 records/s with" in rate.evidence[0]
    with pytest.raises(Unmeasured):
        experiment.require(ACHIEVED_RATE.at_most(0.1))


@pytest.mark.parametrize(
    ("gone", "check"),
    [("jmx_gone", JMX_MEASURED), ("sampler_gone", RESOURCES_MEASURED)],
    ids=["JMX", "sampler"],
)
def test_an_instrument_that_died_is_inconclusive(
    stack: Blinded, experiment: Experiment, gone: str, check: CheckDefinition
) -> None:
    setattr(stack, gone, True)
    benchmark.run_steady(Load(experiment), 200, SECOND)
    assert verdicts(experiment)[check.name].verdict is Verdict.INCONCLUSIVE
    assert verdicts(experiment)[ACCEPTED.name].verdict is Verdict.PASS
    with pytest.raises(Unmeasured, match=check.name):
        experiment.require(check)


def test_a_disk_too_small_for_the_replay_is_refused_before_it_starts(
    stack: Blinded, tmp_path: Path
) -> None:
    for made in started(stack, tmp_path, stop_free_disk="900000GB"):
        with pytest.raises(Inconclusive, match="disk is too small") as refused:
            benchmark.replay(Load(made), 895_000)
        assert "900000.6 GB" in str(refused.value)
