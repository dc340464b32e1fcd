"""SIGTERM as an orderly end: it becomes the exception that Ctrl-C raises."""

from __future__ import annotations

import signal
from types import FrameType


def end_orderly_on_sigterm() -> None:
    """From now on SIGTERM (and SIGHUP) unwinds the stack, so that every `finally` runs."""
    for which in (signal.SIGTERM, signal.SIGHUP):
        signal.signal(which, _interrupt)


def ignore_further_signals() -> None:
    """Cleaning up must not be cut short by an impatient second Ctrl-C."""
    for which in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        signal.signal(which, signal.SIG_IGN)


def _interrupt(signum: int, _frame: FrameType | None) -> None:
    raise KeyboardInterrupt(signal.Signals(signum).name)
