"""Removes or ends several things: a failure of one does not keep the others."""

from __future__ import annotations

from collections.abc import Callable, Sequence


def remove_each(*removals: Callable[[], object]) -> None:
    """Calls every function, in order. Then raises the first error, if there was one.

    The later errors are its notes. An interruption (KeyboardInterrupt) ends it at once.
    """
    errors: list[Exception] = []
    for remove in removals:
        try:
            remove()
        except Exception as error:  # noqa: BLE001 - raised below
            errors.append(error)
    raise_first(errors)


def raise_first(errors: Sequence[Exception]) -> None:
    """Raises the first of these errors, with the others as its notes; without any, does nothing."""
    if errors:
        for other in errors[1:]:
            errors[0].add_note(f"In addition, {type(other).__name__}: {other}")
        raise errors[0]


def with_notes(error: Exception) -> str:
    """Returns the message of an error, followed by its notes."""
    return "\n".join([str(error), *getattr(error, "__notes__", ())])
