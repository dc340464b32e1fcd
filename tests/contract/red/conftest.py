"""One real embedded stack for all tests of this folder, and a trial on it for each of them."""

from __future__ import annotations

import io
from collections.abc import Iterator
from pathlib import Path

import pytest

from support import clock
from support.clients.broker import BrokerClient
from support.experiment.experiment import Identity, Trial
from support.progress import Progress
from support.settings import Settings
from support.stack.leftovers import new_run_id
from tests.contract.red.stack import SabotagedStack
from tests.contract.running import running_stack

SMALL = {"scale": "0.05", "patience": "0.2"}


@pytest.fixture(scope="package")
def stack() -> Iterator[SabotagedStack]:
    settings = Settings.load({"scale": "0.05"})
    with running_stack(SabotagedStack(settings, Progress(io.StringIO()))) as running:
        yield running


@pytest.fixture(scope="package")
def broker(stack: SabotagedStack) -> BrokerClient:
    """One for all trials: a client takes a second to find its broker."""
    return BrokerClient(stack.endpoints.bootstrap)


@pytest.fixture
def trial(stack: SabotagedStack, broker: BrokerClient, tmp_path: Path) -> Iterator[Trial]:
    """As a scenario of every kind has it; the stack's baseline is as it was afterwards."""
    baseline = stack.baseline
    identity = Identity("a feature", "a scenario", ("performance", "delivery"))
    run = tmp_path / new_run_id(clock.utc_now())
    made = Trial(identity, Settings.load(SMALL), stack, Progress(io.StringIO()), run, 1)
    made.broker = broker
    yield made
    stack.baseline, stack.leak_pid = baseline, None
    made.close()
