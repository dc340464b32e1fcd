"""Runs commands of other programs to their end, within a time limit."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path

from support.errors import NotInTime, StackError
from support.stack.processes.supervised import Recipe, Supervised
from support.waiting import wait_until


@dataclass(frozen=True)
class Finished:
    """A command that ended: its exit code, and its output."""

    code: int
    words: str


def run_to_end(
    name: str,
    command: tuple[str, ...],
    folder: Path,
    records: Path,
    within: timedelta,
    *,
    user: str | None = None,
    environment: Mapping[str, str] | None = None,
) -> Finished:
    """Runs a command in `folder`. Raises StackError if it takes longer than `within`.

    Its process is recorded in `records` like every other, and ended by an interruption.
    """
    output = folder / f"{name}.out"
    output.unlink(missing_ok=True)
    recipe = Recipe(name, command, folder, output, user=user, environment=environment)
    process = Supervised(recipe, records)
    process.start()
    try:
        wait_until(
            lambda: not process.alive(),
            bool,
            within,
            f"{name} to finish",
            every=timedelta(milliseconds=20),
        )
        return Finished(process.exit_code, output.read_text(errors="replace"))
    except NotInTime as error:
        raise StackError(f"{name} did not finish in time.", seen=process.tail()) from error
    finally:
        process.close()
