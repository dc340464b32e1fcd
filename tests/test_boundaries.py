"""An interruption that a step swallowed, or turned into another error, ends the run after it."""

from __future__ import annotations

import os
import signal
from collections.abc import Iterator
from types import SimpleNamespace
from typing import Any

import pytest

import environment
from support.errors import PromiseBroken, StackError
from support.interruption import forget, listen


@pytest.fixture(autouse=True)
def listening() -> Iterator[None]:
    before = signal.getsignal(signal.SIGTERM)
    forget()
    listen()
    yield
    forget()
    signal.signal(signal.SIGTERM, before)


def made() -> Any:
    return SimpleNamespace(
        aborted=False,
        scenario=SimpleNamespace(continue_after_failed_step=True),
        trial=SimpleNamespace(trouble="", skip=lambda _: False, skipped=""),
    )


@pytest.mark.parametrize(
    "error",
    [
        None,
        SystemError("returned a result with an exception set"),
        StackError("no broker"),
        PromiseBroken("lost"),
        KeyboardInterrupt("SIGTERM"),
    ],
    ids=lambda error: type(error).__name__,
)
def test_a_step_in_which_a_signal_arrived_is_the_last_one(error: BaseException | None) -> None:
    context = made()
    os.kill(os.getpid(), signal.SIGTERM)
    step = SimpleNamespace(exception=error, step_type="then", status=None)
    with pytest.raises(KeyboardInterrupt):
        environment.after_step(context, step)
    assert context.trial.trouble == "interrupted by SIGTERM"
    assert not context.scenario.continue_after_failed_step
    with pytest.raises(KeyboardInterrupt):
        environment.before_step(context, step)
    with pytest.raises(KeyboardInterrupt):
        environment.before_scenario(context, SimpleNamespace(effective_tags=()))


def test_without_a_signal_a_step_goes_on_as_before() -> None:
    context = made()
    step = SimpleNamespace(exception=StackError("no broker"), step_type="given", status=None)
    environment.before_step(context, step)
    environment.after_step(context, step)
    assert context.trial.trouble == "no broker"
