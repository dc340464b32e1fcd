"""Records signals at once, and raises them as KeyboardInterrupt only where that is safe.

A handler that raises an exception at any point loses signals. It may interrupt C code that can't
pass the exception on (librdkafka's clients, when Python frees them), and a SystemError appears much
later. So the handler only sets a mark. The mark is checked in every wait (waiting.py, clock.py,
`interruptible`), and at the beginning and the end of every step. It stays set, so the interruption
takes effect even if an exception is lost.

KeyboardInterrupt is raised once. The clean-up that follows may wait, and ignores further signals.
"""

from __future__ import annotations

import atexit
import os
import signal
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from types import FrameType, TracebackType

ENDING = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)
ANNOUNCED = "\n[{}] ending what was started; a kill -9 would leave it to the next run\n"

INSIST_S = 1.0
"""Longer than any interrupted call needs to end. After that, KeyboardInterrupt is raised again."""


@dataclass
class _Mark:
    name: str = ""
    """The first signal; empty while none has arrived."""
    raised: bool = False
    shields: int = 0
    """Number of active `uninterrupted` blocks of the main thread."""
    region: interruptible | None = None
    """The blocking call of the main thread in which the handler itself may raise."""
    cut: interruptible | None = None
    """The blocking call in which the handler has raised, until that call ends."""


_mark = _Mark()


def listen() -> None:
    """Makes SIGINT, SIGTERM and SIGHUP end the program in an orderly way from now on.

    A signal that is already ignored (SIGHUP under nohup, SIGINT of a background job) stays ignored.
    """
    signal.signal(signal.SIGALRM, _insist)
    for which in ENDING:
        if signal.getsignal(which) is not signal.SIG_IGN:
            signal.signal(which, _note)
    atexit.register(_ignore)


def arrived() -> str:
    """The name of the signal that ends this run; empty while none has arrived.

    If it is not empty, any exception is part of the interruption.
    """
    return _mark.name


def check() -> None:
    """A safe point: raises KeyboardInterrupt if a signal has arrived and was not raised yet.

    Does nothing outside the main thread, and inside `uninterrupted`.
    """
    if _mark.name and not _mark.raised and not _mark.shields and _is_main():
        _mark.raised = True
        raise KeyboardInterrupt(_mark.name)


def ends_waits(already: str) -> bool:
    """Whether a wait of any thread must end. `already`: the signal that arrived before it began."""
    return bool(_mark.name) and not already and not _mark.shields


def end_if_arrived() -> None:
    """Raises KeyboardInterrupt if a signal has arrived, even if it was raised before."""
    if _mark.name:
        _mark.raised = True
        raise KeyboardInterrupt(_mark.name)


def ignore_further_signals() -> None:
    """From now on nothing is interrupted any more; signals are only noted."""
    if _is_main():
        _mark.shields += 1


@contextmanager
def uninterrupted() -> Iterator[None]:
    """A signal that arrives inside takes effect at the first safe point afterwards.

    Does nothing outside the main thread: signals interrupt only that one.
    """
    if not _is_main():
        yield
        return
    _mark.shields += 1
    try:
        yield
    finally:
        _mark.shields -= 1


class interruptible:  # noqa: N801 - used as a statement, like contextlib's
    """Wraps a blocking call, which a signal then ends at once.

    KeyboardInterrupt is raised again if another error replaces it. If Python discards it, because
    a destructor was running, it is raised again after INSIST_S.
    """

    def __enter__(self) -> None:
        self._main = _is_main()
        self._already, self._before = _mark.name, _mark.region
        if self._main:
            check()
            _mark.region = self
            # A signal may have arrived between the two statements.
            if ends_waits(self._already):
                _mark.region = self._before
                check()

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        _traceback: TracebackType | None,
    ) -> None:
        if not self._main:
            return
        _mark.region = self._before
        if _mark.cut is self:
            _mark.cut = None
            signal.setitimer(signal.ITIMER_REAL, 0)
        if ends_waits(self._already) and not isinstance(error, KeyboardInterrupt):
            _mark.raised = True
            raise KeyboardInterrupt(_mark.name) from error


def forget() -> None:
    """Forgets the signal: for a program that continues after an interruption."""
    _mark.name, _mark.raised, _mark.shields, _mark.region = "", False, 0, None


def _note(signum: int, _frame: FrameType | None) -> None:
    if _mark.name:
        return
    _mark.name = signal.Signals(signum).name
    # Not with sys.stderr: it may be in the middle of a write.
    os.write(2, ANNOUNCED.format(_mark.name).encode())
    if _mark.region is not None and not _mark.shields:
        _mark.cut = _mark.region
        signal.setitimer(signal.ITIMER_REAL, INSIST_S, INSIST_S)
        check()


def _ignore() -> None:
    """Ignores a signal while Python ends: it restores the default first, which kills the process,
    and the exit code would no longer say how the program ended."""
    for which in ENDING:
        if signal.getsignal(which) is _note:
            signal.signal(which, signal.SIG_IGN)


def _insist(_signum: int, _frame: FrameType | None) -> None:
    if _mark.cut is None or _mark.region is not _mark.cut or _mark.shields:
        signal.setitimer(signal.ITIMER_REAL, 0)
        return
    raise KeyboardInterrupt(_mark.name)


def _is_main() -> bool:
    return threading.current_thread() is threading.main_thread()
