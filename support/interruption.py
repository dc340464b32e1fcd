"""SIGTERM as an orderly end, and short stretches that no signal may cut."""

from __future__ import annotations

import signal
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from types import FrameType

ENDING = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)


def end_orderly_on_sigterm() -> None:
    """From now on SIGTERM (and SIGHUP) unwinds the stack, so that every `finally` runs.

    A SIGHUP that is ignored already (nohup) stays ignored.
    """
    signal.signal(signal.SIGTERM, _interrupt)
    if signal.getsignal(signal.SIGHUP) is not signal.SIG_IGN:
        signal.signal(signal.SIGHUP, _interrupt)


def ignore_further_signals() -> None:
    """Cleaning up must not be cut short by an impatient second Ctrl-C."""
    if threading.current_thread() is threading.main_thread():
        for which in ENDING:
            signal.signal(which, signal.SIG_IGN)


@contextmanager
def uninterrupted() -> Iterator[None]:
    """Signals that arrive inside take effect afterwards. Does nothing outside the main thread,
    which is the only one that signals interrupt."""
    if threading.current_thread() is not threading.main_thread():
        yield
        return
    arrived: list[int] = []
    before = {which: signal.getsignal(which) for which in ENDING}
    for which, handler in before.items():
        if handler is not signal.SIG_IGN:
            signal.signal(which, lambda number, _frame: arrived.append(number))
    try:
        yield
    finally:
        for which, handler in before.items():
            signal.signal(which, handler)
        if arrived:
            signal.raise_signal(arrived[0])


def _interrupt(signum: int, _frame: FrameType | None) -> None:
    raise KeyboardInterrupt(signal.Signals(signum).name)
