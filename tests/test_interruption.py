"""Signals: an orderly end, and stretches that they do not cut."""

from __future__ import annotations

import os
import signal
from collections.abc import Iterator

import pytest

from support.interruption import ENDING, end_orderly_on_sigterm, uninterrupted


@pytest.fixture(autouse=True)
def handlers() -> Iterator[None]:
    before = {which: signal.getsignal(which) for which in ENDING}
    yield
    for which, handler in before.items():
        signal.signal(which, handler)


@pytest.mark.parametrize("which", [signal.SIGTERM, signal.SIGHUP])
def test_a_request_to_end_unwinds_the_stack(which: signal.Signals) -> None:
    end_orderly_on_sigterm()
    with pytest.raises(KeyboardInterrupt, match=which.name):
        os.kill(os.getpid(), which)


def test_a_hangup_that_is_ignored_stays_ignored() -> None:
    signal.signal(signal.SIGHUP, signal.SIG_IGN)
    end_orderly_on_sigterm()
    os.kill(os.getpid(), signal.SIGHUP)


def test_a_signal_inside_takes_effect_afterwards() -> None:
    # Whoever started these tests may have left it ignored, as a shell does in the background.
    signal.signal(signal.SIGINT, signal.default_int_handler)
    reached = False
    with pytest.raises(KeyboardInterrupt), uninterrupted():
        os.kill(os.getpid(), signal.SIGINT)
        reached = True
    assert reached
