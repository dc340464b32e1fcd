"""One real embedded stack for all tests of this folder, and an experiment on it for each test."""

from __future__ import annotations

import io
from collections.abc import Iterator
from itertools import count
from pathlib import Path

import pytest

from support import clock
from support.clients.broker import BrokerClient
from support.experiment.experiment import Experiment
from support.experiment.identity import Identity
from support.progress import Progress
from support.settings import Settings
from support.stack.leftovers import new_run_id
from tests.contract.red.stack import SabotagedStack
from tests.contract.running import running_stack

SMALL = {"scale": "0.05", "patience": "0.2"}
NUMBERS = count(1)
"""Numbers of the experiments: two tests in one second must not have topics of the same names."""


@pytest.fixture(scope="package")
def stack() -> Iterator[SabotagedStack]:
    settings = Settings.load({"scale": "0.05"})
    with running_stack(SabotagedStack(settings, Progress(io.StringIO()))) as running:
        yield running


@pytest.fixture(scope="package")
def broker(stack: SabotagedStack) -> BrokerClient:
    """Returns one client for all tests: a client takes a second to find its broker."""
    return BrokerClient(stack.endpoints.kafka)


@pytest.fixture
def trial(stack: SabotagedStack, broker: BrokerClient, tmp_path: Path) -> Iterator[Experiment]:
    """Yields an experiment, and restores the stack's baseline afterwards."""
    baseline = stack.baseline
    identity = Identity("a feature", "a scenario", ("performance", "delivery"))
    run = tmp_path / new_run_id(clock.utc_now())
    made = Experiment(
        identity, Settings.load(SMALL), stack, Progress(io.StringIO()), run, next(NUMBERS)
    )
    made.objects.client = broker
    yield made
    stack.baseline, stack.leak_pid = baseline, None
    made.close()
