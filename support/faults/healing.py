"""The way out of every fault: healed however it is left, and nothing of the trouble replaced."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager

from support.interruption import arrived, uninterrupted


@contextmanager
def healed(heal: Callable[[], None], prove: Callable[[], None]) -> Iterator[None]:
    """Run `heal` on leaving the body, uninterrupted, then `prove` that it works again.

    What was raised in the body stays what is raised: trouble in healing is only noted on it, or
    an interruption would end as the error of a client whose broker is down. An interrupted run
    does not wait for the proof.
    """
    try:
        yield
    except BaseException as error:
        try:
            with uninterrupted():
                heal()
            if not interrupted_by(error):
                prove()
        except Exception as trouble:  # noqa: BLE001 - noted
            error.add_note(f"Besides, healing failed: {type(trouble).__name__}: {trouble}")
        raise
    with uninterrupted():
        heal()
    prove()


def interrupted_by(error: BaseException) -> bool:
    """Whether an error is the interruption of the run, or came in its place."""
    return isinstance(error, KeyboardInterrupt) or bool(arrived())
