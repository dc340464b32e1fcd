"""The sequence of every fault: inject, prove the effect, heal, and prove that it is healed."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager

from confluent_kafka import KafkaException

from support import clock
from support.errors import NotInTime, StackError
from support.faults.timeline import FaultTimeline
from support.interruption import arrived, uninterrupted
from support.stack.lifecycle import PartControl

FAILING = (NotInTime, StackError, KafkaException)
"""The errors that `works_again` raises when the system does not work again."""

SERVES = "serves clients again"
"""The proof that a broker was healed."""


@contextmanager
def injection(
    name: str,
    heal: Callable[[FaultTimeline], object],
    works_again: Callable[[FaultTimeline], object],
    proof: str = SERVES,
    failing: tuple[type[Exception], ...] = FAILING,
) -> Iterator[FaultTimeline]:
    """Heals whatever the body of the `with` breaks, also if the body raises an error.

    The body breaks something, calls `proven_broken()` on the timeline that it gets, and keeps it
    broken for a while. Then `heal` runs, uninterrupted, and after it `works_again`, which raises
    one of `failing` if the system does not work again. Otherwise `proof` is added to the proofs.

    An error of the body is always the one that is raised; an error of healing is only added to it
    as a note. Otherwise an interruption could be hidden by the error of a client whose broker is
    down. After an interruption `works_again` is not called.
    """
    timeline = FaultTimeline(name, injected_ns=clock.now_ns())
    try:
        yield timeline
    except BaseException as error:
        try:
            _heal(timeline, heal)
            if not interrupted_by(error):
                timeline.prove_healed(lambda: works_again(timeline), proof, failing)
        except Exception as trouble:  # noqa: BLE001 - noted
            error.add_note(f"In addition, healing failed: {type(trouble).__name__}: {trouble}")
        raise
    _heal(timeline, heal)
    timeline.prove_healed(lambda: works_again(timeline), proof, failing)


def _heal(timeline: FaultTimeline, heal: Callable[[FaultTimeline], object]) -> None:
    with uninterrupted():
        timeline.heal_begins()
        heal(timeline)


def start_again(part: PartControl) -> None:
    """Starts a process that was stopped.

    If an interruption ended the wait for its graceful stop, the process may still be alive. Then it
    is killed first.
    """
    if part.alive():
        part.kill()
    part.start()


def interrupted_by(error: BaseException) -> bool:
    """Whether an error is the interruption of the run, or was raised in its place."""
    return isinstance(error, KeyboardInterrupt) or bool(arrived())
