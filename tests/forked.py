"""Runs functions at the same time, each in the main thread of a separate process."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from multiprocessing.connection import Connection
from multiprocessing.context import ForkContext, ForkProcess


def forked(jobs: Mapping[str, Callable[[], object]], within_s: float) -> dict[str, object]:
    """Returns job -> its result; None if it died, or did not end in time.

    This process must have no threads: they would not survive a fork, but their locks would.
    """
    fork = ForkContext()
    running = {}
    for name, job in jobs.items():
        ours, theirs = fork.Pipe(duplex=False)
        process = fork.Process(target=_report, args=(job, theirs))
        process.start()
        theirs.close()
        running[name] = process, ours
    return {name: _result(*each, within_s) for name, each in running.items()}


def _result(process: ForkProcess, result: Connection, within_s: float) -> object:
    try:
        return result.recv() if result.poll(within_s) else None
    except EOFError:
        return None
    finally:
        process.kill()


def _report(job: Callable[[], object], result: Connection) -> None:
    result.send(job())
